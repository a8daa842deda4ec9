import type { FieldCatalogue } from "../model/facts";
import type { Issue } from "../model/issue";
import { inLocale, type Locale } from "../model/locale";
import type { MarketPack } from "../model/market-pack";
import { definitionOf, nodeDefinitions } from "../nodes";
import { policyTexts } from "../policy/reason-text";
import { conditionSentence } from "./condition-sentence";
import en from "./texts/en.json";
import zh from "./texts/zh-CN.json";
import { fillText, graphWords, wordOf } from "./words";

/** Texts by issue code, and words for values of params by `<param>.<value>`, in every language. */
export type IssueTexts = { readonly [locale in Locale]: { readonly [key: string]: string } };

/** Texts of every issue that reading and linting a document can give, apart from those of the step types. */
export const graphIssueTexts: IssueTexts = { "zh-CN": zh, en };

/** Names of the market's facts, to be given to `issueText`: "逾期天数" reads better than "dpd". */
export function factTexts(fields: FieldCatalogue): IssueTexts {
  const inLanguage = (locale: Locale): { readonly [key: string]: string } =>
    Object.fromEntries(Object.values(fields).map((field) => [`fact.${field.key}`, inLocale(field.label, locale)]));
  return { "zh-CN": inLanguage("zh-CN"), en: inLanguage("en") };
}

/**
 * Names of a market's rules with the source each cites (`law.<id>`), and the words of what they demand, to be given to
 * `issueText`.
 */
export function lawTexts({ rulePacks }: Pick<MarketPack, "rulePacks">): IssueTexts {
  const rules = Object.values(rulePacks).flatMap((pack) => pack.rules);
  const inLanguage = (locale: Locale): { readonly [key: string]: string } => ({
    ...policyTexts[locale],
    ...Object.fromEntries(
      rules.map(({ id, title, source }) => {
        const cited = { law: inLocale(title, locale), source: source.name };
        return [`law.${id}`, fillText(wordOf(locale, "cited.law"), cited)];
      }),
    ),
  });
  return { "zh-CN": inLanguage("zh-CN"), en: inLanguage("en") };
}

function lookUp(dictionaries: readonly IssueTexts[], locale: Locale, key: string): string | undefined {
  for (const dictionary of dictionaries) {
    const texts = dictionary[locale];
    if (Object.hasOwn(texts, key)) return texts[key];
  }
  return undefined;
}

const nodeIssueTexts: readonly IssueTexts[] = nodeDefinitions.map(({ texts }) => ({
  "zh-CN": texts["zh-CN"].issues,
  en: texts.en.issues,
}));

/** The name a step type gives its way on, where the issue says which type it is; else the handle's id. */
function handleName(issue: Issue, locale: Locale): string | undefined {
  const { stepType, handle } = issue.params;
  const names = typeof stepType === "string" ? definitionOf(stepType)?.texts[locale].handles : undefined;
  return names !== undefined && typeof handle === "string" && Object.hasOwn(names, handle) ? names[handle] : undefined;
}

/** The word a step type's form has for a value, where the issue says which type it is or is one of the type's own. */
function optionName(issue: Issue, value: string | number | boolean, locale: Locale): string | undefined {
  const { stepType = issue.code.slice(0, issue.code.indexOf(".")) } = issue.params;
  const options = definitionOf(String(stepType))?.texts[locale].options;
  return options !== undefined && Object.hasOwn(options, String(value)) ? options[String(value)] : undefined;
}

/** The accounts an issue speaks of, as a sentence. */
function exampleWords({ example }: Issue, locale: Locale): { readonly condition?: string } {
  if (example === undefined) return {};
  if (example.when === null) return { condition: wordOf(locale, "sentence.any") };
  const fields = Object.fromEntries(example.fields.map((field) => [field.key, field]));
  return { condition: conditionSentence(example.when, fields, locale) };
}

/**
 * The sentence of an issue in the reader's language. Codes in its params are put into words where there are some
 * (operators, types, ways on). `extra` holds the dictionaries of other rooms, and names of facts (`factTexts`).
 * An issue without a text shows its code and params: a missing text is visible, never an empty line.
 */
export function issueText(issue: Issue, locale: Locale, extra: readonly IssueTexts[] = []): string {
  const dictionaries = [...extra, graphIssueTexts, ...nodeIssueTexts];
  const template = lookUp(dictionaries, locale, issue.code);
  if (template === undefined) {
    return Object.keys(issue.params).length === 0 ? issue.code : `${issue.code} ${JSON.stringify(issue.params)}`;
  }
  const words = [...extra, graphWords];
  const values = Object.entries(issue.params).map(([name, value]): [string, string | number | boolean] => {
    const word = name === "handle" ? handleName(issue, locale) : lookUp(words, locale, `${name}.${value}`);
    return [name, word ?? optionName(issue, value, locale) ?? value];
  });
  return fillText(template, { ...Object.fromEntries(values), ...exampleWords(issue, locale) });
}
