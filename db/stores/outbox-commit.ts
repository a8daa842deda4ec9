import type { EpochMs } from "#engine/model/time";
import {
  GATE_FAILURES_MAX,
  GATE_RETRY_MS,
  type GateDecision,
  type IntentState,
  type ReadyIntent,
  type Settlement,
} from "#engine/ports/outbox";
import type { Connection } from "../client";
import { inboxRows } from "./inbox-store";
import { deadLetters } from "./isolate";
import { isReady } from "./ready-intent";
import { rowSet } from "./row-columns";

/**
 * Real seconds a worker has between reserving a request and writing what came back: the longest a question to another system may
 * take (30 s) and the database deadline (35 s) with room to spare. After it the request counts as left by a dead worker.
 */
export const LEASE_SECONDS = 90;

/** Who holds work that lies open in the house. */
const HOUSE = "house";

function providerOf(decision: GateDecision): string | null {
  if (decision.kind === "send") return decision.reservation.provider;
  if (decision.kind === "hand-over") return decision.provider;
  return decision.kind === "open" ? HOUSE : null;
}

const STATE_AFTER = {
  send: "sending",
  "hand-over": "sending",
  open: "sent",
  defer: "ready",
  deny: "denied",
  broken: "ready",
  answered: "sent",
} as const satisfies {
  readonly [kind in GateDecision["kind"]]: IntentState;
};
const STATE_SETTLED = { sent: "sent", unknown: "unknown", failed: "failed", retry: "ready" } as const satisfies {
  readonly [kind in Settlement["kind"]]: IntentState;
};

/** Of a request the commit needs its key and whose it is. */
type Owned = Pick<ReadyIntent, "subject"> & { readonly intent: Pick<ReadyIntent["intent"], "key"> };

type Gate = {
  readonly decisions: readonly GateDecision[];
  readonly ready: readonly Owned[];
  readonly nowMs: EpochMs;
  readonly leaseSeconds: number;
};

const DECIDED_COLUMNS = {
  key: "text",
  party_id: "text",
  account_id: "text",
  enrollment_id: "text",
  state: "text",
  not_before_ms: "epoch",
  reasons: "jsonb",
  broken: "text",
  at_ms: "epoch",
  provider: "text",
  contact_point_id: "text",
  notice: "text",
  channel: "text",
  currency: "text",
} as const;

const SETTLED_COLUMNS = {
  key: "text",
  state: "text",
  lease_ms: "epoch",
  took_nothing: "boolean",
  provider_ref: "text",
  cost_minor: "bigint",
  not_before_ms: "epoch",
  ask_after_ms: "epoch",
  reasons: "jsonb",
} as const;

/** Writes what the gate said, in one statement. Requests cancelled meanwhile keep that. Returns the keys that were written and the lease. */
export async function commitGateDecisions(connection: Connection, gate: Gate) {
  const { leaseSeconds } = gate;
  const lastsMs = leaseSeconds * 1000;
  if (gate.decisions.length === 0) return { keys: new Set<string>(), lease: { untilMs: 0, lastsMs } };
  const subjects = new Map(gate.ready.map((one) => [one.intent.key, one.subject]));
  const rows = gate.decisions.map((decision) => ({
    key: decision.key,
    party_id: subjects.get(decision.key)?.partyId,
    account_id: subjects.get(decision.key)?.accountId,
    enrollment_id: subjects.get(decision.key)?.enrollmentId,
    state: STATE_AFTER[decision.kind],
    not_before_ms: decision.kind === "defer" ? decision.untilMs : null,
    reasons: decision.reasons,
    broken: decision.kind === "broken" ? decision.code : null,
    at_ms: gate.nowMs,
    provider: providerOf(decision),
    contact_point_id: decision.kind === "send" ? decision.reservation.contactPointId : null,
    notice: decision.kind === "send" ? (decision.reservation.notice ?? null) : null,
    channel: decision.kind === "send" ? decision.reservation.channel : null,
    currency: decision.kind === "send" ? decision.reservation.currency : null,
  }));
  const answers = gate.decisions.flatMap(({ key, inbox }) => inbox.map((entry) => ({ ...entry, intentKey: key })));
  const moved = await connection<{ key: string; lease_ms: number }[]>`
    with lease as (
      select date_trunc('milliseconds', clock_timestamp() + ${leaseSeconds} * interval '1 second') as until
    ), moved as (
      update intent i set reasons = d.reasons, provider = d.provider,
        state = case when d.broken is not null and i.failures + 1 >= ${GATE_FAILURES_MAX} then 'failed' else d.state end,
        failures = case when d.broken is null then 0 else i.failures + 1 end,
        not_before = case when d.broken is null then coalesce(to_timestamp(d.not_before_ms / 1000.0), i.not_before)
          else to_timestamp(d.at_ms / 1000.0) + ${GATE_RETRY_MS} * interval '1 millisecond' * power(2, i.failures) end,
        lease_until = case when d.state = 'sending' then (select until from lease) end,
        updated_at = clock_timestamp()
      from ${rowSet(connection, "d", { columns: DECIDED_COLUMNS, rows })}
      where i.party_id = d.party_id and i.key = d.key and ${isReady(connection)}
      returning d.*, i.failures
    ), set_aside as (${deadLetters(
      connection,
      connection`select m.party_id, 'intent' as kind, m.key as subject, m.enrollment_id, m.broken as code,
        null::timestamptz as wake_at, to_timestamp(m.at_ms / 1000.0) as at
        from moved m where m.broken is not null and m.failures >= ${GATE_FAILURES_MAX}`,
    )}), reserved as (
      insert into contact_attempt (party_id, intent_key, account_id, enrollment_id, contact_point_id, channel, at, outcome,
        connected, conversed, cost_minor, currency, notice)
      select m.party_id, m.key, m.account_id, m.enrollment_id, m.contact_point_id, m.channel,
        to_timestamp(m.at_ms / 1000.0), null, false, false, 0, m.currency, m.notice
      from moved m where m.contact_point_id is not null
    ), told as (
      insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, step_seq, attempt, data)
      select n.dedupe_key, n.party_id, n.enrollment_id, n.account_id, n.type, to_timestamp(n.at_ms / 1000.0), n.step_seq,
        n.attempt, coalesce(n.data, 'null'::jsonb)
      from ${inboxRows(connection, answers)} where (n.intent_key in (select m.key from moved m)) is true
      on conflict (dedupe_key) do nothing
    )
    select key, (select extract(epoch from until) * 1000 from lease)::float8 as lease_ms from moved`;
  return { keys: new Set(moved.map((row) => row.key)), lease: { untilMs: moved[0]?.lease_ms ?? 0, lastsMs } };
}

/** Writes what providers said, in one statement; the first answer for a contact counts. Returns how many were written. */
export async function commitSettlements(connection: Connection, settlements: readonly Settlement[]): Promise<number> {
  if (settlements.length === 0) return 0;
  const rows = settlements.map((settlement) => ({
    key: settlement.key,
    state: STATE_SETTLED[settlement.kind],
    lease_ms: settlement.leaseUntilMs ?? null,
    took_nothing: settlement.kind === "failed" || settlement.kind === "retry",
    provider_ref: settlement.kind === "sent" ? settlement.providerRef : null,
    cost_minor: settlement.kind === "sent" ? settlement.costMinor : 0,
    not_before_ms: settlement.kind === "retry" ? settlement.notBeforeMs : null,
    ask_after_ms: settlement.kind === "unknown" ? settlement.askAgainMs : null,
    reasons: settlement.kind === "failed" || settlement.kind === "retry" ? settlement.reasons : null,
  }));
  const answers = settlements.flatMap(({ key, inbox }) => inbox.map((entry) => ({ ...entry, intentKey: key })));
  const [settled] = await connection<{ count: number }[]>`
    with moved as (
      update intent i set state = d.state, provider_ref = d.provider_ref, cost_minor = d.cost_minor,
        unclear = i.unclear + (d.state = 'unknown')::int, ask_after = to_timestamp(d.ask_after_ms / 1000.0),
        reasons = case when d.took_nothing then d.reasons else i.reasons end, lease_until = null,
        not_before = coalesce(to_timestamp(d.not_before_ms / 1000.0), i.not_before), updated_at = clock_timestamp()
      from ${rowSet(connection, "d", { columns: SETTLED_COLUMNS, rows })}
      where i.key = d.key and (i.state = 'sending' or (i.state = 'unknown' and d.state = 'sent'))
        and (not d.took_nothing or d.lease_ms is null or i.lease_until = to_timestamp(d.lease_ms / 1000.0))
      returning i.key, d.took_nothing, d.cost_minor
    ), costed as (
      update contact_attempt a set cost_minor = m.cost_minor from moved m where a.intent_key = m.key and not m.took_nothing
    ), released as (
      delete from contact_attempt a using moved m where a.intent_key = m.key and m.took_nothing
    ), told as (
      insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, step_seq, attempt, data)
      select n.dedupe_key, n.party_id, n.enrollment_id, n.account_id, n.type, to_timestamp(n.at_ms / 1000.0), n.step_seq,
        n.attempt, coalesce(n.data, 'null'::jsonb)
      from ${inboxRows(connection, answers)} where (n.intent_key in (select m.key from moved m)) is true
      on conflict (dedupe_key) do nothing
    )
    select count(*)::int as count from moved`;
  return settled?.count ?? 0;
}
