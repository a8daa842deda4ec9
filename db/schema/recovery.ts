import { sql } from "drizzle-orm";
import { bigint, bigserial, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { ActorId } from "#engine/model/ids";
import { instant } from "./columns";

/**
 * This database came out of a backup. Until a person lifts it, no contact leaves of which nobody has found out that it did not leave
 * before (ADR 0018). At most one is in force.
 */
export const recovery = pgTable(
  "recovery",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    /** Up to when the database knows what happened: the engine's clock, and real time. */
    backupEngineAt: instant("backup_engine_at").notNull(),
    backupAt: instant("backup_at").notNull(),
    restoredEngineAt: instant("restored_engine_at").notNull(),
    restoredAt: instant("restored_at").notNull().defaultNow(),
    liftedAt: instant("lifted_at"),
    liftedBy: text("lifted_by").$type<ActorId>(),
    reason: text("reason"),
  },
  () => [uniqueIndex("recovery_in_force_unique").on(sql`(lifted_at is null)`).where(sql`lifted_at is null`)],
);

/** What has been found out about a request since the restore. */
export const recoveryRequest = pgTable(
  "recovery_request",
  {
    recoveryId: bigint("recovery_id", { mode: "number" }).notNull(),
    key: text("key").notNull(),
    /** `clear` = it may leave; `later` = its provider could not say yet. One that did leave is `sent` in the outbox. */
    state: text("state").$type<"clear" | "later">().notNull(),
    /** Engine time of the next question. */
    lookAfter: instant("look_after").notNull(),
  },
  (table) => [primaryKey({ columns: [table.recoveryId, table.key] })],
);
