import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { placeOf } from "#engine/experiment/allocation";
import { analyseExperiment } from "#engine/experiment/analyse";
import type { ExperimentData } from "#engine/experiment/data";
import { ExperimentPlanSchema } from "#engine/experiment/plan";
import { sumRows } from "#engine/experiment/sum-rows";
import { draw } from "#engine/model/draw";
import { openTestDatabase, type TestDatabase } from "../testing";
import { experimentRows, experimentSums, type LedgerQuestion, unknownColumns } from "./experiment";

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
  drawn = await fill();
});
afterAll(() => house.drop());

const PEOPLE = 600;
const WINDOW = 10;
const QUESTION: LedgerQuestion = {
  experimentKey: "robot-first",
  phase: 2,
  currency: "CNY",
  timeZone: "Asia/Shanghai",
  lastDay: "2026-03-31",
};
const LAST_DAY = Date.parse("2026-03-31T00:00:00Z") / 86_400_000;
const PLAN = ExperimentPlanSchema.parse({
  key: "robot-first",
  assignment: "hash-v2",
  method: "fixed",
  arms: [
    { arm: "champion", weight: 5000 },
    { arm: "challenger", weight: 5000 },
  ],
  balance: ["paid_before"],
  metrics: [
    { key: "paid-any", role: "goal", kind: "proportion", column: "paid_any" },
    { key: "paid", role: "secondary", kind: "mean", column: "paid", before: "paid_before", cap: { percentile: 0.9 } },
    {
      key: "cost",
      role: "secondary",
      kind: "ratio",
      numerator: "contact_cost",
      denominator: "paid",
      cap: { percentile: 0.95, ignoreZeros: false },
    },
    { key: "contacts", role: "secondary", kind: "mean", column: "contacts" },
    { key: "complaints", role: "guardrail", kind: "proportion", column: "complained" },
    { key: "time", role: "secondary", kind: "time", column: "days_to_payment", event: "payment_seen" },
  ].map((metric) => ({ better: "higher", windowDays: WINDOW, ...metric })),
});

type Drawn = {
  readonly people: readonly { readonly id: string; readonly day: number }[];
  readonly payments: readonly { party_id: string; amount: number; currency: string; at: string; reversed: boolean }[];
  readonly attempts: readonly { party_id: string; at: string; cost: number }[];
  readonly holds: readonly { id: string; at: string }[];
};
let drawn: Drawn;

const START_MS = Date.UTC(2026, 2, 1);
const DAY_MS = 86_400_000;

/** People exposed through March; payments before and after, reversals, another currency, contacts and complaints. */
async function fill(): Promise<Drawn> {
  const { sql } = house.database;
  const allocation = { seed: "robot-first:2", arms: PLAN.arms, coverage: 10_000, filters: [] };
  const luck = (person: number, kind: string) => draw(7, String(person), kind);
  const at = (day: number) => new Date(START_MS + day * DAY_MS).toISOString();
  const people = Array.from({ length: PEOPLE }, (_, index) => {
    const place = placeOf(allocation, `party_${index}`);
    return { id: `party_${index}`, arm: place.in ? place.arm : "", day: luck(index, "day") * 30 };
  });
  const arms = people.flatMap(({ id, arm, day }) => [
    { party_id: id, experiment_key: "robot-first", phase: 2, arm, at: at(day) },
    { party_id: id, experiment_key: "robot-first", phase: 1, arm: "champion", at: at(day - 40) },
  ]);
  await sql`insert into arm_assignment (party_id, experiment_key, phase, arm, assigned_at)
    select party_id, experiment_key, phase, arm, at::timestamptz from json_to_recordset(${JSON.stringify(arms)}::text::json)
      as a(party_id text, experiment_key text, phase int, arm text, at text)`;
  const payments = people.flatMap(({ id, day }, index) =>
    [0, 1, 2, 3].flatMap((turn) => {
      if (luck(index, `pays:${turn}`) > 0.3) return [];
      const paid = {
        id: `${id}:${turn}`,
        party_id: id,
        amount: Math.ceil(luck(index, `amount:${turn}`) ** 4 * 500_000),
        currency: luck(index, `currency:${turn}`) < 0.1 ? "USD" : "CNY",
        at: at(day + (luck(index, `when:${turn}`) - 0.4) * 30),
        reversed: false,
      };
      return luck(index, `reversed:${turn}`) < 0.2 ? [paid, { ...paid, id: `${paid.id}:r`, reversed: true }] : [paid];
    }),
  );
  await sql`insert into payment (id, party_id, account_id, amount_minor, currency, at, reversed, source)
    select id, party_id, 'acct_' || party_id, amount, currency, at::timestamptz, reversed, 'import'
    from json_to_recordset(${JSON.stringify(payments)}::text::json)
      as p(id text, party_id text, amount bigint, currency text, at text, reversed boolean)`;
  const attempts = people.flatMap(({ id, day }, index) =>
    [0, 1, 2].map((turn) => ({
      party_id: id,
      key: `${id}:${turn}`,
      at: at(day + luck(index, `call:${turn}`) * 15),
      cost: 5 + turn,
    })),
  );
  await sql`insert into contact_attempt (party_id, intent_key, account_id, enrollment_id, contact_point_id, channel, at, connected, conversed, cost_minor, currency)
    select party_id, key, 'acct', 'enr', 'cp', 'robot', at::timestamptz, false, false, cost, 'CNY'
    from json_to_recordset(${JSON.stringify(attempts)}::text::json) as c(party_id text, key text, at text, cost bigint)`;
  const holds = people
    .filter((_, index) => luck(index, "complains") < 0.05)
    .map(({ id, day }) => ({ id, at: at(day + 2) }));
  await sql`insert into hold (id, party_id, kind, from_at, source)
    select 'hold_' || id, id, 'complaint', at::timestamptz, 'test' from json_to_recordset(${JSON.stringify(holds)}::text::json)
      as h(id text, at text)`;
  return { people, payments, attempts, holds };
}

/** What a person's row must say, added up from what was drawn and not from the database. */
function rowOf({ id, day }: Drawn["people"][number]): { readonly [column: string]: number } {
  // To the millisecond, as it was written.
  const from = Date.parse(new Date(START_MS + day * DAY_MS).toISOString());
  const isWithin = (at: string, start: number, end: number) => Date.parse(at) >= start && Date.parse(at) < end;
  const until = from + WINDOW * DAY_MS;
  const own = drawn.payments.filter((payment) => payment.party_id === id && payment.currency === "CNY");
  const net = (start: number, end: number) =>
    own
      .filter(({ at }) => isWithin(at, start, end))
      .reduce((sum, { amount, reversed }) => sum + (reversed ? -amount : amount), 0) / 100;
  const firsts = own
    .filter(({ at, reversed }) => !reversed && isWithin(at, from, until))
    .map(({ at }) => Date.parse(at));
  const calls = drawn.attempts.filter((attempt) => attempt.party_id === id && isWithin(attempt.at, from, until));
  return {
    paid: net(from, until),
    paid_any: net(from, until) > 0 ? 1 : 0,
    paid_before: net(from - WINDOW * DAY_MS, from),
    contacts: calls.length,
    contact_cost: calls.reduce((sum, { cost }) => sum + cost, 0) / 100,
    complained: drawn.holds.some((hold) => hold.id === id) ? 1 : 0,
    days_to_payment: firsts.length === 0 ? WINDOW : Math.floor((Math.min(...firsts) - from) / DAY_MS) + 1,
    payment_seen: firsts.length === 0 ? 0 : 1,
  };
}

/** Numbers of two answers beside each other: sums differ by the order of adding, and by nothing else. */
function expectAlike(found: unknown, expected: unknown, path = ""): void {
  if (typeof expected === "number") {
    expect(Math.abs(Number(found) - expected), path).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
  } else if (typeof expected === "object" && expected !== null) {
    expect(Object.keys(found ?? {}).sort(), path).toEqual(Object.keys(expected).sort());
    for (const [key, value] of Object.entries(expected)) {
      expectAlike((found as { readonly [name: string]: unknown })[key], value, `${path}.${key}`);
    }
  } else expect(found, path).toBe(expected);
}

const sorted = (data: ExperimentData): ExperimentData => ({
  ...data,
  people: [...data.people].sort((left, right) => left.arm.localeCompare(right.arm)),
  metrics: [...data.metrics].sort((left, right) => (left.metric + left.arm).localeCompare(right.metric + right.arm)),
  balance: [...data.balance].sort((left, right) => left.arm.localeCompare(right.arm)),
});

describe("an experiment read off the house's own ledger", () => {
  test("sums in the database are the sums of its rows", async () => {
    const rows = await experimentRows(house.database.sql, QUESTION, WINDOW);
    expect(rows).toHaveLength(PEOPLE);
    const bySql = await experimentSums(house.database.sql, QUESTION, PLAN);
    const byRows = sumRows(rows, PLAN, LAST_DAY);
    // Something of everything is there: payments after a reversal, complaints, people not matured.
    const matured = bySql.metrics.find(({ metric }) => metric === "contacts");
    expect(matured?.kind === "sample" && matured.sample.n < PEOPLE / 2 && matured.sample.n > PEOPLE / 6).toBe(true);
    expectAlike(sorted(bySql), sorted(byRows));
    expectAlike(analyseExperiment(PLAN, bySql), analyseExperiment(PLAN, sorted(byRows)));
  });

  test("rows are what was drawn: in the window, net of reversals, in one currency", async () => {
    const rows = await experimentRows(house.database.sql, QUESTION, WINDOW);
    const found = new Map(rows.map(({ unit, values }) => [unit, values]));
    for (const person of drawn.people) expectAlike(found.get(person.id), rowOf(person), person.id);
    const netZero = rows.filter(({ values }) => values.payment_seen === 1 && values.paid === 0);
    expect(netZero.length).toBeGreaterThan(5);
  });

  test("an experiment nobody is in gives nobody, and foreign columns are named", async () => {
    const none = await experimentSums(house.database.sql, { ...QUESTION, phase: 9 }, PLAN);
    expect([none.people, none.metrics, none.days]).toEqual([[], [], 0]);
    const metrics = [{ ...PLAN.metrics[0], column: "mood" }];
    expect(unknownColumns(ExperimentPlanSchema.parse({ ...PLAN, metrics }))).toEqual(["mood"]);
  });
});
