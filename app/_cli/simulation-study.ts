import type { Locale } from "#engine/model/locale";
import type { Money } from "#engine/model/money";
import type { SimulationResult } from "#engine/simulate/result";
import { type Comparison, type Contribution, compareRuns } from "#engine/simulate/study/compare";
import { FIGURES, type FigureName, figuresOver, hasNet } from "#engine/simulate/study/figures";
import type { Interval } from "#engine/simulate/study/interval";
import type { Speaker } from "./language";
import { moneyText } from "./money-text";

/** Runs of one strategy over several seeds, and those of another one over the same seeds where it is held against one. */
export type Study = {
  readonly own: readonly SimulationResult[];
  readonly against: readonly SimulationResult[];
};

/** Shares that explain most of a difference; the rest is in the JSON. */
const PARTS_SHOWN = 5;

export function studyJson({ own, against }: Study) {
  const comparison = comparisonOf({ own, against });
  return JSON.parse(
    JSON.stringify({
      seeds: own.map(({ seed }) => seed),
      figures: figuresOver(own),
      ...(comparison && { comparison }),
    }),
  );
}

function comparisonOf({ own, against }: Study): Comparison | null {
  const pairs = own.flatMap((result, index) => {
    const other = against[index];
    return other === undefined ? [] : [{ own: result, against: other }];
  });
  return pairs.length === 0 ? null : compareRuns(pairs);
}

/** Every figure with its interval, beside the other strategy's and the paired difference where there is one. */
export function studyLines(study: Study, words: Speaker): readonly string[] {
  const [first] = study.own;
  if (first === undefined) return [];
  const comparison = comparisonOf(study);
  if (comparison === null && study.own.length < 2) return [];
  const figures = figuresOver(study.own);
  const shown = FIGURES.filter((name) => name !== "net" || hasNet(first));
  const textOf = textsOf(first, words.locale);
  const lines = shown.map((name) => {
    const figure = words.say(`simulate.figure.${name}`);
    const own = textOf(name, figures[name]);
    if (comparison === null) return words.say("simulate.figure-line", { figure, own });
    const against = textOf(name, comparison.against[name]);
    const difference = textOf(name, comparison.difference[name]);
    return words.say("simulate.figure-compared", { figure, own, against, difference });
  });
  return [
    words.say("simulate.seeds", { seeds: study.own.length }),
    ...lines,
    ...(comparison === null ? [] : originLines(comparison, { words, textOf })),
  ];
}

type TextOf = (name: FigureName, interval: Interval) => string;

function originLines(comparison: Comparison, { words, textOf }: { readonly words: Speaker; readonly textOf: TextOf }) {
  const listed = (parts: readonly Contribution[]): string =>
    parts
      .slice(0, PARTS_SHOWN)
      .filter(({ net }) => net.mean !== 0)
      .map(({ key, net }) => `${key} ${textOf("net", net)}`)
      .join(" · ") || "–";
  return [
    words.say("simulate.origin", { by: words.say("simulate.by-step"), parts: listed(comparison.byStep) }),
    words.say("simulate.origin", { by: words.say("simulate.by-segment"), parts: listed(comparison.bySegment) }),
    words.say("simulate.origin", { by: words.say("simulate.by-bucket"), parts: listed(comparison.byBucket) }),
  ];
}

const PERCENT = 100;
const DIGITS = 2;
const RATES: ReadonlySet<FigureName> = new Set<FigureName>(["cureRate", "rollRate"]);

function textsOf({ recovered, cost }: SimulationResult, locale: Locale): TextOf {
  const currencies: { readonly [name in FigureName]?: Money["currency"] } = {
    recovered: recovered.currency,
    cost: cost.currency,
    net: cost.currency,
    smsSpendPerDay: cost.currency,
  };
  return (name, { mean, low, high }) => {
    const currency = currencies[name];
    const text = (value: number): string => {
      if (currency !== undefined) return moneyText({ minor: Math.round(value), currency }, locale);
      return RATES.has(name) ? `${(PERCENT * value).toFixed(DIGITS)}%` : value.toFixed(DIGITS);
    };
    return low === null || high === null ? text(mean) : `${text(mean)} [${text(low)}, ${text(high)}]`;
  };
}
