import type { Channel } from "#engine/model/content";
import type { AccountId, EnrollmentId } from "#engine/model/ids";
import type { Currency, Money } from "#engine/model/money";
import type { PolicyReason } from "#engine/model/policy";
import type { EpochMs } from "#engine/model/time";
import type { IntentKind, IntentState } from "#engine/ports/outbox";
import type { Connection } from "../client";

/** A request of a strategy and what became of it: sent, answered, refused by a rule, still open. */
export type ContactRequestRecord = {
  readonly key: string;
  readonly enrollmentId: EnrollmentId;
  readonly nodeId: string;
  readonly kind: IntentKind;
  readonly channel: Channel | null;
  readonly contentId: string | null;
  /** Kind of a task, or name of the system that is asked; null = neither. */
  readonly subject: string | null;
  readonly attempt: number;
  readonly state: IntentState;
  /** What the gate said last: why it was refused or put off, or warnings it let pass. */
  readonly reasons: readonly PolicyReason[];
  readonly provider: string | null;
  readonly notBeforeMs: EpochMs;
  /** When it left; null = it did not. */
  readonly sentAtMs: EpochMs | null;
  readonly outcome: string | null;
  readonly connected: boolean;
  readonly conversed: boolean;
  readonly cost: Money | null;
};

type Row = {
  key: string;
  enrollment_id: EnrollmentId;
  node_id: string;
  kind: IntentKind;
  channel: Channel | null;
  content_id: string | null;
  subject: string | null;
  attempt: number;
  state: IntentState;
  reasons: readonly PolicyReason[];
  provider: string | null;
  not_before_ms: number;
  sent_ms: number | null;
  outcome: string | null;
  connected: boolean | null;
  conversed: boolean | null;
  cost_minor: number | null;
  currency: Currency | null;
};

/** Requests made for an account, the latest first. */
export async function contactRequestsOfAccount(
  connection: Connection,
  accountId: AccountId,
  limit: number,
): Promise<readonly ContactRequestRecord[]> {
  const rows = await connection<Row[]>`
    select i.key, i.enrollment_id, i.node_id, i.kind, i.channel, i.content_id,
      coalesce(i.details ->> 'task', i.details ->> 'integration') as subject, i.attempt, i.state, i.reasons, i.provider,
      (extract(epoch from i.not_before) * 1000)::float8 as not_before_ms, (extract(epoch from a.at) * 1000)::float8 as sent_ms,
      a.outcome, a.connected, a.conversed, a.cost_minor::float8 as cost_minor, a.currency
    from account o join intent i on i.party_id = o.party_id and i.account_id = o.id
    left join contact_attempt a on a.party_id = i.party_id and a.intent_key = i.key
    where o.id = ${accountId} order by coalesce(a.at, i.not_before) desc, i.key limit ${limit}`;
  return rows.map((row) => ({
    key: row.key,
    enrollmentId: row.enrollment_id,
    nodeId: row.node_id,
    kind: row.kind,
    channel: row.channel,
    contentId: row.content_id,
    subject: row.subject,
    attempt: row.attempt,
    state: row.state,
    reasons: row.reasons,
    provider: row.provider,
    notBeforeMs: row.not_before_ms,
    sentAtMs: row.sent_ms,
    outcome: row.outcome,
    connected: row.connected ?? false,
    conversed: row.conversed ?? false,
    cost: row.cost_minor === null || row.currency === null ? null : { minor: row.cost_minor, currency: row.currency },
  }));
}
