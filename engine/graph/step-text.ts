import type { Content } from "../model/content";
import { type FieldCatalogue, fieldOf } from "../model/facts";
import { inLocale, type Locale, type LocalText } from "../model/locale";
import type { StrategyNode } from "../model/strategy";
import type { AnyNodeDefinition, Handle } from "../nodes/define";
import { conditionSentence } from "./condition-sentence";
import { stepOf } from "./step-data";
import { durationText, fillText, wordOf } from "./words";

/** What the words of a step are made from: the reader's language, labels of facts, titles of texts. */
export type StepWords = {
  readonly locale: Locale;
  readonly fields: FieldCatalogue;
  readonly contents: { readonly [id: string]: Content };
  /** Names of the strategies the document carries, by key. */
  readonly strategies?: { readonly [key: string]: LocalText };
};

/** A code, or several joined by commas, in the type's words; anything else is the author's own text and stays. */
function optionText(definition: AnyNodeDefinition, value: string, locale: Locale): string {
  const options = definition.texts[locale].options;
  const codes = value.split(",");
  if (!codes.every((code) => Object.hasOwn(options, code))) return value;
  return codes.map((code) => options[code] ?? code).join(wordOf(locale, "list.or"));
}

function paramText(definition: AnyNodeDefinition, [name, value]: [string, string | number], words: StepWords): string {
  if (typeof value === "number") return name.endsWith("Minutes") ? durationText(value, words.locale) : String(value);
  if (name === "contentId") {
    const content = Object.hasOwn(words.contents, value) ? words.contents[value] : undefined;
    return content === undefined ? value : inLocale(content.title, words.locale);
  }
  if (name === "fact") {
    const field = fieldOf(words.fields, value);
    return field === undefined ? value : inLocale(field.label, words.locale);
  }
  if (name === "strategy") {
    const names = words.strategies ?? {};
    const strategy = Object.hasOwn(names, value) ? names[value] : undefined;
    return strategy === undefined ? value : inLocale(strategy, words.locale);
  }
  return optionText(definition, value, words.locale);
}

/** The sentence on a step's card: what it will do. Null when its type or data cannot be read. */
export function stepSummary(node: StrategyNode, words: StepWords): string | null {
  const step = stepOf(node);
  if (step === null) return null;
  const { definition, data } = step;
  const { key, params, condition } = definition.summary(data);
  const template = definition.texts[words.locale].summary[key];
  if (template === undefined) return null;
  const values = Object.entries(params).map((param): [string, string] => [
    param[0],
    paramText(definition, param, words),
  ]);
  return fillText(template, {
    ...Object.fromEntries(values),
    ...(condition === undefined ? {} : { condition: conditionSentence(condition, words.fields, words.locale) }),
  });
}

/** What stands at a way on: the author's name for it, else its condition as a sentence, else the type's own word. */
export function handleText(definition: AnyNodeDefinition, handle: Handle, words: StepWords): string {
  if (handle.name !== undefined) return inLocale(handle.name, words.locale);
  if (handle.condition !== undefined) return conditionSentence(handle.condition, words.fields, words.locale);
  if ("text" in handle.label) return handle.label.text;
  return definition.texts[words.locale].handles[handle.label.key] ?? handle.id;
}
