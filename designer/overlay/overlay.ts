import { bundleId } from "../canvas/bundles";

/** What stands at a step or passed it, live or in a simulation. Money is integer minor units of the strategy's currency. */
export type StepFigures = {
  /** Times an account came in. */
  readonly entered: number;
  /** Accounts that stand here. */
  readonly waiting: number;
  /** Times an account went on from here: live in the last 7 days, simulated in the whole run. */
  readonly passed: number;
  /** Paid while accounts stood here. */
  readonly recoveredMinor?: number;
  readonly costMinor?: number;
  /** Accounts whose run broke off here. */
  readonly failures?: number;
};
export type OverlayKind = "live" | "simulated";
export type Overlay = {
  readonly steps: { readonly [nodeId: string]: StepFigures };
  /** Bundle -> times an account went this way, over the same time as `passed`. */
  readonly flows: { readonly [bundleId: string]: number };
};

/** Flows from what is known of steps: where accounts went from each, and how many. */
export function flowsOf(ways: { readonly [from: string]: { readonly [to: string]: number } }): Overlay["flows"] {
  return Object.fromEntries(
    Object.entries(ways).flatMap(([from, to]) =>
      Object.entries(to).map(([target, times]) => [bundleId(from, target), times]),
    ),
  );
}

export const FIGURES = ["waiting", "passed", "recovered", "cost", "failures"] as const;
export type Figure = (typeof FIGURES)[number];

const VALUE: { readonly [figure in Figure]: (figures: StepFigures) => number | undefined } = {
  waiting: ({ waiting }) => waiting,
  passed: ({ passed }) => passed,
  recovered: ({ recoveredMinor }) => recoveredMinor,
  cost: ({ costMinor }) => costMinor,
  failures: ({ failures }) => failures,
};

export const isMoney = (figure: Figure): boolean => figure === "recovered" || figure === "cost";

/** Undefined where it is not known: money in another currency, failures of a simulation. */
export function figureAt(figures: StepFigures, figure: Figure): number | undefined {
  return VALUE[figure](figures);
}

/** Figures that say something of at least one step. */
export function figuresOf({ steps }: Overlay): readonly Figure[] {
  const known = Object.values(steps);
  return FIGURES.filter((figure) => known.some((step) => figureAt(step, figure) !== undefined));
}

export type Scale = {
  /** The largest value of any step; 0 = nothing has happened. */
  readonly most: number;
  /** What a hundred per cent are: all steps together, and of those that passed the ones that came in at the entry. */
  readonly whole: number;
  /** The most that went one way. */
  readonly widest: number;
};

/** What the values of one figure are measured by. */
export function scaleOf(overlay: Overlay, figure: Figure, entry: string): Scale {
  const values = Object.values(overlay.steps).map((step) => figureAt(step, figure) ?? 0);
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    most: Math.max(0, ...values),
    whole: figure === "passed" ? (overlay.steps[entry]?.passed ?? 0) : sum,
    widest: Math.max(0, ...Object.values(overlay.flows)),
  };
}

/** Of every bundle: what part of those who left its step went that way, from 0 to 1. */
export function sharesOf(
  flows: Overlay["flows"],
  bundles: readonly { readonly id: string; readonly source: string }[],
) {
  const left = new Map<string, number>();
  for (const { id, source } of bundles) left.set(source, (left.get(source) ?? 0) + (flows[id] ?? 0));
  const shares = new Map<string, number>();
  for (const { id, source } of bundles) {
    const all = left.get(source) ?? 0;
    if (all > 0) shares.set(id, (flows[id] ?? 0) / all);
  }
  return shares;
}
