import { sql } from "drizzle-orm";
import { bigserial, index, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import type { StatusEvent } from "#engine/ports/channel";
import { instant } from "./columns";

/** Everything providers have said about contacts, as they said it, once per their own id. */
export const channelCallback = pgTable(
  "channel_callback",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    integration: text("integration").notNull(),
    eventId: text("event_id").notNull(),
    /** Our key or the provider's reference; at least one of them. */
    intentKey: text("intent_key"),
    providerRef: text("provider_ref"),
    event: jsonb("event").$type<StatusEvent>().notNull(),
    status: text("status").$type<"pending" | "taken" | "orphan">().notNull().default("pending"),
    /** Real time of the database. An event nobody can place yet is looked at less and less often. */
    receivedAt: instant("received_at").notNull().defaultNow(),
    lookAfter: instant("look_after").notNull().defaultNow(),
  },
  (table) => [
    unique("channel_callback_event_unique").on(table.integration, table.eventId),
    index("channel_callback_pending_index").on(table.lookAfter).where(sql`status = 'pending'`),
  ],
);
