import type { Advance } from "#engine/ports/enrollment-store";
import type { Connection } from "../client";
import {
  type AdvanceParameters,
  advanceParameters,
  CONSUMED_COLUMNS,
  DECISION_COLUMNS,
  ENROLLMENT_COLUMNS,
  INTENT_COLUMNS,
} from "./advance-rows";
import { laterDetails } from "./intent-details";
import { deadLetters } from "./isolate";
import { isReady } from "./ready-intent";
import { recalled } from "./recall-store";
import { rowSet } from "./row-columns";
import { rowsParameter } from "./rows-parameter";
import { whatTheTurnSettles } from "./standing-commit";
import { isWritten } from "./written";

type Fragment = ReturnType<Connection>;

/**
 * Writes turns in ONE statement, each enrollment only if its fence has not moved; whatever lost the race writes nothing at all.
 * One statement, because the driver is known to let statements of a broken transaction escape (a half-written turn would be
 * a contact without a decision, or the other way round). `also` = further members of the statement, each with a comma in front.
 * Returns how many were written.
 */
export async function commitAdvances(
  connection: Connection,
  advances: readonly Advance[],
  also: Fragment = connection``,
): Promise<number> {
  if (advances.length === 0) return 0;
  const rows = advanceParameters(advances);
  const [written] = await connection<{ count: number }[]>`
    with written as (
      update enrollment e set version_id = n.version_id, status = n.status, node_id = n.node_id, step_seq = n.step_seq,
        entered_at = to_timestamp(n.entered_ms / 1000.0), wake_at = to_timestamp(n.wake_ms / 1000.0), attempt = n.attempt,
        pending = n.pending, loop_counts = n.loop_counts, vars = n.vars, exit_reason = n.exit_reason,
        exit_label = n.exit_label, fault = n.fault, despite = coalesce(string_to_array(n.despite, ','), '{}'),
        next_ordinal = n.next_ordinal, fence = e.fence + 1
      from ${enrollmentRows(connection, rows)}
      where e.party_id = n.party_id and e.id = n.id and e.fence = n.fence
      returning e.party_id, e.id, n.shift_ms
    ),
    ${whatTheTurnWants(connection, rows)}
    ${hasSettled(advances) ? whatTheTurnSettles(connection, advances) : connection``}
    ${hasEnded(advances) ? whatTheTurnEnds(connection, rows) : connection``}
    ${hasHeard(advances) ? whatWasHeard(connection, rows) : connection``}
    ${hasBroken(rows) ? whatBroke(connection, rows) : connection``}
    ${also}
    select count(*)::int as count from written`;
  return written?.count ?? 0;
}

/**
 * Most turns of a batch only move on and ask for something; members for which none of them has a row are left out. Each would be
 * planned and begun anyway, and one planned while its table was small would read all of it from then on, for nothing. Few groups, so
 * that the server keeps few statements.
 */
function hasSettled(advances: readonly Advance[]): boolean {
  return advances.some(
    ({ holds, promiseClosed, plan, announced }) =>
      promiseClosed !== null || plan !== null || announced.length + holds.released.length + holds.placed.length > 0,
  );
}

function hasEnded(advances: readonly Advance[]): boolean {
  return advances.some(({ cancelled, shiftIntentsMs }) => cancelled.length > 0 || shiftIntentsMs > 0);
}

function hasHeard(advances: readonly Advance[]): boolean {
  return advances.some(({ consumed, outcomes }) => consumed.length + outcomes.length > 0);
}

function hasBroken({ enrollments, consumed }: AdvanceParameters): boolean {
  return enrollments.some(({ status }) => status === "faulted") || consumed.some(({ status }) => status === "dead");
}

/** Dead letters of turns that faulted and of entries that could not be read. The timer is read as it stood before this statement. */
function whatBroke(connection: Connection, rows: AdvanceParameters) {
  // Few or none: the whole set would travel and be read a second time (measured: a twentieth of the commit).
  const faulted = rows.enrollments.filter(({ status }) => status === "faulted");
  return connection`
    , broken as (${deadLetters(
      connection,
      connection`
        select e.party_id, 'enrollment' as kind, e.id as subject, e.id as enrollment_id, n.fault ->> 'code' as code, e.wake_at,
          to_timestamp(n.now_ms / 1000.0) as at
        from ${rowSet(connection, "n", { columns: ENROLLMENT_COLUMNS, rows: faulted })}
        join enrollment e on e.party_id = n.party_id and e.id = n.id
        where e.status <> 'faulted' and ${isWritten(connection, connection`n.id`)}
        union all
        select i.party_id, 'inbox', i.id::text, i.enrollment_id, c.error, null, i.at
        from ${rowSet(connection, "c", { columns: CONSUMED_COLUMNS, rows: rows.consumed })} join inbox i on i.id = c.id
        where c.status = 'dead' and ${isWritten(connection, connection`c.enrollment_id`)}`,
    )})`;
}

/** Writes new enrollments with everything their first turn wants; an account that is already in is left out whole. */
export async function insertEnrollments(
  connection: Connection,
  advances: readonly Advance[],
  round = 0,
): Promise<number> {
  if (advances.length === 0) return 0;
  const rows = advanceParameters(advances);
  const [written] = await connection<{ count: number }[]>`
    with written as (
      insert into enrollment (party_id, id, account_id, version_id, status, node_id, step_seq, started_at, entered_at,
        wake_at, attempt, pending, loop_counts, vars, exit_reason, exit_label, fault, despite, fence, next_ordinal, round)
      select n.party_id, n.id, n.account_id, n.version_id, n.status, n.node_id, n.step_seq,
        to_timestamp(n.started_ms / 1000.0), to_timestamp(n.entered_ms / 1000.0), to_timestamp(n.wake_ms / 1000.0),
        n.attempt, n.pending, n.loop_counts, n.vars, n.exit_reason, n.exit_label, n.fault,
        coalesce(string_to_array(n.despite, ','), '{}'), 0, n.next_ordinal, ${round}::int
      from ${enrollmentRows(connection, rows)}
      on conflict do nothing
      returning party_id, id
    ),
    ${whatTheTurnWants(connection, rows)}
    ${hasSettled(advances) ? whatTheTurnSettles(connection, advances) : connection``}
    select count(*)::int as count from written`;
  return written?.count ?? 0;
}

function enrollmentRows(connection: Connection, rows: AdvanceParameters) {
  return rowSet(connection, "n", { columns: ENROLLMENT_COLUMNS, rows: rows.enrollments });
}

/** Decisions, requests and exposures. */
function whatTheTurnWants(connection: Connection, rows: AdvanceParameters) {
  return connection`
    logged as (
      insert into decision (party_id, enrollment_id, ordinal, step_seq, node_id, handle, code, detail, facts, at)
      select d.party_id, d.enrollment_id, d.ordinal, d.step_seq, d.node_id, d.handle, d.code, d.detail, d.facts,
        to_timestamp(d.at_ms / 1000.0)
      from ${rowSet(connection, "d", { columns: DECISION_COLUMNS, rows: rows.decisions })}
      where ${isWritten(connection, connection`d.enrollment_id`)}
    )
    ${rows.intents.length > 0 ? whatItAsksFor(connection, rows) : connection``}
    ${rows.arms.length > 0 ? whomItExposes(connection, rows) : connection``}`;
}

function whatItAsksFor(connection: Connection, rows: AdvanceParameters) {
  return connection`
    , asked as (
      insert into intent (party_id, key, enrollment_id, account_id, step_seq, attempt, node_id, kind, channel, content_id,
        lexicon, details, not_before, not_after, state, updated_at)
      select i.party_id, i.key, i.enrollment_id, i.account_id, i.step_seq, i.attempt, i.node_id, i.kind, i.channel,
        i.content_id, i.lexicon, i.details, to_timestamp(i.not_before_ms / 1000.0), to_timestamp(i.not_after_ms / 1000.0), i.state,
        clock_timestamp()
      from ${rowSet(connection, "i", { columns: INTENT_COLUMNS, rows: rows.intents })}
      where ${isWritten(connection, connection`i.enrollment_id`)}
      on conflict (key) do nothing
    )`;
}

function whomItExposes(connection: Connection, rows: AdvanceParameters) {
  return connection`
    , exposed as (
      insert into arm_assignment (party_id, experiment_key, phase, arm, assigned_at)
      select distinct on (a.party_id, a.experiment_key, a.phase) a.party_id, a.experiment_key, a.phase, a.arm,
        to_timestamp(a.at_ms / 1000.0)
      from json_to_recordset(${rowsParameter(rows.arms)}::text::json) as a(enrollment_id text, party_id text, experiment_key text,
        phase int, arm text, at_ms numeric)
      where ${isWritten(connection, connection`a.enrollment_id`)}
      order by a.party_id, a.experiment_key, a.phase
      on conflict do nothing
    )`;
}

/** Requests that must not leave, and deadlines moved by a hold. */
function whatTheTurnEnds(connection: Connection, rows: AdvanceParameters) {
  return connection`
    , cancelled as (
      update intent i set state = 'cancelled', updated_at = clock_timestamp()
      from json_to_recordset(${rows.cancelled}::text::json) as c(enrollment_id text, key text)
      -- Work is called back even when somebody has taken it up; a contact that has left has left.
      where i.key = c.key and ${isWritten(connection, connection`c.enrollment_id`)} and (i.state = 'ready' or (i.kind = 'task' and i.state in ('sending', 'sent')))
    ), called_off as (${recalled(connection, {
      ...{ why: "left", nowMs: connection`c.now_ms` },
      from: connection`json_to_recordset(${rows.cancelled}::text::json) as c(enrollment_id text, party_id text, key text, now_ms float8)
        join contact_attempt a on a.party_id = c.party_id and a.intent_key = c.key`,
      where: connection`${isWritten(connection, connection`c.enrollment_id`)}`,
    })}), shifted as (
      update intent i set not_after = i.not_after + w.shift_ms * interval '1 millisecond',
        details = ${laterDetails(connection, connection`i.details`, connection`w.shift_ms`)}
      from written w
      where w.shift_ms > 0 and i.party_id = w.party_id and i.enrollment_id = w.id
        and (${isReady(connection)} or (i.kind = 'task' and i.state in ('sending', 'sent')))
    )`;
}

/** Inbox entries used up; what contacts came to, each once, the holds that follow, and the numbers that are no use any more. */
function whatWasHeard(connection: Connection, rows: AdvanceParameters) {
  return connection`
    , consumed as (
      update inbox i set status = c.status, error = c.error
      from ${rowSet(connection, "c", { columns: CONSUMED_COLUMNS, rows: rows.consumed })}
      where i.id = c.id and ${isWritten(connection, connection`c.enrollment_id`)}
    ), heard as (
      update contact_attempt a set outcome = o.outcome, connected = o.connected, conversed = o.conversed,
        call_back_at = to_timestamp(o.call_back_ms / 1000.0)
      from json_to_recordset(${rows.outcomes}::text::json) as o(enrollment_id text, intent_key text, outcome text,
        connected boolean, conversed boolean, invalidates boolean, call_back_ms float8)
      where a.intent_key = o.intent_key and a.outcome is null and ${isWritten(connection, connection`o.enrollment_id`)}
      returning a.contact_point_id, o.invalidates
    ), disproved as (
      update contact_point p set status = 'invalid' from heard h
      where h.invalidates and p.id = h.contact_point_id and p.status = 'valid'
    ), held as (
      insert into hold (id, party_id, kind, from_at, until_at, source)
      select 'hold_' || o.intent_key, o.party_id, o.hold, to_timestamp(o.at_ms / 1000.0), null, o.intent_key
      from json_to_recordset(${rows.outcomes}::text::json) as o(enrollment_id text, party_id text, intent_key text,
        hold text, at_ms numeric)
      where o.hold is not null and ${isWritten(connection, connection`o.enrollment_id`)}
      on conflict (id) do nothing
    )`;
}
