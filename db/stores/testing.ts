import type { Decision, EnrollmentState } from "#engine/model/execution";
import type { StoresUnderTest } from "#engine/testing/stores-under-test";
import type { Connection, Database } from "../client";
import { recordOutsideContacts } from "../queries/outside-contact";
import { callbackStore } from "./callback-store";
import { debtorStore } from "./debtor-store";
import { enrollmentStore } from "./enrollment-store";
import { inboxStore } from "./inbox-store";
import { migrationStore } from "./migration-store";
import { outboxStore } from "./outbox-store";
import { programStore } from "./program-store";
import { rowsParameter } from "./rows-parameter";
import { stopStore } from "./stop-store";

/** The Postgres stores on an emptied database, with the back door the contract needs. For tests only. */
export async function postgresStores(database: Database): Promise<StoresUnderTest> {
  const { sql } = database;
  await sql`truncate party, contact_point, account, payment, strategy, strategy_version, enrollment, decision, inbox, intent,
    contact_attempt, hold, arm_assignment, promise, payment_plan, stop, dead_letter, channel_callback, outside_contact,
    recorded_consent, agency, agency_batch, agency_placement, agency_return, agency_return_line, agency_return_issue, migration,
    version_move, conversation, channel_consent, contact_recall, cure_reversal cascade`;
  return {
    enrollments: enrollmentStore(database),
    inbox: inboxStore(database),
    outbox: outboxStore(database),
    callbacks: callbackStore(database),
    debtors: debtorStore(database),
    programs: programStore(database),
    stops: stopStore(database),
    migrations: migrationStore(database),
    given: scene(sql),
    look: view(sql),
    close: async () => undefined,
  };
}

function scene(sql: Connection): StoresUnderTest["given"] {
  return {
    async accounts(accounts, contactPoints = []) {
      const parties = accounts.map((one) => ({
        id: one.partyId,
        customer_no: one.customerNo,
        time_zone: one.timeZone,
      }));
      await sql`insert into party (id, customer_no, time_zone)
        select distinct id, customer_no, time_zone
        from json_to_recordset(${rowsParameter(parties)}::text::json) as n(id text, customer_no text, time_zone text)
        on conflict do nothing`;
      await sql`insert into account (id, party_id, account_no, customer_no, currency, overdue_since, overdue_minor,
          total_outstanding_minor, data_date, status, time_zone, fields, synthetic)
        select n.id, n."partyId", n."accountNo", n."customerNo", n.currency, n."overdueSince", n."overdueMinor",
          n."totalOutstandingMinor", n."dataDate", n.status, n."timeZone", n.fields, false
        from json_to_recordset(${rowsParameter(accounts)}::text::json) as n(id text, "partyId" text, "accountNo" text,
          "customerNo" text, currency text, "overdueSince" date, "overdueMinor" bigint, "totalOutstandingMinor" bigint,
          "dataDate" date, status text, "timeZone" text, fields jsonb)`;
      await sql`insert into contact_point (id, party_id, kind, rank, address, simulated, status, consent)
        select n.id, n."partyId", n.kind, n.rank, n.address, n.simulated, n.status, n.consent
        from json_to_recordset(${rowsParameter(contactPoints)}::text::json) as n(id text, "partyId" text, kind text, rank int,
          address text, simulated boolean, status text, consent jsonb)`;
    },
    async version({ versionId, strategyId, program }) {
      await sql`insert into strategy (id, key, name, draft, draft_revision, draft_updated_at, created_at)
        values (${strategyId}, ${program.strategyKey}, '{"en":"test"}', '{}', 1, now(), now())`;
      await sql`insert into strategy_version (id, strategy_id, number, doc, doc_text, program, hash, content_hash,
          published_at, published_by)
        values (${versionId}, ${strategyId}, 1, '{}', '{}', ${JSON.stringify(program)}::text::jsonb, ${program.hash},
          ${program.contentHash}, now(), 'actor_test')`;
    },
    async paused(strategyId, paused) {
      if (!paused) await sql`update stop set phase = 'over' where scope = 'strategy' and subject = ${strategyId}`;
      else
        await sql`insert into stop (scope, subject, kind, from_at, placed_by, reason)
          values ('strategy', ${strategyId}, 'pause', '2026-01-01', 'actor_test', 'test')`;
    },
    async hold(partyId, { id, kind, fromMs, untilMs }) {
      await sql`insert into hold (id, party_id, kind, from_at, until_at, source) values (${id}, ${partyId}, ${kind},
        to_timestamp(${fromMs} / 1000.0), to_timestamp(${untilMs}::numeric / 1000.0), 'test')`;
    },
    async outside(partyId, { id, channel, atMs, connected, conversed }) {
      const about = { accountId: null, contactPointId: null, role: "self", outcome: null, source: "test" } as const;
      await recordOutsideContacts(sql, [{ partyId, id, channel, atMs, connected, conversed, ...about }]);
    },
    async endHold(id, untilMs, choices) {
      await sql`update hold set until_at = to_timestamp(${untilMs} / 1000.0),
        choices = ${choices === undefined ? null : JSON.stringify(choices)}::text::jsonb where id = ${id}`;
    },
    async deadSender() {
      await sql`update intent set lease_until = clock_timestamp() - interval '1 second' where state = 'sending'`;
    },
    async callbacksDue() {
      await sql`update channel_callback set look_after = clock_timestamp() - interval '1 second'`;
    },
  };
}

type StateRow = { state: Omit<EnrollmentState, "exit"> & { exit: EnrollmentState["exit"] }; fence: number };

function view(sql: Connection): StoresUnderTest["look"] {
  return {
    async enrollment(id) {
      const [row] = await sql<StateRow[]>`
        select fence, jsonb_build_object('status', status, 'nodeId', node_id, 'stepSeq', step_seq,
          'startedAtMs', (extract(epoch from started_at) * 1000)::float8, 'enteredAtMs', (extract(epoch from entered_at) * 1000)::float8,
          'wakeAtMs', (extract(epoch from wake_at) * 1000)::float8, 'attempt', attempt, 'pending', pending,
          'loopCounts', loop_counts, 'vars', vars, 'fault', fault,
          'exit', case when exit_reason is not null then jsonb_build_object('reason', exit_reason, 'label', exit_label) end
        ) as state from enrollment where id = ${id}`;
      return row ?? null;
    },
    async decisions(enrollmentId) {
      const rows = await sql<{ decision: Decision & { ordinal: number } }[]>`
        select jsonb_build_object('ordinal', ordinal, 'stepSeq', step_seq, 'nodeId', node_id, 'handle', handle, 'code', code,
          'detail', detail, 'factsRead', facts, 'atMs', (extract(epoch from at) * 1000)::float8) as decision
        from decision where enrollment_id = ${enrollmentId} order by ordinal`;
      return rows.map((row) => row.decision);
    },
    intents: () =>
      sql`select key, state, (extract(epoch from not_after) * 1000)::float8 as "notAfterMs" from intent order by key`,
    desks: () =>
      sql`select key, coalesce(details #>> '{desk,dueAtMs}', details #>> '{terms,desk,dueAtMs}')::float8 as "dueAtMs" from intent
        where details ? 'desk' or details -> 'terms' ? 'desk' order by key`,
    sends: () => sql`select key, unclear, coalesce(cost_minor, 0)::float8 as "costMinor" from intent order by key`,
    contactPoints: () => sql`select id, status from contact_point order by id`,
    attempts: () => sql`select intent_key as "intentKey", outcome, conversed,
      (extract(epoch from at) * 1000)::float8 as "atMs" from contact_attempt order by intent_key`,
    inbox: () => sql`select dedupe_key as "dedupeKey", status, error from inbox order by id`,
    holds: () => sql`select id, kind, (extract(epoch from from_at) * 1000)::float8 as "fromMs",
      (extract(epoch from until_at) * 1000)::float8 as "untilMs" from hold order by id`,
    promises: () => sql`select id, result, (extract(epoch from closed_at) * 1000)::float8 as "closedAtMs" from promise
      order by opened_at, id`,
    payments: () => sql`select id, amount_minor::float8 as "amountMinor" from payment order by id`,
  };
}
