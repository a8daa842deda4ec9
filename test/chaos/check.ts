import type { Database } from "#db";
import { sealAudit, verifyAudit } from "#db/queries/audit-seal";
import { type Received, receivedIn } from "./history";
import type { Said } from "./house";
import type { Nemesis } from "./nemesis";
import { type Minimum, spreadOf } from "./report";
import { CHAOS_VERSION } from "./strategy";
import { tooLittle } from "./vacuity";
import type { Orphans } from "./watch";
import { breachesOfWitness } from "./witness";

/** A breach of one of the checks C1 to C12; none = it holds. */
export type Findings = { readonly [check: string]: readonly string[] };

export type CheckInput = {
  readonly database: Database;
  readonly history: string;
  readonly nemesis: Nemesis;
  readonly said: Said;
  readonly orphans: Orphans;
  /** Payments that were put in, by dedupe key, minor units. */
  readonly paid: ReadonlyMap<string, number>;
  readonly minimum: Minimum;
};

/** Breaches shown per check. */
const SHOWN_MAX = 5;
const ZONE = "Asia/Shanghai";
/** What was on its way when a pause was placed may still arrive (P8). */
const PAUSE_EFFECTIVE_MS = 2000;

/** Every check over the provider's history and the database. */
export async function checkAll(input: CheckInput): Promise<Findings> {
  const received = receivedIn(input.history);
  const reached = received.filter((line) => line.reached);
  return {
    "C1 one intent per request": await rows(input, c1),
    "C2 provider and intents agree": [
      ...(await rows(input, c2)),
      ...(await strangers(input, reached)),
      ...twice(reached),
    ],
    "C3 decisions dense, steps never backwards": await rows(input, c3),
    "C4 every turn comes to the same again": shown(await breachesOfWitness(input.database)),
    "C5 nobody outside the window": outsideWindow(reached),
    "C6 caps by the provider's history": overCaps(reached),
    "C7 nothing two seconds into a pause": intoPause(reached, input.nemesis),
    "C8 nobody changes version": await rows(input, c8),
    "C9 the ledger holds each payment once": await ledger(input),
    "C10 the audit is whole and sealed": await audit(input),
    "C11 nothing due is left, nobody waits for long": [...(await rows(input, c11)), ...tooLate(input)],
    "C12 everything happened": tooLittle(input, received),
  };
}

type Query = (sql: Database["sql"]) => Promise<readonly { readonly breach: string }[]>;

async function rows({ database }: CheckInput, query: Query): Promise<readonly string[]> {
  return shown((await query(database.sql)).map(({ breach }) => breach));
}

function shown(breaches: readonly string[]): readonly string[] {
  const more = breaches.length - SHOWN_MAX;
  return more > 0 ? [...breaches.slice(0, SHOWN_MAX), `and ${more} more`] : breaches;
}

const c1: Query = (sql) => sql`
  select e.id || ' asked ' || a.asked || ' intents ' || a.intents as breach from enrollment e cross join lateral (
    select (select count(*) from decision d where d.party_id = e.party_id and d.enrollment_id = e.id
        and d.code in ('requested', 'retry-started')) as asked,
      (select count(*) from intent i where i.party_id = e.party_id and i.enrollment_id = e.id) as intents) a
  where a.asked <> a.intents`;

const c2: Query = (sql) => sql`
  select i.key || ' is ' || i.state || ', attempt ' || (a.intent_key is not null) as breach
  from intent i left join contact_attempt a on a.intent_key = i.key
  where i.kind = 'contact' and (i.state in ('sent', 'unknown')) <> (a.intent_key is not null)`;

const c3: Query = (sql) => sql`
  select enrollment_id || ' has ' || count(*) || ' decisions up to ' || max(ordinal) as breach from decision
    group by enrollment_id having count(*) <> max(ordinal) + 1 or min(ordinal) <> 0 or count(distinct ordinal) <> count(*)
  union all
  select d.enrollment_id || ' goes back at ' || d.ordinal from (
    select enrollment_id, ordinal, step_seq, lag(step_seq) over (partition by enrollment_id order by ordinal) as before from decision
  ) d where d.step_seq < d.before and d.before - d.step_seq > 0 and not exists (
    select 1 from decision i where i.enrollment_id = d.enrollment_id and i.ordinal in (d.ordinal, d.ordinal - 1) and i.code like 'ignored%')`;

const c8: Query = (sql) => sql`
  select e.id || ' is in ' || e.version_id as breach from enrollment e where e.version_id <> ${CHAOS_VERSION}
  union all select e.id || ' faulted: ' || coalesce(e.fault ->> 'code', '') from enrollment e where e.status = 'faulted'`;

const c11: Query = (sql) => sql`
  with now as (select anchor_virtual + (clock_timestamp() - anchor_real) * ratio as at from engine_clock)
  select e.id || ' timer' as breach from enrollment e, now where e.status = 'active' and e.wake_at <= now.at
  union all
  select i.dedupe_key || ' inbox' from inbox i left join enrollment e on e.party_id = i.party_id and e.id = i.enrollment_id, now
    where i.status = 'pending' and i.at <= now.at and coalesce(e.status, 'active') not in ('held', 'faulted')
      and not exists (select 1 from hold h where h.party_id = i.party_id and h.until_at is null)
  union all select key || ' sending' from intent where state = 'sending'
  union all select id || ' stop' from stop where phase = 'lifting'`;

/** How much of what is due is left, whatever it is. */
export async function countLeft({ sql }: Database): Promise<number> {
  return (await c11(sql)).length;
}

/** Whoever was reached must have been asked for, and no step believes a contact failed that reached somebody. */
async function strangers({ database }: CheckInput, reached: readonly Received[]): Promise<readonly string[]> {
  const states = new Map(
    (await database.sql<{ key: string; state: string }[]>`select key, state from intent`).map(({ key, state }) => [
      key,
      state,
    ]),
  );
  return shown(
    reached.flatMap(({ key }) => {
      const state = states.get(key);
      return state === "sent" || state === "unknown" ? [] : [`${key} reached somebody and is ${state ?? "not there"}`];
    }),
  );
}

/** The same contact reaching a person twice. */
function twice(reached: readonly Received[]): readonly string[] {
  const seen = new Set<string>();
  return shown(
    reached.flatMap((line) => {
      const again = seen.has(line.key);
      seen.add(line.key);
      return again ? [`${line.key} reached somebody twice (${line.class})`] : [];
    }),
  );
}

function hourIn(ms: number): number {
  return Number(new Intl.DateTimeFormat("en", { timeZone: ZONE, hour: "numeric", hourCycle: "h23" }).format(ms));
}

function dayIn(ms: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(ms);
}

function outsideWindow(reached: readonly Received[]): readonly string[] {
  const outside = reached.filter(({ nowMs }) => hourIn(nowMs) < 8 || hourIn(nowMs) >= 20);
  return shown(outside.map(({ key, nowMs }) => `${key} at ${new Date(nowMs).toISOString()}`));
}

/** Three attempts a person and day, as the rule pack of the run says. */
function overCaps(reached: readonly Received[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { partyId, nowMs } of reached) {
    const day = `${partyId} ${dayIn(nowMs)}`;
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return shown([...counts].filter(([, count]) => count > 3).map(([day, count]) => `${day}: ${count}`));
}

/** By when the engine let go of it: a provider on a busy machine may read a request long after it was put on the line. */
function intoPause(reached: readonly Received[], { pauses }: Nemesis): readonly string[] {
  const inside = reached.flatMap(({ key, handedMs }) => {
    const pause = pauses.find(({ fromMs, untilMs }) => handedMs > fromMs + PAUSE_EFFECTIVE_MS && handedMs < untilMs);
    return pause === undefined ? [] : [`${key} ${handedMs - pause.fromMs} ms into a pause`];
  });
  return shown(inside);
}

async function ledger({ database, paid }: CheckInput): Promise<readonly string[]> {
  const booked = await database.sql<{ id: string; amount_minor: number }[]>`select id, amount_minor from payment`;
  const found = new Map(booked.map(({ id, amount_minor: minor }) => [id.slice("pay_".length), minor]));
  const wrong = [...paid].filter(([key, minor]) => found.get(key) !== minor).map(([key]) => key);
  return found.size === paid.size ? shown(wrong) : [`${found.size} booked, ${paid.size} paid`, ...shown(wrong)];
}

/** Longest a request may lie about once its worker is dead and its lease over, and longest until work goes on, milliseconds. */
const STUCK_MS = 10_000;
const RECOVERY_P99_MS = 30_000;

function tooLate({ orphans, nemesis }: CheckInput): readonly string[] {
  const stuck = orphans.waitedMs.filter((waited) => waited > STUCK_MS);
  const recovery = spreadOf(nemesis.workerRecoveriesMs).p99;
  return [
    ...(stuck.length > 0 ? [`${stuck.length} requests lay about for longer than ${STUCK_MS} ms`] : []),
    ...(recovery > RECOVERY_P99_MS ? [`a place was empty for ${recovery} ms (p99)`] : []),
  ];
}

/** Every row sealed once, in one chain, and none of it is lost. */
async function audit({ database }: CheckInput): Promise<readonly string[]> {
  for (let sealed = 1; sealed > 0; ) sealed = await sealAudit(database);
  const verdict = await verifyAudit(database.sql);
  if (!verdict.ok) return [`row ${verdict.firstBadSeq}: ${verdict.fault}`];
  return verdict.unsealed > 0 || verdict.head.seq === 0
    ? [`${verdict.unsealed} of ${verdict.head.seq} not sealed`]
    : [];
}
