import { inLocale, type Locale } from "../../model/locale";
import type { MarketPack } from "../../model/market-pack";
import type { StrategyDoc, StrategyNode } from "../../model/strategy";
import { SETTINGS } from "../diff/document-shapes";
import { type DiffReading, type Drawn, diffWord, nameOfStep, readingOf } from "../diff/reading";
import { dataShape } from "../diff/shapes";
import { type Difference, differences, type Given, type Shape } from "../diff/structure";
import { stepOf } from "../step-data";
import { handleText, stepSummary } from "../step-text";

/** A line of the book: what it is about, and what is laid down. */
export type BookLine = { readonly label: string; readonly text: string };

export type BookStep = {
  readonly id: string;
  readonly name: string;
  /** What kind of step it is. */
  readonly type: string;
  readonly summary: string | null;
  readonly note: string | null;
  readonly lines: readonly BookLine[];
  /** Ways on and the steps they lead to. */
  readonly ways: readonly BookLine[];
};

export type BookChapter = { readonly title: string | null; readonly steps: readonly BookStep[] };

/** A strategy written out: for a committee, an auditor or a file. */
export type RuleBook = {
  readonly title: string;
  readonly description: string | null;
  readonly settings: readonly BookLine[];
  /** The strategy itself, then those inside it. */
  readonly chapters: readonly BookChapter[];
  readonly texts: readonly BookLine[];
};

/**
 * Everything a strategy lays down, in the words of its forms and in one language: every field of every step, every row of every table, every
 * text of its own. Taken apart exactly as changes are, so that the book and the review call the same thing by the same name.
 */
export function ruleBook(doc: StrategyDoc, pack: MarketPack, locale: Locale): RuleBook {
  const whole: Drawn = { nodes: doc.nodes, edges: doc.edges, entry: doc.entry, variables: doc.settings.variables };
  const reading = readingOf(doc, whole, pack)(locale);
  const { description } = doc;
  return {
    title: inLocale(doc.name, locale),
    description: description === undefined ? null : inLocale(description, locale),
    settings: linesOf(SETTINGS, JSON.parse(JSON.stringify(doc.settings)), reading),
    chapters: [
      { title: null, steps: stepsOf(whole, reading) },
      ...doc.strategies.map((strategy) => ({
        title: inLocale(strategy.name, locale),
        steps: stepsOf(strategy, readingOf(doc, strategy, pack)(locale)),
      })),
    ],
    texts: doc.contents.map(({ title, text }) => ({ label: inLocale(title, locale), text: inLocale(text, locale) })),
  };
}

/** Everything a value holds, told as what came against nothing. */
function linesOf(shape: Shape, value: Given, reading: DiffReading): readonly BookLine[] {
  return differences(shape, { before: {}, after: value }).map((difference) => ({
    label: labelOf(difference, reading),
    text: difference.after === undefined ? "" : difference.tell(difference.after, reading),
  }));
}

function labelOf({ labels }: Difference, reading: DiffReading): string {
  return labels
    .filter(({ silent }, index) => silent !== true || index === labels.length - 1)
    .map((label) => label(reading))
    .join(diffWord(reading.locale, "place-separator"));
}

/** Steps in the order an account may come to them, from the entry; those nothing leads to stand last. */
function inOrder({ nodes, edges, entry }: Drawn): readonly StrategyNode[] {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const seen = new Set<string>([entry.node]);
  for (const id of seen) for (const { from, to } of edges) if (from.node === id) seen.add(to);
  const reached = [...seen].flatMap((id) => known.get(id) ?? []);
  return [...reached, ...nodes.filter(({ id }) => !seen.has(id))];
}

function stepsOf(drawn: Drawn, reading: DiffReading): readonly BookStep[] {
  return inOrder(drawn).map((node) => bookStep(node, drawn, reading));
}

function bookStep(node: StrategyNode, { edges }: Drawn, reading: DiffReading): BookStep {
  const step = stepOf(node);
  const { id, note } = node;
  const name = nameOfStep(node, reading.locale);
  const head = { id, name, summary: stepSummary(node, reading), note: note ?? null };
  if (step === null) return { ...head, type: node.type, lines: [], ways: [] };
  const { definition, data } = step;
  const texts = definition.texts[reading.locale];
  const value = JSON.parse(JSON.stringify(data));
  const shape = dataShape(definition, { before: {}, after: value });
  return {
    ...head,
    type: texts.title,
    lines: linesOf(shape, value, { ...reading, options: texts.options }),
    ways: definition.handles(data).map((handle) => ({
      label: handleText(definition, handle, reading),
      text: edges
        .filter(({ from }) => from.node === id && from.handle === handle.id)
        .map(({ to }) => reading.stepName(to))
        .join(" / "),
    })),
  };
}
