import { strategyCatalogue } from "../../condition/catalogue";
import { type FieldCatalogue, fieldOf } from "../../model/facts";
import { inLocale, type Locale } from "../../model/locale";
import type { MarketPack } from "../../model/market-pack";
import type { StrategyDoc, StrategyNode } from "../../model/strategy";
import { type StrategyVariable, variableFact } from "../../model/variable";
import { definitionOf } from "../../nodes";
import { stepOf } from "../step-data";
import type { StepWords } from "../step-text";
import { fillText } from "../words";
import en from "./texts/en.json";
import zh from "./texts/zh-CN.json";

export type DiffWord = keyof typeof zh;
const TEXTS: { readonly [locale in Locale]: { readonly [word in DiffWord]: string } } = { "zh-CN": zh, en };

export function diffWord(
  locale: Locale,
  word: DiffWord,
  values: { readonly [name: string]: string | number } = {},
): string {
  return fillText(TEXTS[locale][word], values);
}

/** What one of the two documents is read with: labels of its facts, titles of its texts, names of its steps. */
export type DiffReading = StepWords & {
  readonly currency: StrategyDoc["settings"]["currency"];
  /** Words of the step type that is spoken of, for its choices. */
  readonly options: { readonly [value: string]: string };
  readonly stepName: (id: string) => string;
};

/** A drawing: the document's own, or that of a strategy inside it. */
export type Drawn = Pick<StrategyDoc, "nodes" | "edges" | "entry"> & {
  readonly variables: readonly StrategyVariable[];
};

/** The name the author gave a step, else that of its type. */
export function nameOfStep(node: StrategyNode, locale: Locale): string {
  if (node.name !== undefined) return inLocale(node.name, locale);
  return definitionOf(node.type)?.texts[locale].title ?? node.type;
}

/** Everything the conditions of a drawing may ask. */
function fieldsOf(doc: StrategyDoc, drawn: Drawn, pack: MarketPack): FieldCatalogue {
  const provided = [...doc.nodes, ...drawn.nodes].flatMap((node) => {
    const step = stepOf(node);
    return step === null ? [] : (step.definition.provides?.(step.data) ?? []);
  });
  return strategyCatalogue(pack.fields, { variables: [...drawn.variables], fields: doc.settings.fields }, provided);
}

export type ReadingMaker = (locale: Locale) => DiffReading;

export function readingOf(doc: StrategyDoc, drawn: Drawn, pack: MarketPack): ReadingMaker {
  const fields = fieldsOf(doc, drawn, pack);
  const contents = { ...pack.contents, ...Object.fromEntries(doc.contents.map((content) => [content.id, content])) };
  const strategies = Object.fromEntries(doc.strategies.map(({ key, name }) => [key, name]));
  const nodes = new Map(drawn.nodes.map((node) => [node.id, node]));
  return (locale) => ({
    locale,
    fields,
    contents,
    strategies,
    currency: doc.settings.currency,
    options: {},
    stepName: (id) => {
      const node = nodes.get(id);
      return node === undefined ? id : nameOfStep(node, locale);
    },
  });
}

export function factName(fact: string, { fields, locale }: DiffReading): string {
  const field = fieldOf(fields, fact);
  return field === undefined ? fact : inLocale(field.label, locale);
}

export function variableName(name: string, reading: DiffReading): string {
  return name === "" ? diffWord(reading.locale, "none") : factName(variableFact(name), reading);
}
