import { ownHoldsOf } from "#engine/model/hold-id";
import type { Advance } from "#engine/ports/enrollment-store";
import type { Connection } from "../client";
import { inboxRows } from "./inbox-store";
import { rowsParameter } from "./rows-parameter";
import { isWritten } from "./written";

/**
 * What a turn does to the party's holds, the account's promise and plan, and what it announces for later, as members of the
 * statement that writes the turn, a comma in front. `written` holds the enrollments whose turn counts.
 */
export function whatTheTurnSettles(connection: Connection, advances: readonly Advance[]) {
  const released = advances.flatMap(({ subject, holds, nowMs }) =>
    holds.released.map((kind) => ({ ...ownerOf(subject), kind, own: ownHoldsOf(subject.enrollmentId), at_ms: nowMs })),
  );
  const placed = advances.flatMap(({ subject, holds }) =>
    holds.placed.map(({ id, kind, fromMs, untilMs }) => ({
      ...ownerOf(subject),
      ...{ id, kind, from_ms: fromMs, until_ms: untilMs },
    })),
  );
  return connection`
    , ended as (
      update hold h set until_at = greatest(h.from_at, to_timestamp(r.at_ms / 1000.0))
      from json_to_recordset(${rowsParameter(released)}::text::json) as r(enrollment_id text, party_id text, kind text,
        own text, at_ms numeric)
      where ${isWritten(connection, connection`r.enrollment_id`)} and h.party_id = r.party_id and h.kind = r.kind and starts_with(h.id, r.own) and h.from_at <= to_timestamp(r.at_ms / 1000.0)
        and (h.until_at is null or h.until_at > to_timestamp(r.at_ms / 1000.0))
    ), placed as (
      insert into hold (id, party_id, kind, from_at, until_at, source)
      select p.id, p.party_id, p.kind, to_timestamp(p.from_ms / 1000.0), to_timestamp(p.until_ms / 1000.0), p.enrollment_id
      from json_to_recordset(${rowsParameter(placed)}::text::json) as p(enrollment_id text, party_id text, id text,
        kind text, from_ms numeric, until_ms numeric)
      where ${isWritten(connection, connection`p.enrollment_id`)}
      on conflict (id) do nothing
    ),
    ${promiseAndPlan(connection, advances)},
    announced as (
      insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, step_seq, attempt, data)
      select n.dedupe_key, n.party_id, n.enrollment_id, n.account_id, n.type, to_timestamp(n.at_ms / 1000.0), n.step_seq,
        n.attempt, coalesce(n.data, 'null'::jsonb)
      from ${inboxRows(
        connection,
        advances.flatMap(({ announced }) => announced),
      )} where ${isWritten(connection, connection`n.enrollment_id`)}
      on conflict (dedupe_key) do nothing
    )`;
}

function ownerOf({ enrollmentId, partyId }: Advance["subject"]) {
  return { enrollment_id: enrollmentId, party_id: partyId };
}

/** What was paid stands in the promise from its end on; how a plan stands is reckoned whenever it is asked. */
function promiseAndPlan(connection: Connection, advances: readonly Advance[]) {
  const closed = advances.flatMap(({ subject, promiseClosed, nowMs }) =>
    promiseClosed === null
      ? []
      : [{ ...ownerOf(subject), account_id: subject.accountId, result: promiseClosed, at_ms: nowMs }],
  );
  const plans = advances.flatMap(({ subject, plan }) =>
    plan === null
      ? []
      : [
          {
            ...ownerOf(subject),
            account_id: subject.accountId,
            ...{ id: plan.id, instalments: plan.instalments, instalment_minor: plan.instalmentMinor },
            ...{ first_due: plan.firstDue, opened_ms: plan.openedAtMs },
          },
        ],
  );
  return connection`
    promise_closed as (
      update promise p set result = c.result, closed_at = to_timestamp(c.at_ms / 1000.0),
        paid_minor = coalesce((select sum(case when y.reversed then -y.amount_minor else y.amount_minor end) from payment y
          where y.account_id = p.account_id and y.at >= p.opened_at and y.at <= to_timestamp(c.at_ms / 1000.0)), 0)
      from json_to_recordset(${rowsParameter(closed)}::text::json) as c(enrollment_id text, account_id text, result text,
        at_ms numeric)
      where ${isWritten(connection, connection`c.enrollment_id`)} and p.account_id = c.account_id and p.result is null
        and (c.result <> 'cancelled' or not exists (select 1 from enrollment o where o.party_id = p.party_id
          and o.account_id = p.account_id and o.id <> c.enrollment_id and o.status in ('active', 'paused', 'held')))
    ), plan_agreed as (
      insert into payment_plan (id, party_id, account_id, instalments, instalment_minor, first_due, opened_at)
      select n.id, n.party_id, n.account_id, n.instalments, n.instalment_minor, n.first_due,
        to_timestamp(n.opened_ms / 1000.0)
      from json_to_recordset(${rowsParameter(plans)}::text::json) as n(enrollment_id text, party_id text, account_id text,
        id text, instalments int, instalment_minor bigint, first_due date, opened_ms numeric)
      where ${isWritten(connection, connection`n.enrollment_id`)}
      on conflict (id) do nothing
    )`;
}
