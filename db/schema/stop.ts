import { sql } from "drizzle-orm";
import { bigserial, index, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { ActorId } from "#engine/model/ids";
import type { StopKind, StopScope } from "#engine/model/stop";
import { instant } from "./columns";

/**
 * Pauses and stops, each a row that says who, when and why. Every worker reads them before it takes anybody up and again just
 * before a request leaves (ADR 0015).
 */
export const stop = pgTable(
  "stop",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    scope: text("scope").$type<StopScope["scope"]>().notNull(),
    /** Strategy, version or channel; empty for everything. */
    subject: text("subject").notNull(),
    kind: text("kind").$type<StopKind>().notNull(),
    /** Engine time from which nothing moves. */
    fromAt: instant("from_at").notNull(),
    /** Engine time at which it was lifted; the time between is what waits and deadlines move by. */
    untilAt: instant("until_at"),
    placedBy: text("placed_by").$type<ActorId>().notNull(),
    placedAt: instant("placed_at").notNull().defaultNow(),
    reason: text("reason").notNull(),
    /** `lifting` = still in force while waits are being moved; `over` = history. */
    phase: text("phase").$type<"in-force" | "lifting" | "over">().notNull().default("in-force"),
    /** How far its work over the enrollments has come (`party_id`, id or key); null = at the beginning, or nothing to do. */
    doneParty: text("done_party"),
    doneKey: text("done_key"),
    /** A stop has told everybody; set back when a pass found someone new. */
    toldAt: instant("told_at"),
  },
  (table) => [
    uniqueIndex("stop_in_force_unique").on(table.scope, table.subject).where(sql`phase <> 'over'`),
    index("stop_subject_index").on(table.scope, table.subject, table.placedAt),
  ],
);
