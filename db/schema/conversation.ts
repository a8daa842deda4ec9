import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import type { Channel } from "#engine/model/content";
import type {
  ConversationJudgement,
  ConversationKind,
  ReviewReason,
  ReviewState,
  Turn,
} from "#engine/model/conversation";
import type { QaVerdictCode } from "#engine/model/execution";
import type { AccountId, ActorId, EnrollmentId, PartyId } from "#engine/model/ids";
import { instant } from "./columns";

/**
 * What was said in contacts, how it was judged and what people made of it. The one place where the words themselves are kept: no
 * log, no inbox entry and no audit row holds them. Of each kind a contact has one.
 */
export const conversation = pgTable(
  "conversation",
  {
    partyId: text("party_id").$type<PartyId>().notNull(),
    /** `kind:intent key`. */
    id: text("id").notNull(),
    intentKey: text("intent_key").notNull(),
    accountId: text("account_id").$type<AccountId>().notNull(),
    enrollmentId: text("enrollment_id").$type<EnrollmentId>().notNull(),
    channel: text("channel").$type<Channel>().notNull(),
    kind: text("kind").$type<ConversationKind>().notNull(),
    source: text("source").$type<"provider" | "desk">().notNull(),
    /** At most `CONVERSATION_TEXT_MAX` characters in all. */
    turns: jsonb("turns").$type<readonly Turn[]>().notNull(),
    isCut: boolean("is_cut").notNull(),
    /** When it was held, on the engine's clock. */
    at: instant("at").notNull(),
    /** Real time of the database before which no (other) judge takes it. */
    judgeAfter: instant("judge_after").notNull().defaultNow(),
    /** Null = nobody has judged it yet. */
    verdict: text("verdict").$type<QaVerdictCode>(),
    /** 0 to 100. */
    score: integer("score"),
    judgement: jsonb("judgement").$type<ConversationJudgement>(),
    judgedAt: instant("judged_at"),
    /** Null = nobody has to look. */
    review: text("review").$type<ReviewState>(),
    reviewWhy: text("review_why").$type<ReviewReason>(),
    reviewedBy: text("reviewed_by").$type<ActorId>(),
    reviewedAt: instant("reviewed_at"),
    reviewReason: text("review_reason"),
  },
  (table) => [
    primaryKey({ columns: [table.partyId, table.id] }),
    unique("conversation_id_unique").on(table.id),
    index("conversation_unjudged_index").on(table.judgeAfter).where(sql`verdict is null`),
    index("conversation_review_index").on(table.at, table.id).where(sql`review in ('open', 'follow-up')`),
    index("conversation_enrollment_index").on(table.enrollmentId, table.channel),
  ],
);
