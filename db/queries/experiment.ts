import type { ArmPeople, ExperimentData, MetricSums } from "#engine/experiment/data";
import type { ExperimentPlan, MetricPlan } from "#engine/experiment/plan";
import { columnsOf, type ExperimentRow } from "#engine/experiment/sum-rows";
import { InvariantError } from "#engine/model/invariant";
import type { Currency } from "#engine/model/money";
import type { LocalDate, TimeZone } from "#engine/model/time";
import type { MeanSample } from "#engine/statistics/sample";
import type { LifeRow } from "#engine/statistics/survival";
import type { Connection } from "../client";

/**
 * What the house itself knows of a person in an experiment, from the moment their arm was written, for as many days as a metric's
 * window. Money is in whole units of the question's currency, net of reversals; other currencies are left out.
 */
export const LEDGER_COLUMNS = [
  "paid",
  "paid_any",
  "paid_before",
  "contacts",
  "contact_cost",
  "complained",
  "days_to_payment",
  "payment_seen",
] as const;
export type LedgerColumn = (typeof LEDGER_COLUMNS)[number];

export type LedgerQuestion = {
  readonly experimentKey: string;
  readonly phase: number;
  readonly currency: Currency;
  /** Days are those of this zone. */
  readonly timeZone: TimeZone;
  /** Last whole day the ledger is asked about. */
  readonly lastDay: LocalDate;
};

const isLedgerColumn = (column: string): column is LedgerColumn => LEDGER_COLUMNS.some((known) => known === column);

/** Columns of a plan that the house does not know by itself. */
export function unknownColumns(plan: ExperimentPlan): readonly string[] {
  return [...plan.metrics.flatMap(columnsOf), ...plan.balance].filter((column) => !isLedgerColumn(column));
}

/** One column of one person `e`, over `days` from their assignment. Never null. */
function columnSql(
  connection: Connection,
  column: LedgerColumn,
  { currency, days }: { readonly currency: Currency; readonly days: number },
) {
  const net = connection`case when y.reversed then -y.amount_minor else y.amount_minor end`;
  const own = connection`y.party_id = e.party_id and y.currency = ${currency}`;
  const until = connection`e.assigned_at + ${days} * interval '1 day'`;
  const paid = connection`coalesce((select sum(${net}) from payment y
    where ${own} and y.at >= e.assigned_at and y.at < ${until}), 0)`;
  const first = connection`(select min(y.at) from payment y
    where ${own} and not y.reversed and y.at >= e.assigned_at and y.at < ${until})`;
  const attempts = connection`from contact_attempt y where y.party_id = e.party_id and y.at >= e.assigned_at and y.at < ${until}`;
  switch (column) {
    case "paid":
      return connection`${paid} / 100.0`;
    case "paid_any":
      return connection`(${paid} > 0)::int::numeric`;
    case "paid_before":
      return connection`coalesce((select sum(${net}) from payment y where ${own} and y.at < e.assigned_at
        and y.at >= e.assigned_at - ${days} * interval '1 day'), 0) / 100.0`;
    case "contacts":
      return connection`(select count(*) ${attempts})::numeric`;
    case "contact_cost":
      return connection`coalesce((select sum(y.cost_minor) ${attempts} and y.currency = ${currency}), 0) / 100.0`;
    case "complained":
      return connection`(exists (select 1 from hold y where y.party_id = e.party_id and y.kind = 'complaint'
        and y.from_at >= e.assigned_at and y.from_at < ${until}))::int::numeric`;
    case "days_to_payment":
      // A payment on the first day took one day: nobody is cured before the experiment began.
      return connection`least(${days}, coalesce(floor(extract(epoch from ${first} - e.assigned_at) / 86400) + 1, ${days}))::numeric`;
    case "payment_seen":
      return connection`(${first} is not null)::int::numeric`;
  }
}

/** Persons of the phase with their day of exposure, which is the day their arm was written. */
function exposedSql(connection: Connection, { experimentKey, phase, timeZone }: LedgerQuestion) {
  return connection`select party_id, arm, assigned_at, (assigned_at at time zone ${timeZone})::date as day
    from arm_assignment where experiment_key = ${experimentKey} and phase = ${phase}`;
}

function known(column: string): LedgerColumn {
  if (isLedgerColumn(column)) return column;
  throw new InvariantError("experiment.ledger-column", { column });
}

/** Sums per arm, made where the rows are: `analyseExperiment` takes them as they come. Ask `unknownColumns` first. */
export async function experimentSums(
  connection: Connection,
  question: LedgerQuestion,
  plan: ExperimentPlan,
): Promise<ExperimentData> {
  const people = await connection<{ arm: string; people: number; days: number }[]>`
    with e as (${exposedSql(connection, question)})
    select arm, count(*)::int as people, (${question.lastDay}::date - min(min(day)) over ())::int as days from e group by arm order by arm`;
  const metrics: MetricSums[] = [];
  for (const metric of plan.metrics) metrics.push(...(await metricSums(connection, question, metric)));
  const balance: { column: string; arm: string; sample: MeanSample }[] = [];
  for (const column of plan.balance) {
    const days = plan.metrics[0]?.windowDays ?? 0;
    const rows = await sampleSums(connection, question, { columns: [known(column)], days, isMaturedOnly: false });
    balance.push(
      ...rows.map((row) => ({ column, arm: row.arm, sample: { shape: "mean" as const, n: row.n, ...row.first } })),
    );
  }
  return {
    days: people[0]?.days ?? 0,
    people: people.map(
      (each): ArmPeople => ({ arm: each.arm, stratum: "", assigned: each.people, exposed: each.people }),
    ),
    // The key of a row is the person: nobody can stand in two arms.
    inSeveralArms: 0,
    metrics,
    balance,
  };
}

async function metricSums(
  connection: Connection,
  question: LedgerQuestion,
  metric: MetricPlan,
): Promise<readonly MetricSums[]> {
  if (metric.kind === "time") return lifeTables(connection, question, metric);
  const columns = columnsOf(metric).map(known);
  const asked = { columns, days: metric.windowDays, isMaturedOnly: true };
  const cap = "cap" in metric ? metric.cap : undefined;
  // What was paid before is there to explain, not to be cut.
  const capped = metric.kind === "ratio" ? [true, true] : [true, false];
  const plain = await sampleSums(connection, question, asked);
  const cut = cap === undefined ? null : await sampleSums(connection, question, { ...asked, cap: { ...cap, capped } });
  return plain.map((row) => ({
    metric: metric.key,
    arm: row.arm,
    stratum: "",
    missing: 0,
    kind: "sample",
    sample: sampleOf(metric, cut?.find(({ arm }) => arm === row.arm) ?? row),
    uncapped: cut === null ? null : sampleOf(metric, row),
  }));
}

type SumsRow = {
  readonly arm: string;
  readonly n: number;
  readonly first: { readonly sum: number; readonly sumSquares: number };
  readonly second: { readonly sum: number; readonly sumSquares: number };
  readonly sumProducts: number;
};

function sampleOf(
  metric: Exclude<MetricPlan, { kind: "time" }>,
  { n, first, second, sumProducts }: SumsRow,
): Extract<MetricSums, { kind: "sample" }>["sample"] {
  switch (metric.kind) {
    case "proportion":
      return { shape: "proportion", n, successes: first.sum };
    case "mean":
      return metric.before === undefined
        ? { shape: "mean", n, ...first }
        : { shape: "adjusted-mean", n, after: first, before: second, sumProducts };
    case "ratio":
      return { shape: "ratio", n, numerator: first, denominator: second, sumProducts };
  }
}

type Asked = {
  readonly columns: readonly LedgerColumn[];
  readonly days: number;
  readonly isMaturedOnly: boolean;
  readonly cap?: { readonly percentile: number; readonly ignoreZeros: boolean; readonly capped: readonly boolean[] };
};

/** Sums of one or two columns per arm; caps are percentiles over all arms (`percentile_cont`). */
async function sampleSums(connection: Connection, question: LedgerQuestion, asked: Asked): Promise<readonly SumsRow[]> {
  const { columns, days, isMaturedOnly, cap } = asked;
  const value = (index: number) => {
    const column = columns[index];
    return column === undefined ? connection`0::numeric` : columnSql(connection, column, { ...question, days });
  };
  const limit = (index: number, name: Fragment): Fragment => {
    if (cap === undefined || cap.capped[index] !== true) return connection`'Infinity'::float8`;
    const counted = cap.ignoreZeros ? connection`where ${name} <> 0` : connection``;
    return connection`coalesce((select percentile_cont(${cap.percentile}) within group (order by ${name}) from p ${counted}), 'Infinity')`;
  };
  const matured = isMaturedOnly ? connection`where e.day + ${days}::int <= ${question.lastDay}::date` : connection``;
  const rows = await connection<{ arm: string; n: number; x: number; xx: number; y: number; yy: number; xy: number }[]>`
    with e as (${exposedSql(connection, question)}),
    p as materialized (select e.arm, (${value(0)})::float8 as x, (${value(1)})::float8 as y from e ${matured}),
    caps as materialized (select ${limit(0, connection`x`)} as x_cap, ${limit(1, connection`y`)} as y_cap),
    c as (select arm, least(x, x_cap) as x, least(y, y_cap) as y from p, caps)
    select arm, count(*)::int as n, sum(x) as x, sum(x * x) as xx, sum(y) as y, sum(y * y) as yy, sum(x * y) as xy
    from c group by arm order by arm`;
  return rows.map(({ arm, n, x, xx, y, yy, xy }) => ({
    arm,
    n,
    first: { sum: x, sumSquares: xx },
    second: { sum: y, sumSquares: yy },
    sumProducts: xy,
  }));
}

type Fragment = ReturnType<Connection>;

async function lifeTables(
  connection: Connection,
  question: LedgerQuestion,
  metric: Extract<MetricPlan, { kind: "time" }>,
): Promise<readonly MetricSums[]> {
  const asked = { ...question, days: metric.windowDays };
  const rows = await connection<{ arm: string; time: number; events: number; censored: number }[]>`
    with e as (${exposedSql(connection, question)}),
    p as (select e.arm, (${columnSql(connection, known(metric.column), asked)})::float8 as time,
        ${columnSql(connection, known(metric.event), asked)} = 1 as seen
      from e where e.day + ${metric.windowDays}::int <= ${question.lastDay}::date)
    select arm, time, (count(*) filter (where seen))::int as events, (count(*) filter (where not seen))::int as censored
    from p group by arm, time order by arm, time`;
  const byArm = new Map<string, LifeRow[]>();
  for (const { arm, ...row } of rows) byArm.set(arm, [...(byArm.get(arm) ?? []), row]);
  return [...byArm].map(([arm, table]) => ({
    metric: metric.key,
    arm,
    stratum: "",
    missing: 0,
    kind: "life-table",
    table,
  }));
}

const DAY_MS = 86_400_000;

/** One row a person with every column over `days`, by party: what the sums are made of, to be recomputed elsewhere. */
export async function experimentRows(
  connection: Connection,
  question: LedgerQuestion,
  days: number,
): Promise<readonly ExperimentRow[]> {
  const columns = LEDGER_COLUMNS.map((column) => columnSql(connection, column, { ...question, days }));
  const [first = connection`null`, ...rest] = columns;
  const list = rest.reduce((all, column) => connection`${all}, (${column})::float8`, connection`(${first})::float8`);
  const rows = await connection<{ party_id: string; arm: string; day: string; cells: (number | null)[] }[]>`
    with e as (${exposedSql(connection, question)})
    select e.party_id, e.arm, e.day::text as day, array[${list}] as cells from e order by e.party_id`;
  return rows.map(({ party_id, arm, day, cells }) => ({
    unit: party_id,
    arm,
    stratum: "",
    exposedDay: Date.parse(`${day}T00:00:00Z`) / DAY_MS,
    values: Object.fromEntries(LEDGER_COLUMNS.map((column, index) => [column, cells[index] ?? null])),
  }));
}
