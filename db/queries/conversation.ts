import type { Channel } from "#engine/model/content";
import type {
  ConversationJudgement,
  ConversationKind,
  ReviewDecision,
  ReviewReason,
  ReviewState,
  Turn,
} from "#engine/model/conversation";
import type { QaVerdictCode } from "#engine/model/execution";
import type { AccountId, ActorId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import { err, ok, type Result } from "#engine/model/result";
import type { EpochMs } from "#engine/model/time";
import { type Connection, type Database, inTransaction } from "../client";
import { insertAudit } from "./audit";

/** A conversation that waits for a reviewer; what was said is only in `ReviewAtHand`. */
export type ReviewLine = {
  readonly id: string;
  readonly accountId: AccountId;
  readonly accountNo: string;
  readonly channel: Channel;
  readonly kind: ConversationKind;
  readonly strategyKey: string;
  readonly outcome: string | null;
  readonly atMs: EpochMs;
  readonly verdict: QaVerdictCode;
  readonly score: number | null;
  readonly why: ReviewReason;
  readonly state: ReviewState;
  readonly findings: number;
};

export type ReviewAtHand = ReviewLine & {
  readonly turns: readonly Turn[];
  readonly isCut: boolean;
  readonly judgement: ConversationJudgement;
  /** Market whose rules judged it. */
  readonly market: string;
  readonly reviewedBy: ActorId | null;
  readonly reviewReason: string | null;
};

function lines(connection: Connection) {
  return connection`
    c.id, c.account_id as "accountId", a.account_no as "accountNo", c.channel, c.kind, s.key as "strategyKey", t.outcome,
    (extract(epoch from c.at) * 1000)::float8 as "atMs", c.verdict, c.score, c.review_why as why, c.review as state,
    jsonb_array_length(c.judgement -> 'findings') as findings`;
}

function reviewed(connection: Connection) {
  return connection`
    from conversation c join account a on a.id = c.account_id
    join enrollment e on e.party_id = c.party_id and e.id = c.enrollment_id
    join strategy_version v on v.id = e.version_id join strategy s on s.id = v.strategy_id
    left join contact_attempt t on t.party_id = c.party_id and t.intent_key = c.intent_key`;
}

/** What waits for a reviewer: what failed first, then doubts, then the sample; the oldest first of each. */
export async function listReviews(
  connection: Connection,
  limit: number,
): Promise<{ readonly lines: readonly ReviewLine[]; readonly total: number }> {
  const rows = await connection<(ReviewLine & { total: number })[]>`
    select ${lines(connection)}, count(*) over ()::int as total ${reviewed(connection)}
    where c.review in ('open', 'follow-up')
    order by array_position(array['fail', 'doubt', 'sample'], c.review_why), c.at, c.id limit ${limit}`;
  return { lines: rows.map(({ total: _, ...line }) => line), total: rows[0]?.total ?? 0 };
}

/** One conversation with what was said in it; null = it does not wait for a reviewer, and nobody has a reason to read it. */
export async function reviewOf(connection: Connection, id: string): Promise<ReviewAtHand | null> {
  const [row] = await connection<ReviewAtHand[]>`
    select ${lines(connection)}, c.turns, c.is_cut as "isCut", c.judgement, v.program #>> '{settings,market}' as market,
      c.reviewed_by as "reviewedBy", c.review_reason as "reviewReason"
    ${reviewed(connection)} where c.id = ${id} and c.review in ('open', 'follow-up')`;
  return row ?? null;
}

export type ReviewChoice = {
  readonly id: string;
  readonly decision: ReviewDecision;
  readonly reason: string;
  readonly actorId: ActorId;
};

/**
 * What a reviewer made of it, with the audit row in the same commit; a `follow-up` stays in the queue. Un-sends nothing and changes no
 * verdict that was told. Issues: `qa.review-over` (somebody decided already).
 */
export async function decideReview(
  database: Database,
  { id, decision, reason, actorId }: ReviewChoice,
): Promise<Result<null, readonly Issue[]>> {
  return inTransaction(database, async (connection) => {
    const [decided] = await connection<{ verdict: QaVerdictCode; score: number | null; why: ReviewReason }[]>`
      update conversation set review = ${decision}, reviewed_by = ${actorId}, reviewed_at = clock_timestamp(),
        review_reason = ${reason}
      where id = ${id} and review in ('open', 'follow-up') returning verdict, score, review_why as why`;
    if (decided === undefined) return err([issue("qa.review-over", {}, { id })]);
    await insertAudit(connection, { actorId, action: `qa.${decision}`, subject: id, detail: { ...decided, reason } });
    return ok(null);
  });
}
