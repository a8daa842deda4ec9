import { type CapRule, capOf } from "../statistics/cap";
import type { Sums } from "../statistics/sample";
import { lifeTable } from "../statistics/survival";
import type { ArmPeople, BalanceSums, ExperimentData, MetricSample, MetricSums } from "./data";
import type { ExperimentPlan, MetricPlan } from "./plan";

/** One person in an experiment. Days are counted from any common day; `values` holds `null` where a cell was empty. */
export type ExperimentRow = {
  readonly unit: string;
  readonly arm: string;
  readonly stratum: string;
  /** Day the person first reached the step where the arms differ; `null` = assigned, never exposed. */
  readonly exposedDay: number | null;
  readonly values: { readonly [column: string]: number | null };
};

/** Columns a metric reads. */
export function columnsOf(metric: MetricPlan): readonly string[] {
  switch (metric.kind) {
    case "proportion":
      return [metric.column];
    case "mean":
      return metric.before === undefined ? [metric.column] : [metric.column, metric.before];
    case "ratio":
      return [metric.numerator, metric.denominator];
    case "time":
      return [metric.column, metric.event];
  }
}

/**
 * Sums per arm and stratum of what had matured by `lastDay`. A person found in two arms is taken out of both and counted; a person
 * with several rows in one arm is one person, and their first row speaks.
 */
export function sumRows(rows: readonly ExperimentRow[], plan: ExperimentPlan, lastDay: number): ExperimentData {
  const { kept, inSeveralArms } = onePerPerson(rows);
  const exposed = kept.filter(({ exposedDay }) => exposedDay !== null);
  const firstDay = exposed.reduce((first, { exposedDay }) => Math.min(first, exposedDay ?? first), lastDay);
  return {
    days: lastDay - firstDay,
    people: peopleOf(kept),
    inSeveralArms,
    metrics: plan.metrics.flatMap((metric) => sumMetric(metric, exposed, lastDay)),
    balance: plan.balance.flatMap((column) => sumBalance(column, kept)),
  };
}

function onePerPerson(rows: readonly ExperimentRow[]): {
  readonly kept: readonly ExperimentRow[];
  readonly inSeveralArms: number;
} {
  const first = new Map<string, ExperimentRow>();
  const twice = new Set<string>();
  for (const row of rows) {
    const known = first.get(row.unit);
    if (known === undefined) first.set(row.unit, row);
    else if (known.arm !== row.arm) twice.add(row.unit);
  }
  return { kept: [...first.values()].filter(({ unit }) => !twice.has(unit)), inSeveralArms: twice.size };
}

/** Rows by arm and stratum, in the order they first appear. */
function cellsOf(rows: readonly ExperimentRow[]): readonly (readonly ExperimentRow[])[] {
  const cells = new Map<string, ExperimentRow[]>();
  for (const row of rows) {
    const name = JSON.stringify([row.arm, row.stratum]);
    const cell = cells.get(name);
    if (cell === undefined) cells.set(name, [row]);
    else cell.push(row);
  }
  return [...cells.values()];
}

function peopleOf(rows: readonly ExperimentRow[]): readonly ArmPeople[] {
  return cellsOf(rows).map((cell) => ({
    arm: cell[0]?.arm ?? "",
    stratum: cell[0]?.stratum ?? "",
    assigned: cell.length,
    exposed: cell.filter(({ exposedDay }) => exposedDay !== null).length,
  }));
}

function sumMetric(metric: MetricPlan, exposed: readonly ExperimentRow[], lastDay: number): readonly MetricSums[] {
  const matured = exposed.filter(({ exposedDay }) => (exposedDay ?? lastDay) + metric.windowDays <= lastDay);
  const needed = metric.kind === "mean" ? [metric.column] : columnsOf(metric);
  const isWhole = (row: ExperimentRow): boolean => needed.every((column) => (row.values[column] ?? null) !== null);
  const whole = matured.filter(isWhole);
  // One cap over all arms: a cap per arm would cut a difference between them down.
  const caps = "cap" in metric && metric.cap !== undefined ? capsOf(needed, whole, metric.cap) : null;
  return cellsOf(matured).map((cell) => {
    const [first] = cell;
    const present = cell.filter(isWhole);
    const place = { metric: metric.key, arm: first?.arm ?? "", stratum: first?.stratum ?? "" };
    const missing = cell.length - present.length;
    if (metric.kind === "time") {
      const observed = present.map(({ values }) => ({
        time: values[metric.column] ?? 0,
        event: values[metric.event] === 1,
      }));
      return { ...place, missing, kind: "life-table", table: lifeTable(observed) };
    }
    const read = (limits: Caps | null) => sampleOf(metric, present, limits);
    return { ...place, missing, kind: "sample", sample: read(caps), uncapped: caps === null ? null : read(null) };
  });
}

type Caps = { readonly [column: string]: number };

function capsOf(columns: readonly string[], rows: readonly ExperimentRow[], rule: CapRule): Caps {
  const caps = columns.map((column) => {
    const values = rows.map(({ values }) => values[column] ?? 0);
    return [column, capOf(values, rule) ?? Number.POSITIVE_INFINITY] as const;
  });
  return Object.fromEntries(caps);
}

function sampleOf(
  metric: Exclude<MetricPlan, { kind: "time" }>,
  rows: readonly ExperimentRow[],
  caps: Caps | null,
): MetricSample {
  const column = (name: string): readonly number[] =>
    rows.map(({ values }) => Math.min(values[name] ?? 0, caps?.[name] ?? Number.POSITIVE_INFINITY));
  const n = rows.length;
  switch (metric.kind) {
    case "proportion":
      return { shape: "proportion", n, successes: sumsOf(column(metric.column)).sum };
    case "mean": {
      const after = column(metric.column);
      if (metric.before === undefined) return { shape: "mean", n, ...sumsOf(after) };
      const before = column(metric.before);
      return {
        shape: "adjusted-mean",
        n,
        after: sumsOf(after),
        before: sumsOf(before),
        sumProducts: sumOfProducts(after, before),
      };
    }
    case "ratio": {
      const [numerator, denominator] = [column(metric.numerator), column(metric.denominator)];
      return {
        shape: "ratio",
        n,
        numerator: sumsOf(numerator),
        denominator: sumsOf(denominator),
        sumProducts: sumOfProducts(numerator, denominator),
      };
    }
  }
}

function sumsOf(values: readonly number[]): Sums {
  let sum = 0;
  let sumSquares = 0;
  for (const value of values) {
    sum += value;
    sumSquares += value * value;
  }
  return { sum, sumSquares };
}

function sumOfProducts(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

function sumBalance(column: string, rows: readonly ExperimentRow[]): readonly BalanceSums[] {
  const byArm = new Map<string, number[]>();
  for (const { arm, values } of rows) {
    const value = values[column] ?? null;
    if (value === null) continue;
    const known = byArm.get(arm);
    if (known === undefined) byArm.set(arm, [value]);
    else known.push(value);
  }
  return [...byArm].map(([arm, values]) => ({
    column,
    arm,
    sample: { shape: "mean", n: values.length, ...sumsOf(values) },
  }));
}
