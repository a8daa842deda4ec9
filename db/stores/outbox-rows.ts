import type { Channel } from "#engine/model/content";
import type { ContactTerms } from "#engine/model/execution";
import type { AccountId, EnrollmentId, PartyId, StrategyVersionId } from "#engine/model/ids";
import { InvariantError } from "#engine/model/invariant";
import type { Hold } from "#engine/model/policy";
import { DAY_MS, type EpochMs } from "#engine/model/time";
import type { NewIntent, PartyRecord } from "#engine/ports/outbox";
import type { Connection } from "../client";

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
  kind: "contact" | "qa";
  channel: Channel | null;
  content_id: string;
  lexicon: string | null;
  terms: ContactTerms;
  not_before_ms: number;
  not_after_ms: number;
  started_ms: number;
};

export function intentOf(row: IntentRow): NewIntent {
  const base = {
    key: row.key,
    stepSeq: row.step_seq,
    attempt: row.attempt,
    nodeId: row.node_id,
    contentId: row.content_id,
    notBeforeMs: row.not_before_ms,
    notAfterMs: row.not_after_ms,
    state: "ready",
  } as const;
  if (row.channel !== null) return { ...base, kind: "contact", channel: row.channel, lexicon: null, terms: row.terms };
  if (row.lexicon !== null) return { ...base, kind: "qa", channel: null, lexicon: row.lexicon };
  throw new InvariantError("intent-without-channel", { key: row.key });
}

export type PartyRecords = ReadonlyMap<PartyId, PartyRecord>;

type PartyRow = { party_id: PartyId; history: PartyRecord["history"]; holds: readonly Hold[] };

/** What the gate may look at, read while the parties are locked. */
export async function loadPartyRecords(
  connection: Connection,
  partyIds: readonly PartyId[],
  nowMs: EpochMs,
): Promise<PartyRecords> {
  const rows = await connection<PartyRow[]>`
    select p.party_id,
      coalesce((select jsonb_agg(jsonb_build_object('atMs', (extract(epoch from a.at) * 1000)::float8,
          'channel', a.channel, 'contactPointId', a.contact_point_id, 'connected', a.connected,
          'conversed', a.conversed, 'settled', a.outcome is not null,
          -- the key of an attempt without its attempt is the key of its visit
          'visit', regexp_replace(a.intent_key, ':[^:]*$', '')) order by a.at, a.intent_key)
        from contact_attempt a where a.party_id = p.party_id and a.at > to_timestamp(${nowMs - HISTORY_MS} / 1000.0)),
        '[]'::jsonb) as history,
      coalesce((select jsonb_agg(jsonb_build_object('kind', h.kind, 'fromMs', (extract(epoch from h.from_at) * 1000)::float8,
          'untilMs', (extract(epoch from h.until_at) * 1000)::float8) order by h.from_at)
        from hold h where h.party_id = p.party_id
          and (h.until_at is null or h.until_at > to_timestamp(${nowMs} / 1000.0))), '[]'::jsonb) as holds
    from unnest(${[...new Set(partyIds)]}::text[]) as p(party_id)`;
  return new Map(rows.map((row) => [row.party_id, { history: row.history, holds: row.holds }]));
}
