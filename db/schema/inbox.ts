import { sql } from "drizzle-orm";
import { bigserial, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import type { AccountId, EnrollmentId, PartyId } from "#engine/model/ids";
import type { JsonValue } from "#engine/model/json";
import { instant } from "./columns";

/** Everything that happened outside, once per `dedupe_key`, invisible before `at` on the engine's clock. */
export const inbox = pgTable(
  "inbox",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    dedupeKey: text("dedupe_key").notNull().unique("inbox_dedupe_key_unique"),
    partyId: text("party_id").$type<PartyId>().notNull(),
    enrollmentId: text("enrollment_id").$type<EnrollmentId>(),
    accountId: text("account_id").$type<AccountId>(),
    type: text("type").notNull(),
    at: instant("at").notNull(),
    stepSeq: integer("step_seq"),
    attempt: integer("attempt"),
    data: jsonb("data").$type<JsonValue>().notNull(),
    status: text("status").$type<"pending" | "done" | "ignored" | "dead">().notNull().default("pending"),
    /** Why it was set aside, when it was. */
    error: text("error"),
    receivedAt: instant("received_at").notNull().defaultNow(),
  },
  (table) => [
    index("inbox_pending_at_index").on(table.at).where(sql`status = 'pending'`),
    index("inbox_pending_party_enrollment_index")
      .on(table.partyId, table.enrollmentId, table.at)
      .where(sql`status = 'pending'`),
  ],
);
