import { setTimeout as delay } from "node:timers/promises";
import type { Connection, Database } from "#db";
import { MONDAY_MORNING_MS } from "#engine/testing/builders";
import { runtimeOn } from "../../app/_server/worker-runtime";
import type { Findings } from "./check";
import { gather, publish, waitingVersion } from "./crowd";
import type { Starter, Worker } from "./house";
import { type Spread, spreadOf } from "./report";
import { onStage } from "./stage";

/**
 * Two bad days that need no faults: everything falls due in the same second, and the workers were away for eighty minutes. Beside the
 * crowd there are others, to whom something happens meanwhile: they must not wait until the crowd is through.
 */
export type ScenarioName = "same-second" | "backlog";

export type ScenarioOptions = { readonly people: number; readonly seed: number };

export type ScenarioReport = ScenarioOptions & {
  readonly scenario: ScenarioName;
  readonly holds: boolean;
  readonly drainMs: number;
  readonly perSecond: number;
  /** Most that was due at once. */
  readonly dueMax: number;
  /** Age of the oldest that was due, by the engine's clock, at its highest. */
  readonly oldestDueAgeMaxSeconds: number;
  /** From an event of somebody else put in until it was heard. */
  readonly othersMs: Spread;
  readonly breaches: Findings;
};

const WORKERS = 2;
const OUTAGE_MS = 80 * 60_000;
/** People beside the crowd; their own timers are far away. */
const OTHERS = 500;
const FAR_MS = 10 * 86_400_000;
const LOOK_MS = 200;
const DRAIN_MAX_MS = 600_000;
/** Longest anybody else waits: a worker takes events and timers in one batch, so a few batches. */
const OTHERS_P99_MS = 10_000;
/** New timers that fall due each second while a backlog is worked off. */
const NEW_PER_SECOND = 50;

type Look = { readonly atMs: number; readonly due: number; readonly newDue: number; readonly oldestMs: number | null };

export function runScenario(scenario: ScenarioName, options: ScenarioOptions): Promise<ScenarioReport> {
  return onStage(options, async ({ database, start }) => {
    const { sql } = database;
    const { people } = options;
    await publish(sql, waitingVersion());
    const isBacklog = scenario === "backlog";
    const spreadMs = isBacklog ? OUTAGE_MS : 0;
    await gather(sql, { from: 0, until: people, fromMs: MONDAY_MORNING_MS - spreadMs, spreadMs });
    await gather(sql, { from: people, until: people + OTHERS, fromMs: MONDAY_MORNING_MS + FAR_MS, spreadMs: 0 });
    await sql.unsafe("vacuum analyze");
    const workers = await startAll(start, options.seed);
    await sql`update engine_clock set mode = 'demo', ratio = 1, anchor_real = clock_timestamp(),
      anchor_virtual = to_timestamp(${MONDAY_MORNING_MS} / 1000.0)`;
    const beside = [disturb(database, people), ...(isBacklog ? [newTimers(sql, people + OTHERS)] : [])];
    const sinceMs = performance.now();
    const looks = await drain(sql, people);
    const drainMs = performance.now() - sinceMs;
    const [others = [], added = []] = await Promise.all(beside.map((one) => one.stop()));
    await until(async () => (await lookAt(sql, people)).newDue === 0);
    for (const { child } of workers) child.kill("SIGTERM");
    await Promise.all(workers.map(({ ended }) => ended));
    const othersMs = spreadOf(others);
    const breaches: Findings = {
      "S1 everybody left once, by one timer": await onceEach(sql, people + added.length),
      "S2 what is due only becomes less": shrinking(looks),
      "S3 the oldest first": oldestFirst(looks),
      "S4 others do not wait for the crowd": slow(othersMs),
    };
    return {
      ...{ scenario, ...options, drainMs: Math.round(drainMs), perSecond: Math.round((people / drainMs) * 1000) },
      holds: Object.values(breaches).every((found) => found.length === 0),
      dueMax: Math.max(...looks.map(({ due }) => due)),
      oldestDueAgeMaxSeconds: Math.round(Math.max(...looks.map(ageOf)) / 1000),
      ...{ othersMs, breaches },
    };
  });
}

async function startAll(start: Starter, seed: number): Promise<readonly Worker[]> {
  const workers = Array.from({ length: WORKERS }, () => start());
  await Promise.all(workers.map(({ ready }) => ready));
  for (const [index, worker] of workers.entries())
    worker.begin({ seed, name: `worker:${index}`, dieAt: null, dieChance: 0 });
  return workers;
}

async function drain(sql: Connection, people: number): Promise<readonly Look[]> {
  const looks: Look[] = [];
  await until(async () => {
    const look = await lookAt(sql, people);
    looks.push(look);
    return look.due === 0;
  });
  return looks;
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + DRAIN_MAX_MS;
  while (performance.now() < untilMs) {
    if (await isDone()) return;
    await delay(LOOK_MS);
  }
}

/** The crowd, those who came due while it was worked off, and the oldest timer of all, by the engine's clock. */
async function lookAt(sql: Connection, people: number): Promise<Look> {
  const [row] = await sql<{ at: number; due: number; new_due: number; oldest: number | null }[]>`
    with now as (select anchor_virtual + (clock_timestamp() - anchor_real) * ratio as at from engine_clock)
    select (extract(epoch from (select at from now)) * 1000)::float8 as at,
      count(*) filter (where substr(e.id, 5)::int < ${people})::int as due,
      count(*) filter (where substr(e.id, 5)::int >= ${people})::int as new_due,
      (extract(epoch from min(e.wake_at)) * 1000)::float8 as oldest
    from enrollment e where e.status = 'active' and e.wake_at <= (select at from now)`;
  return { atMs: row?.at ?? 0, due: row?.due ?? 0, newDue: row?.new_due ?? 0, oldestMs: row?.oldest ?? null };
}

function ageOf({ atMs, oldestMs }: Look): number {
  return oldestMs === null ? 0 : atMs - oldestMs;
}

/** Somebody beside the crowd pays, again and again; how long until it was heard, milliseconds each. */
function disturb(database: Database, people: number): { stop(): Promise<readonly number[]> } {
  const { inbox } = runtimeOn(database, { alarm: () => undefined });
  const { sql } = database;
  return repeating(async (number, isOver) => {
    const n = people + (number % OTHERS);
    const dedupeKey = `other:${number}`;
    const visit = { enrollmentId: null, type: "payment.posted", stepSeq: null, attempt: null } as const;
    const data = { amountMinor: 100, source: "bank" };
    const sinceMs = performance.now();
    await inbox.put([
      { dedupeKey, partyId: `party_${n}`, accountId: `acct_${n}`, atMs: MONDAY_MORNING_MS, ...visit, data },
    ]);
    while (!isOver() || performance.now() - sinceMs < OTHERS_P99_MS) {
      const [left] = await sql<{ count: number }[]>`
        select count(*)::int as count from enrollment where id = ${`enr_${n}`} and status = 'active'`;
      if (left?.count === 0) return performance.now() - sinceMs;
      await delay(20);
    }
    return performance.now() - sinceMs;
  });
}

/** Timers that fall due now, while older ones wait. Returns one number a timer. */
function newTimers(sql: Connection, from: number): { stop(): Promise<readonly number[]> } {
  let next = from;
  return repeating(async () => {
    const at = await lookAt(sql, 0);
    await gather(sql, { from: next, until: next + NEW_PER_SECOND, fromMs: at.atMs, spreadMs: 0 });
    next += NEW_PER_SECOND;
    await delay(1000);
    return Array.from({ length: NEW_PER_SECOND }, () => 0);
  });
}

function repeating(once: (number: number, isOver: () => boolean) => Promise<number | readonly number[]>): {
  stop(): Promise<readonly number[]>;
} {
  let over = false;
  const found: number[] = [];
  const running = (async () => {
    for (let number = 0; !over; number += 1) found.push(...[await once(number, () => over)].flat());
  })();
  return {
    stop: async () => {
      over = true;
      await running;
      return found;
    },
  };
}

async function onceEach(sql: Connection, expected: number): Promise<readonly string[]> {
  const [row] = await sql<{ left: number; elapsed: number; doubled: number }[]>`
    select (select count(*)::int from enrollment where exit_reason = 'handed-to-people') as left,
      (select count(distinct enrollment_id)::int from decision where code = 'elapsed') as elapsed,
      (select count(*)::int from (select 1 from decision where code = 'elapsed' group by enrollment_id having count(*) > 1) d) as doubled`;
  const found = row ?? { left: 0, elapsed: 0, doubled: 0 };
  return found.left === expected && found.elapsed === expected && found.doubled === 0
    ? []
    : [`${found.left} left and ${found.elapsed} timers fired of ${expected}, ${found.doubled} twice`];
}

function shrinking(looks: readonly Look[]): readonly string[] {
  return looks.flatMap((look, index) => {
    const before = looks[index - 1];
    return before !== undefined && look.due > before.due ? [`${before.due} due, then ${look.due}`] : [];
  });
}

function oldestFirst(looks: readonly Look[]): readonly string[] {
  return looks.flatMap((look, index) => {
    const before = looks[index - 1]?.oldestMs ?? null;
    return before !== null && look.oldestMs !== null && look.oldestMs < before
      ? [`the oldest became older by ${before - look.oldestMs} ms`]
      : [];
  });
}

function slow({ p99, count }: Spread): readonly string[] {
  if (count === 0) return ["nothing happened to others"];
  return p99 > OTHERS_P99_MS ? [`others waited ${p99} ms (p99)`] : [];
}
