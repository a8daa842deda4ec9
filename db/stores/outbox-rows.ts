import type { Channel } from "#engine/model/content";
import type { AccountId, EnrollmentId, PartyId, StrategyVersionId } from "#engine/model/ids";
import { InvariantError } from "#engine/model/invariant";
import { type ContactRecord, type Hold, LASTING_OUTCOMES, type RecordedConsent } from "#engine/model/policy";
import { DAY_MS, type EpochMs } from "#engine/model/time";
import type { IntentKind, NewIntent, PartyRecord } from "#engine/ports/outbox";
import type { Connection } from "../client";
import type { IntentDetails } from "./intent-details";

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

export function intentOf(row: IntentRow): NewIntent {
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
    case "contact":
      if (channel === null || contentId === null) break;
      return { ...base, kind: row.kind, channel, contentId, lexicon: null, ...row.details };
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
  throw new InvariantError("intent-incomplete", { key: row.key, kind: row.kind });
}

export type PartyRecords = ReadonlyMap<PartyId, PartyRecord>;

type PartyRow = {
  party_id: PartyId;
  history: PartyRecord["history"];
  holds: readonly Hold[];
  outside: readonly ContactRecord[];
  consents: readonly RecordedConsent[];
};

/** What the gate may look at, read while the parties are locked. */
export async function loadPartyRecords(
  connection: Connection,
  partyIds: readonly PartyId[],
  nowMs: EpochMs,
): Promise<PartyRecords> {
  const rows = await connection<PartyRow[]>`
    select p.party_id,
      coalesce((select jsonb_agg(jsonb_build_object('atMs', (extract(epoch from a.at) * 1000)::float8,
          'channel', a.channel, 'enrollmentId', a.enrollment_id, 'contactPointId', a.contact_point_id, 'connected', a.connected,
          'conversed', a.conversed, 'settled', a.outcome is not null, 'accountId', a.account_id, 'outcome', a.outcome,
          -- the key of an attempt without its attempt is the key of its visit
          'visit', regexp_replace(a.intent_key, ':[^:]*$', ''))
          -- a notice counts however long ago it was given
          || case when a.notice is null then '{}'::jsonb else jsonb_build_object('notice', a.notice) end
          order by a.at, a.intent_key)
        from contact_attempt a where a.party_id = p.party_id and (a.at > to_timestamp(${nowMs - HISTORY_MS} / 1000.0)
          or a.outcome = any(${[...LASTING_OUTCOMES]}::text[]) or a.notice is not null)), '[]'::jsonb) as history,
      coalesce((select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('atMs', (extract(epoch from o.at) * 1000)::float8,
          'channel', o.channel, 'accountId', o.account_id, 'role', o.role, 'connected', o.connected, 'conversed', o.conversed,
          'outcome', o.outcome, 'by', 'agency'))
          -- not said = every number of the party, which only a null says
          || jsonb_build_object('contactPointId', o.contact_point_id, 'visit', null) order by o.at, o.id)
        from outside_contact o where o.party_id = p.party_id and (o.at > to_timestamp(${nowMs - HISTORY_MS} / 1000.0)
          or o.outcome = any(${[...LASTING_OUTCOMES]}::text[]))), '[]'::jsonb) as outside,
      coalesce((select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('rules', c.rules, 'channels', c.channels,
          'windows', c.windows, 'fromMs', (extract(epoch from c.from_at) * 1000)::float8,
          'untilMs', (extract(epoch from c.until_at) * 1000)::float8, 'evidence', c.evidence)) order by c.from_at, c.id)
        from recorded_consent c where c.party_id = p.party_id and c.until_at > to_timestamp(${nowMs} / 1000.0)),
        '[]'::jsonb) as consents,
      coalesce((select jsonb_agg(jsonb_build_object('kind', h.kind, 'fromMs', (extract(epoch from h.from_at) * 1000)::float8,
          'untilMs', (extract(epoch from h.until_at) * 1000)::float8) order by h.from_at)
        from hold h where h.party_id = p.party_id
          and (h.until_at is null or h.until_at > to_timestamp(${nowMs} / 1000.0))), '[]'::jsonb) as holds
    from unnest(${[...new Set(partyIds)]}::text[]) as p(party_id)`;
  return new Map(
    rows.map(({ party_id: partyId, history, holds, outside, consents }) => [
      partyId,
      { history, holds, outside, consents },
    ]),
  );
}
