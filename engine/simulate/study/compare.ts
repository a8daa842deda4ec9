import type { SimulationResult } from "../result";
import { type FigureName, figuresOf, figuresOver, perFigure } from "./figures";
import { type Interval, intervalOver } from "./interval";

/** Two runs of the same people with the same luck: `own` and the one it is held against. */
export type SeedPair = { readonly own: SimulationResult; readonly against: SimulationResult };

/** What one part of a strategy, or one group of people, has to do with a difference in net money (minor units per run). */
export type Contribution = {
  readonly key: string;
  readonly recovered: Interval;
  readonly cost: Interval;
  readonly net: Interval;
};

export type Comparison = {
  readonly seeds: number;
  readonly own: { readonly [figure in FigureName]: Interval };
  readonly against: { readonly [figure in FigureName]: Interval };
  /**
   * `own` less `against`, seed by seed. Both runs draw the same numbers for the same person and event (design D13), so what luck
   * did to both cancels, and the interval is much narrower than that of two separate runs.
   */
  readonly difference: { readonly [figure in FigureName]: Interval };
  /** How much narrower: standard error of unpaired runs over that of the paired ones, for net; null with one seed. */
  readonly narrower: number | null;
  /** Where the difference comes from, the largest first. Each list sums to the whole difference of money. */
  readonly bySegment: readonly Contribution[];
  readonly byBucket: readonly Contribution[];
  readonly byStep: readonly Contribution[];
};

/** Two versions side by side over some seeds. Throws nothing; an empty list gives empty intervals. */
export function compareRuns(pairs: readonly SeedPair[]): Comparison {
  const own = pairs.map((pair) => figuresOf(pair.own));
  const against = pairs.map((pair) => figuresOf(pair.against));
  const difference = perFigure((name) =>
    intervalOver(own.map((figures, index) => figures[name] - (against[index]?.[name] ?? 0))),
  );
  const before = [intervalOver(own.map(({ net }) => net)), intervalOver(against.map(({ net }) => net))];
  return {
    seeds: pairs.length,
    own: figuresOver(pairs.map((pair) => pair.own)),
    against: figuresOver(pairs.map((pair) => pair.against)),
    difference,
    narrower: narrowing(before, difference.net),
    bySegment: contributions(pairs, ({ groups }) => within(groups, "segment:")),
    byBucket: contributions(pairs, ({ groups }) => within(groups, "bucket:")),
    byStep: contributions(pairs, ({ nodes }) => nodes),
  };
}

type Money = { readonly recoveredMinor: number; readonly costMinor: number };
type MoneyBy = { readonly [key: string]: Money };

function within(groups: SimulationResult["groups"], prefix: string): MoneyBy {
  const own = Object.entries(groups).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, group]) => [key.slice(prefix.length), group]));
}

const NOTHING: Money = { recoveredMinor: 0, costMinor: 0 };

function contributions(
  pairs: readonly SeedPair[],
  moneyOf: (result: SimulationResult) => MoneyBy,
): readonly Contribution[] {
  const sides = pairs.map((pair) => ({ own: moneyOf(pair.own), against: moneyOf(pair.against) }));
  const keys = new Set(sides.flatMap(({ own, against }) => [...Object.keys(own), ...Object.keys(against)]));
  const found = [...keys].sort().map((key): Contribution => {
    const differences = sides.map(({ own, against }) => {
      const [left, right] = [moneyAt(own, key), moneyAt(against, key)];
      return { recovered: left.recoveredMinor - right.recoveredMinor, cost: left.costMinor - right.costMinor };
    });
    return {
      key,
      recovered: intervalOver(differences.map(({ recovered }) => recovered)),
      cost: intervalOver(differences.map(({ cost }) => cost)),
      net: intervalOver(differences.map(({ recovered, cost }) => recovered - cost)),
    };
  });
  return found.sort((left, right) => Math.abs(right.net.mean) - Math.abs(left.net.mean));
}

function moneyAt(money: MoneyBy, key: string): Money {
  return Object.hasOwn(money, key) ? (money[key] ?? NOTHING) : NOTHING;
}

function narrowing(apart: readonly Interval[], paired: Interval): number | null {
  const half = ({ low, high }: Interval): number => (low === null || high === null ? 0 : (high - low) / 2);
  const together = half(paired);
  return together === 0 ? null : Math.hypot(...apart.map(half)) / together;
}
