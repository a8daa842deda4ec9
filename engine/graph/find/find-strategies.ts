import { strategyCatalogue } from "../../condition/catalogue";
import { LOCALES, type Locale, type LocalText } from "../../model/locale";
import type { MarketPack } from "../../model/market-pack";
import type { StrategyDoc } from "../../model/strategy";
import { nameOfStep } from "../diff/reading";
import { type Found, findIndex, findSteps } from "./find-steps";

/** Strategies an answer lists, and steps of each; the rest is counted. More than anybody reads: the search is narrowed then. */
export const STRATEGIES_FOUND_MAX = 40;
export const STEPS_FOUND_MAX = 12;

/** A document that is searched: the draft of a strategy, or the version of it that runs. */
export type SearchedStrategy = {
  readonly key: string;
  /** Number of the version; null = the draft. */
  readonly version: number | null;
  readonly doc: StrategyDoc;
  readonly pack: MarketPack;
};

/** A step that was found, and why. */
export type StepFound = Pick<Found, "strategy" | "in" | "words"> & {
  readonly nodeId: string;
  readonly name: string;
  readonly type: string;
};

export type StrategyFound = {
  readonly key: string;
  readonly name: LocalText;
  readonly version: number | null;
  /** Whether the strategy itself is called so. */
  readonly named: boolean;
  readonly steps: readonly StepFound[];
  /** Steps found beyond those listed. */
  readonly more: number;
};

export type StrategiesFound = { readonly strategies: readonly StrategyFound[]; readonly more: number };

/**
 * Where something is said in any of many strategies: what steps and strategies are called, step types (pinyin too), wording of the
 * texts they send, fields they ask and notes. In the order given, those that are called so first. Bounded; pure.
 */
export function findInStrategies(
  searched: readonly SearchedStrategy[],
  search: string,
  locale: Locale,
): StrategiesFound {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return { strategies: [], more: 0 };
  const found = searched.flatMap((one) => foundIn(one, wanted, locale));
  const ordered = found.toSorted((left, right) => Number(right.named) - Number(left.named));
  return {
    strategies: ordered.slice(0, STRATEGIES_FOUND_MAX),
    more: Math.max(ordered.length - STRATEGIES_FOUND_MAX, 0),
  };
}

function foundIn(
  { key, version, doc, pack }: SearchedStrategy,
  wanted: string,
  locale: Locale,
): readonly StrategyFound[] {
  const own = Object.fromEntries(doc.contents.map((content) => [content.id, content]));
  const words = {
    locale,
    fields: strategyCatalogue(pack.fields, doc.settings, []),
    contents: { ...pack.contents, ...own },
  };
  const steps = findSteps(findIndex(doc, words), wanted);
  const names = [key, ...LOCALES.map((known) => doc.name[known] ?? "")];
  const named = names.some((name) => name.toLowerCase().includes(wanted));
  if (!named && steps.length === 0) return [];
  const listed = steps.slice(0, STEPS_FOUND_MAX).map((step): StepFound => {
    const { node, strategy } = step;
    return {
      nodeId: node.id,
      name: nameOfStep(node, locale),
      type: node.type,
      strategy,
      in: step.in,
      words: step.words,
    };
  });
  return [{ key, name: doc.name, version, named, steps: listed, more: steps.length - listed.length }];
}
