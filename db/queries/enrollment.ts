import type { DecisionCode, EnrollmentStatus } from "#engine/model/execution";
import type { ExitReason } from "#engine/model/exit-reason";
import type { AccountId, EnrollmentId, PartyId, StrategyVersionId } from "#engine/model/ids";
import type { Currency, Money } from "#engine/model/money";
import { drawnStepId } from "#engine/model/program";
import type { EpochMs } from "#engine/model/time";
import type { Connection } from "../client";

/** What happened at one step of a version so far. */
export type StepCounts = {
  readonly nodeId: string;
  /** Times the step was entered. */
  readonly entered: number;
  /** Accounts standing there now, held ones included. */
  readonly waiting: number;
  readonly held: number;
  /** Accounts that cannot go on from here by themselves: their run has broken off. */
  readonly faulted: number;
  /** Times the step was left since the instant that was asked about. */
  readonly leftLately: number;
  /** Step on the canvas -> times an account went there from here, ever and lately. */
  readonly wentTo: { readonly [nodeId: string]: Passages };
  readonly contacts: number;
  /** Paid to providers for contacts of this step. */
  readonly cost: readonly Money[];
  /** Paid by people while their account stood at this step. A correlation, not a proof that the step brought it. */
  readonly recovered: readonly Money[];
};

export type Passages = { readonly times: number; readonly lately: number };

export type RunSummary = {
  readonly enrolled: number;
  readonly byStatus: { readonly [status in EnrollmentStatus]: number };
  readonly exits: { readonly [reason in ExitReason]?: number };
};

type MoneyRow = { node_id: string; currency: Currency; minor: number };

/** Decisions that end an enrollment where it stands, without a handle. */
const LAST_CODES: readonly DecisionCode[] = [
  "exit",
  "strategy-exit",
  "horizon",
  "stopped",
  "exit-requested",
  "re-entered",
];

/** The step on the canvas that a row's step belongs to (`drawnStepId`). */
const drawn = (connection: Connection, nodeId: Fragment): Fragment => connection`split_part(${nodeId}, '/', 1)`;

type Fragment = ReturnType<Connection>;

/**
 * Counts and money of every step of a version, by the id of the step on the canvas: parts of a step, and steps of a strategy in
 * it, count as it. Steps nobody reached are missing. Lately is since `sinceMs`. A visit is counted by the one decision that left the part it begins with, or
 * by the account that still stands there: one pass over the log, nothing sorted.
 */
export async function countsPerStep(
  connection: Connection,
  { versionId, sinceMs }: { readonly versionId: StrategyVersionId; readonly sinceMs: EpochMs },
): Promise<ReadonlyMap<string, StepCounts>> {
  const ways = await waysTaken(connection, versionId, sinceMs);
  const standing = await connection<
    { node_id: string; here: number; waiting: number; held: number; faulted: number }[]
  >`
    select ${drawn(connection, connection`node_id`)} as node_id, (count(*) filter (where strpos(node_id, '/') = 0))::int as here,
      (count(*) filter (where status <> 'faulted'))::int as waiting, (count(*) filter (where status = 'held'))::int as held,
      (count(*) filter (where status = 'faulted'))::int as faulted
    from enrollment where version_id = ${versionId} and status <> 'exited' and fault ->> 'code' is distinct from 'step-limit'
    group by 1`;
  const cost = await costPerStep(connection, versionId);
  const recovered = await recoveredPerStep(connection, versionId);
  const at = new Map(standing.map((row) => [row.node_id, row]));
  return new Map(
    [...new Set([...ways.keys(), ...at.keys()])].map((nodeId) => [
      nodeId,
      {
        nodeId,
        entered: (ways.get(nodeId)?.left.times ?? 0) + (at.get(nodeId)?.here ?? 0),
        leftLately: ways.get(nodeId)?.left.lately ?? 0,
        wentTo: ways.get(nodeId)?.wentTo ?? {},
        faulted: at.get(nodeId)?.faulted ?? 0,
        waiting: at.get(nodeId)?.waiting ?? 0,
        held: at.get(nodeId)?.held ?? 0,
        contacts: cost.filter((row) => row.node_id === nodeId).reduce((sum, row) => sum + row.contacts, 0),
        cost: moneyAt(cost, nodeId),
        recovered: moneyAt(recovered, nodeId),
      },
    ]),
  );
}

type Ways = { left: Passages; readonly wentTo: { [nodeId: string]: Passages } };
const NO_PASSAGE: Passages = { times: 0, lately: 0 };

/**
 * How often each step on the canvas was left, and for which other: a decision with a handle leads where the Program says. The
 * parts of a step lead among themselves until one leads out of it.
 */
async function waysTaken(connection: Connection, versionId: StrategyVersionId, sinceMs: EpochMs) {
  const rows = await connection<(Passages & { node_id: string; target: string | null })[]>`
    with way as (
      -- The Program is unpacked once, not for every way.
      select s.key as node_id, h.key as handle, h.value as target
      from strategy_version v, jsonb_each(v.program -> 'steps') s, jsonb_each_text(s.value -> 'handles') h
      where v.id = ${versionId}
    )
    select c.node_id, c.times, c.lately, w.target from (
      select d.node_id, d.handle, count(*)::int as times,
        (count(*) filter (where d.at >= to_timestamp(${sinceMs} / 1000.0)))::int as lately
      from decision d join enrollment e on e.party_id = d.party_id and e.id = d.enrollment_id
      ${cameOver(connection, versionId)}
      where e.version_id = ${versionId} and d.ordinal > coalesce(c.ordinal, -1)
        and (d.handle is not null or (d.code in ${connection([...LAST_CODES])} and strpos(d.node_id, '/') = 0))
      group by d.node_id, d.handle
    ) c left join way w on w.node_id = c.node_id and w.handle = c.handle`;
  const ways = new Map<string, Ways>();
  for (const { node_id: stepId, target, ...passed } of rows) {
    const from = drawnStepId(stepId);
    const way = ways.get(from) ?? { left: NO_PASSAGE, wentTo: {} };
    if (from === stepId) way.left = sumOf(way.left, passed);
    const to = target === null ? from : drawnStepId(target);
    if (to !== from) way.wentTo[to] = sumOf(way.wentTo[to] ?? NO_PASSAGE, passed);
    ways.set(from, way);
  }
  return ways;
}

const sumOf = (left: Passages, right: Passages): Passages => ({
  times: left.times + right.times,
  lately: left.lately + right.lately,
});

/** Since which decision an account that was moved here has been on this version (`c.ordinal`); the others since their first. */
function cameOver(connection: Connection, versionId: StrategyVersionId): Fragment {
  return connection`left join (select m.party_id, m.enrollment_id, max(m.ordinal) as ordinal from version_move m
    where m.to_version_id = ${versionId} group by 1, 2) c on c.party_id = e.party_id and c.enrollment_id = e.id`;
}

function moneyAt(rows: readonly MoneyRow[], nodeId: string): readonly Money[] {
  return rows.flatMap((row) => (row.node_id === nodeId ? [{ minor: row.minor, currency: row.currency }] : []));
}

/** Contacts and what they cost, and what other requests cost (in the currency of the strategy). */
async function costPerStep(connection: Connection, versionId: StrategyVersionId) {
  return connection<(MoneyRow & { contacts: number })[]>`
    select node_id, currency, sum(contacts)::int as contacts, sum(minor)::float8 as minor from (
      select ${drawn(connection, connection`i.node_id`)} as node_id, a.currency, count(*) as contacts, sum(a.cost_minor) as minor
      from enrollment e
      join contact_attempt a on a.party_id = e.party_id and a.enrollment_id = e.id
      join intent i on i.party_id = a.party_id and i.key = a.intent_key
      where e.version_id = ${versionId} group by 1, 2
      union all
      select ${drawn(connection, connection`i.node_id`)}, v.program -> 'settings' ->> 'currency', 0, sum(i.cost_minor)
      from strategy_version v join enrollment e on e.version_id = v.id
      join intent i on i.party_id = e.party_id and i.enrollment_id = e.id and i.kind <> 'contact' and i.cost_minor > 0
      where v.id = ${versionId} group by 1, 2
    ) costs group by node_id, currency order by node_id, currency`;
}

/** A payment belongs to the step of the last decision before it; payments before entry or after the end belong to none. */
async function recoveredPerStep(connection: Connection, versionId: StrategyVersionId) {
  return connection<MoneyRow[]>`
    select ${drawn(connection, connection`at.node_id`)} as node_id, p.currency,
      sum(case when p.reversed then -p.amount_minor else p.amount_minor end)::float8 as minor
    from enrollment e
    join payment p on p.party_id = e.party_id and p.account_id = e.account_id and p.at >= e.started_at
    join lateral (
      select d.node_id, d.code from decision d
      where d.party_id = e.party_id and d.enrollment_id = e.id and d.at <= p.at order by d.ordinal desc limit 1
    ) at on at.code not in ('exit', 'strategy-exit', 'horizon', 'stopped', 'exit-requested')
    where e.version_id = ${versionId} group by 1, 2 order by 1, 2`;
}

export async function runSummary(connection: Connection, versionId: StrategyVersionId): Promise<RunSummary> {
  const rows = await connection<{ status: EnrollmentStatus; exit_reason: ExitReason | null; count: number }[]>`
    select status, exit_reason, count(*)::int as count from enrollment where version_id = ${versionId}
    group by status, exit_reason order by status, exit_reason`;
  const byStatus = { active: 0, paused: 0, held: 0, exited: 0, faulted: 0 };
  const exits: { [reason in ExitReason]?: number } = {};
  for (const row of rows) {
    byStatus[row.status] += row.count;
    if (row.exit_reason !== null) exits[row.exit_reason] = row.count;
  }
  return { enrolled: rows.reduce((sum, row) => sum + row.count, 0), byStatus, exits };
}

export type AccountAtStep = {
  readonly accountId: AccountId;
  readonly accountNo: string;
  readonly enrollmentId: EnrollmentId;
  readonly status: EnrollmentStatus;
  readonly enteredAtMs: EpochMs;
  readonly wakeAtMs: EpochMs | null;
  readonly attempt: number;
  readonly overdue: Money;
};
export type StepPage = {
  readonly versionId: StrategyVersionId;
  readonly nodeId: string;
  /** Those that wait there, held ones included, or those whose run broke off there. */
  readonly which: "waiting" | "faulted";
  /** Accounts after this one; null = from the beginning. */
  readonly after: AccountId | null;
  readonly limit: number;
};

type AtStepRow = {
  account_id: AccountId;
  account_no: string;
  id: EnrollmentId;
  status: EnrollmentStatus;
  entered_ms: number;
  wake_ms: number | null;
  attempt: number;
  overdue_minor: number;
  currency: Currency;
};

const STATUSES: { readonly [which in StepPage["which"]]: readonly EnrollmentStatus[] } = {
  waiting: ["active", "paused", "held"],
  faulted: ["faulted"],
};

/** Accounts standing at a step of the canvas now, by account id. */
export async function accountsAtStep(connection: Connection, page: StepPage): Promise<readonly AccountAtStep[]> {
  const rows = await connection<AtStepRow[]>`
    select e.account_id, a.account_no, e.id, e.status, (extract(epoch from e.entered_at) * 1000)::float8 as entered_ms,
      (extract(epoch from e.wake_at) * 1000)::float8 as wake_ms, e.attempt, a.overdue_minor::float8 as overdue_minor, a.currency
    from enrollment e join account a on a.id = e.account_id
    where e.version_id = ${page.versionId} and ${drawn(connection, connection`e.node_id`)} = ${page.nodeId} and e.status in ${connection([...STATUSES[page.which]])}
      and e.account_id > ${page.after ?? ""}
    order by e.account_id limit ${page.limit}`;
  return rows.map((row) => ({
    accountId: row.account_id,
    accountNo: row.account_no,
    enrollmentId: row.id,
    status: row.status,
    enteredAtMs: row.entered_ms,
    wakeAtMs: row.wake_ms,
    attempt: row.attempt,
    overdue: { minor: row.overdue_minor, currency: row.currency },
  }));
}

export type AccountEnrollment = {
  readonly enrollmentId: EnrollmentId;
  readonly partyId: PartyId;
  readonly versionId: StrategyVersionId;
  readonly versionNumber: number;
  readonly strategyKey: string;
  readonly status: EnrollmentStatus;
  readonly nodeId: string;
  readonly startedAtMs: EpochMs;
  readonly enteredAtMs: EpochMs;
  readonly wakeAtMs: EpochMs | null;
  readonly exit: ExitReason | null;
  readonly fault: string | null;
};

type AccountEnrollmentRow = {
  id: EnrollmentId;
  party_id: PartyId;
  version_id: StrategyVersionId;
  number: number;
  key: string;
  status: EnrollmentStatus;
  node_id: string;
  started_ms: number;
  entered_ms: number;
  wake_ms: number | null;
  exit_reason: ExitReason | null;
  fault: string | null;
};

/** Where an account stands, in every strategy it is or was in; the latest first. */
export async function enrollmentsOfAccount(
  connection: Connection,
  accountId: AccountId,
): Promise<readonly AccountEnrollment[]> {
  const rows = await connection<AccountEnrollmentRow[]>`
    select e.id, e.party_id, e.version_id, v.number, s.key, e.status, e.node_id,
      (extract(epoch from e.started_at) * 1000)::float8 as started_ms,
      (extract(epoch from e.entered_at) * 1000)::float8 as entered_ms,
      (extract(epoch from e.wake_at) * 1000)::float8 as wake_ms, e.exit_reason, e.fault ->> 'code' as fault
    from enrollment e join strategy_version v on v.id = e.version_id join strategy s on s.id = v.strategy_id
    where e.account_id = ${accountId} order by e.started_at desc, e.id`;
  return rows.map((row) => ({
    enrollmentId: row.id,
    partyId: row.party_id,
    versionId: row.version_id,
    versionNumber: row.number,
    strategyKey: row.key,
    status: row.status,
    nodeId: row.node_id,
    startedAtMs: row.started_ms,
    enteredAtMs: row.entered_ms,
    wakeAtMs: row.wake_ms,
    exit: row.exit_reason,
    fault: row.fault,
  }));
}
