import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import type { KnownResult } from "#engine/model/contact-result";
import type { Channel } from "#engine/model/content";
import type { AccountId, ContactPointId, EnrollmentId, PartyId } from "#engine/model/ids";
import type { JsonValue } from "#engine/model/json";
import type { Currency } from "#engine/model/money";
import type { PolicyReason } from "#engine/model/policy";
import type { IntentKind } from "#engine/ports/outbox";
import type { RecallAnswer, RecallReason } from "#engine/ports/recalls";
import { instant, minorUnits } from "./columns";

/** What a strategy wants from the world, written in the commit that decided it (design D7). */
export const intent = pgTable(
  "intent",
  {
    partyId: text("party_id").$type<PartyId>().notNull(),
    /** `enrollment:stepSeq:attempt`; also the idempotency key at the provider. */
    key: text("key").notNull(),
    enrollmentId: text("enrollment_id").$type<EnrollmentId>().notNull(),
    accountId: text("account_id").$type<AccountId>().notNull(),
    stepSeq: integer("step_seq").notNull(),
    attempt: integer("attempt").notNull(),
    nodeId: text("node_id").notNull(),
    kind: text("kind").$type<IntentKind>().notNull(),
    channel: text("channel").$type<Channel>(),
    /** Text that is sent or checked; null where none is. */
    contentId: text("content_id"),
    lexicon: text("lexicon"),
    /**
     * What else a request of its kind needs: what a step lays down about its contact, a task's desk and details, the facts
     * another system is sent, a least score.
     */
    details: jsonb("details").$type<JsonValue>().notNull().default(sql`'{}'::jsonb`),
    notBefore: instant("not_before").notNull(),
    notAfter: instant("not_after").notNull(),
    state: text("state")
      .$type<"ready" | "sending" | "unknown" | "sent" | "failed" | "denied" | "cancelled">()
      .notNull(),
    /** What the gate or the provider said last. */
    reasons: jsonb("reasons").$type<readonly PolicyReason[]>().notNull().default(sql`'[]'::jsonb`),
    provider: text("provider"),
    providerRef: text("provider_ref"),
    costMinor: minorUnits("cost_minor"),
    /** How often it could not be taken to the gate in a row, because of a bug of ours. */
    failures: integer("failures").notNull().default(0),
    /** How often nobody could tell whether it had left, and when to look after it again; null = that is for people. */
    unclear: integer("unclear").notNull().default(0),
    askAfter: instant("ask_after"),
    /** Best that is known of a contact from its provider's callbacks. */
    known: jsonb("known").$type<KnownResult>(),
    /** Real time of the database: a sender that is still here renews nothing, one that died is past it. */
    leaseUntil: instant("lease_until"),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partyId, table.key] }),
    unique("intent_key_unique").on(table.key),
    index("intent_ready_not_before_index").on(table.notBefore).where(sql`state = 'ready'`),
    index("intent_sending_lease_index").on(table.leaseUntil).where(sql`state = 'sending'`),
    // Placements that lie in the house; in the order in which they are given out.
    index("intent_open_placement_index")
      .on(table.key)
      .where(sql`kind = 'task' and state = 'sent' and provider = 'house' and details ->> 'task' = 'placement'`),
    // Steps that wait to hear how a conversation was.
    index("intent_open_conversation_index")
      .on(table.key)
      .where(sql`kind = 'conversation-qa' and state = 'sent' and provider = 'house' and provider_ref is null`),
    index("intent_unknown_ask_after_index").on(table.askAfter).where(sql`state = 'unknown'`),
    // Every move of a request enters it anew in every index that has it, so there are few; those of an account are found by its
    // party. Without three of them a step writes a fifth less log (measured).
    index("intent_provider_ref_index").on(table.provider, table.providerRef).where(sql`provider_ref is not null`),
  ],
);

/** A contact that was made or is under way; the caps count these rows. Outcome null = not known yet. */
export const contactAttempt = pgTable(
  "contact_attempt",
  {
    partyId: text("party_id").$type<PartyId>().notNull(),
    intentKey: text("intent_key").notNull(),
    accountId: text("account_id").$type<AccountId>().notNull(),
    enrollmentId: text("enrollment_id").$type<EnrollmentId>().notNull(),
    contactPointId: text("contact_point_id").$type<ContactPointId>().notNull(),
    channel: text("channel").$type<Channel>().notNull(),
    at: instant("at").notNull(),
    outcome: text("outcome"),
    connected: boolean("connected").notNull(),
    conversed: boolean("conversed").notNull(),
    costMinor: minorUnits("cost_minor").notNull(),
    currency: text("currency").$type<Currency>().notNull(),
    /** The notice in the sense of a law that it is; null = it is none. */
    notice: text("notice"),
    /** When the person asked to be called again; null = they did not. */
    callBackAt: instant("call_back_at"),
  },
  (table) => [
    primaryKey({ columns: [table.partyId, table.intentKey] }),
    unique("contact_attempt_intent_key_unique").on(table.intentKey),
    index("contact_attempt_party_at_index").on(table.partyId, table.at),
  ],
);

/** A contact its provider had accepted and that is not wanted any more: it is asked to cancel it. */
export const contactRecall = pgTable(
  "contact_recall",
  {
    partyId: text("party_id").$type<PartyId>().notNull(),
    intentKey: text("intent_key").notNull(),
    /** What made it unwanted: its step was left, the party is held, its channel or strategy is stopped. */
    why: text("why").$type<RecallReason>().notNull(),
    wantedAt: instant("wanted_at").notNull(),
    /** How often the provider gave no answer. */
    unclear: integer("unclear").notNull().default(0),
    /** Real time of the database before which nobody (else) asks; null = it is over. */
    askAfter: instant("ask_after").defaultNow(),
    /** Null = it has not said yet. */
    answer: text("answer").$type<RecallAnswer>(),
    answeredAt: instant("answered_at"),
  },
  (table) => [
    primaryKey({ columns: [table.partyId, table.intentKey] }),
    unique("contact_recall_intent_unique").on(table.intentKey),
    index("contact_recall_open_index").on(table.askAfter).where(sql`answer is null`),
  ],
);
