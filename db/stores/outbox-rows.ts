import type { Channel } from "#engine/model/content";
import type { AccountId, EnrollmentId, PartyId, StrategyVersionId } from "#engine/model/ids";
import { InvariantError } from "#engine/model/invariant";
import { type ContactRecord, type Hold, LASTING_OUTCOMES, type RecordedConsent } from "#engine/model/policy";
import { DAY_MS, type EpochMs } from "#engine/model/time";
import type { IntentKind, NewIntent, PartyRecord } from "#engine/ports/outbox";
import type { Connection } from "../client";
import { groupedByParty } from "./by-party";
import type { IntentDetails } from "./intent-details";
import { textList } from "./row-columns";

/** How far back the gate is shown contacts; the longest window a rule may name is 60 days. */
const HISTORY_MS = 61 * DAY_MS;

export type IntentRow = {
  key: string;
  party_id: PartyId;
  enrollment_id: EnrollmentId;
  account_id: AccountId;
  version_id: StrategyVersionId;
  step_seq: number;
  attempt: number;
  node_id: string;
  channel: Channel | null;
  content_id: string | null;
  lexicon: string | null;
  not_before_ms: number;
  not_after_ms: number;
  started_ms: number;
} & { [kind in IntentKind]: { kind: kind; details: IntentDetails[kind] } }[IntentKind];

/** The columns of a request `i` and its enrollment `e` in the statement, in the order in which `intentRowOf` reads them. */
export const intentColumns = (connection: Connection) => connection`
  i.key, i.party_id, i.enrollment_id, i.account_id, e.version_id, i.step_seq, i.attempt, i.node_id, i.kind, i.channel,
  i.content_id, i.lexicon, i.details, (extract(epoch from i.not_before) * 1000)::float8 as not_before_ms,
  (extract(epoch from i.not_after) * 1000)::float8 as not_after_ms,
  (extract(epoch from e.started_at) * 1000)::float8 as started_ms`;

/** A row that was read as a list of values, as `enrollmentRowOf` and for its reasons. */
export function intentRowOf(values: readonly unknown[]): IntentRow {
  const row = values as IntentValues;
  return {
    key: row[0],
    party_id: row[1],
    enrollment_id: row[2],
    account_id: row[3],
    version_id: row[4],
    step_seq: row[5],
    attempt: row[6],
    node_id: row[7],
    kind: row[8],
    channel: row[9],
    content_id: row[10],
    lexicon: row[11],
    details: row[12],
    not_before_ms: row[13],
    not_after_ms: row[14],
    started_ms: row[15],
    // Kind and details belong together by how they were written (`detailsOf`).
  } as IntentRow;
}

type IntentValues = readonly [
  string,
  PartyId,
  EnrollmentId,
  AccountId,
  StrategyVersionId,
  number,
  number,
  string,
  IntentKind,
  Channel | null,
  string | null,
  string | null,
  IntentDetails[IntentKind],
  number,
  number,
  number,
];

export function intentOf(row: IntentRow): NewIntent {
  if (row.kind === "contact") return contactOf(row);
  const base = {
    key: row.key,
    stepSeq: row.step_seq,
    attempt: row.attempt,
    nodeId: row.node_id,
    notBeforeMs: row.not_before_ms,
    notAfterMs: row.not_after_ms,
    state: "ready",
  } as const;
  const { channel, content_id: contentId, lexicon } = row;
  const nowhere = { channel: null, contentId: null, lexicon: null } as const;
  switch (row.kind) {
    case "qa":
      if (contentId === null || lexicon === null) break;
      return { ...base, kind: row.kind, channel: null, contentId, lexicon, ...row.details };
    case "conversation-qa":
      if (channel === null || lexicon === null) break;
      return { ...base, kind: row.kind, channel, contentId: null, lexicon, ...row.details };
    case "task":
      return { ...base, ...nowhere, kind: row.kind, ...row.details };
    case "external":
      return { ...base, ...nowhere, kind: row.kind, ...row.details };
    default:
      throw row satisfies never;
  }
  throw incomplete(row);
}

function incomplete({ key, kind }: Pick<IntentRow, "key" | "kind">): InvariantError {
  return new InvariantError("intent-incomplete", { key, kind });
}

/** Written out: this is what most requests are, and put together from parts it costs three times the memory. */
function contactOf(row: Extract<IntentRow, { kind: "contact" }>): NewIntent {
  const { channel, content_id: contentId } = row;
  if (channel === null || contentId === null) throw incomplete(row);
  return {
    key: row.key,
    stepSeq: row.step_seq,
    attempt: row.attempt,
    nodeId: row.node_id,
    notBeforeMs: row.not_before_ms,
    notAfterMs: row.not_after_ms,
    state: "ready",
    kind: "contact",
    channel,
    contentId,
    lexicon: null,
    terms: row.details.terms,
  };
}

export type PartyRecords = ReadonlyMap<PartyId, PartyRecord>;

type Said = { readonly holds: Hold; readonly outside: ContactRecord; readonly consents: RecordedConsent };
type SaidRow = { [kind in keyof Said]: { party_id: PartyId; kind: kind; record: Said[kind] } }[keyof Said];

/** What the gate may look at, read while the parties are locked. */
export async function loadPartyRecords(
  connection: Connection,
  partyIds: readonly PartyId[],
  nowMs: EpochMs,
): Promise<PartyRecords> {
  const ids = [...new Set(partyIds)];
  const history = groupedByParty(await historyRows(connection, ids, nowMs));
  const said = groupedByParty((await saidRows(connection, ids, nowMs)).map((row) => [row.party_id, row]));
  return new Map(
    ids.map((partyId) => {
      const own = said.get(partyId) ?? [];
      const record = {
        history: history.get(partyId) ?? [],
        holds: own.flatMap((row) => (row.kind === "holds" ? row.record : [])),
        outside: own.flatMap((row) => (row.kind === "outside" ? row.record : [])),
        consents: own.flatMap((row) => (row.kind === "consents" ? row.record : [])),
      };
      return [partyId, record];
    }),
  );
}

type HistoryRow = Omit<PartyRecord["history"][number], "notice" | "callBackAtMs"> & {
  readonly party_id: PartyId;
  readonly notice: string | null;
  readonly call_back_ms: number | null;
};

async function historyRows(connection: Connection, partyIds: readonly PartyId[], nowMs: EpochMs) {
  const rows = await connection<HistoryRow[]>`
    select a.party_id, (extract(epoch from a.at) * 1000)::float8 as "atMs", a.channel, a.enrollment_id as "enrollmentId",
      a.contact_point_id as "contactPointId", a.connected, a.conversed, a.outcome is not null as settled,
      a.account_id as "accountId", a.outcome, a.notice, (extract(epoch from a.call_back_at) * 1000)::float8 as call_back_ms,
      -- the key of an attempt without its attempt is the key of its visit
      regexp_replace(a.intent_key, ':[^:]*$', '') as visit
    from contact_attempt a where a.party_id = any(${textList(connection, partyIds)})
      -- a notice counts however long ago it was given
      and (a.at > to_timestamp(${nowMs - HISTORY_MS} / 1000.0) or a.outcome = any(${[...LASTING_OUTCOMES]}::text[])
        or a.notice is not null)
    order by a.at, a.intent_key`;
  return rows.map(
    ({ party_id: partyId, notice, call_back_ms: callBackAtMs, ...entry }) =>
      [
        partyId,
        {
          ...entry,
          ...(notice === null ? {} : { notice }),
          ...(callBackAtMs === null ? {} : { callBackAtMs }),
        },
      ] as const,
  );
}

/** What few have: holds, contacts agencies reported, and what the debtor agreed to. As sets, so that nobody without is looked up. */
async function saidRows(connection: Connection, partyIds: readonly PartyId[], nowMs: EpochMs) {
  const ids = connection`any(${textList(connection, partyIds)})`;
  return connection<SaidRow[]>`
    select said.party_id, said.kind, said.record from (
      select o.party_id, 'outside' as kind, o.at, o.id, jsonb_strip_nulls(jsonb_build_object(
          'atMs', (extract(epoch from o.at) * 1000)::float8, 'channel', o.channel, 'accountId', o.account_id, 'role', o.role,
          'connected', o.connected, 'conversed', o.conversed, 'outcome', o.outcome, 'by', 'agency'))
        -- not said = every number of the party, which only a null says
        || jsonb_build_object('contactPointId', o.contact_point_id, 'visit', null) as record
      from outside_contact o where o.party_id = ${ids}
        and (o.at > to_timestamp(${nowMs - HISTORY_MS} / 1000.0) or o.outcome = any(${[...LASTING_OUTCOMES]}::text[]))
      union all
      select c.party_id, 'consents', c.from_at, c.id, jsonb_strip_nulls(jsonb_build_object('rules', c.rules,
        'channels', c.channels, 'windows', c.windows, 'fromMs', (extract(epoch from c.from_at) * 1000)::float8,
        'untilMs', (extract(epoch from c.until_at) * 1000)::float8, 'evidence', c.evidence))
      from recorded_consent c where c.party_id = ${ids} and c.until_at > to_timestamp(${nowMs} / 1000.0)
      union all
      select h.party_id, 'holds', h.from_at, h.id, jsonb_build_object('kind', h.kind,
        'fromMs', (extract(epoch from h.from_at) * 1000)::float8, 'untilMs', (extract(epoch from h.until_at) * 1000)::float8)
      from hold h where h.party_id = ${ids} and (h.until_at is null or h.until_at > to_timestamp(${nowMs} / 1000.0))
    ) said order by said.at, said.id`;
}
