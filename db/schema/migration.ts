import { sql } from "drizzle-orm";
import { bigint, bigserial, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { ActorId, EnrollmentId, PartyId, StrategyId, StrategyVersionId } from "#engine/model/ids";
import type { MigrationPlan } from "#engine/model/migration-plan";
import { instant } from "./columns";

/**
 * A move of accounts in flight from one version of a strategy to another, by the plan a person confirmed. Workers carry it out in
 * batches; the row says how far they are.
 */
export const migration = pgTable(
  "migration",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    strategyId: text("strategy_id").$type<StrategyId>().notNull(),
    fromVersionId: text("from_version_id").$type<StrategyVersionId>().notNull(),
    toVersionId: text("to_version_id").$type<StrategyVersionId>().notNull(),
    plan: jsonb("plan").$type<MigrationPlan>().notNull(),
    reason: text("reason").notNull(),
    placedBy: text("placed_by").$type<ActorId>().notNull(),
    placedAt: instant("placed_at").notNull().defaultNow(),
    state: text("state").$type<"running" | "done" | "ended">().notNull().default("running"),
    /** How far the present pass has come; null = at the beginning. */
    doneParty: text("done_party"),
    doneKey: text("done_key"),
    /** Accounts the present pass met that cannot be moved yet, and those the last whole pass met; null = no pass has ended. */
    waiting: integer("waiting").notNull().default(0),
    lastWaiting: integer("last_waiting"),
    /** Real time before which no worker begins another pass. */
    nextPassAt: instant("next_pass_at"),
    endedAt: instant("ended_at"),
  },
  (table) => [
    // Two plans at once over the accounts of one version would each undo what the other decided.
    uniqueIndex("migration_running_unique").on(table.fromVersionId).where(sql`state = 'running'`),
    index("migration_strategy_index").on(table.strategyId, table.id),
  ],
);

/** One account's move, for good: which version took which of its decisions. The ordinal is that of its `migrated` decision. */
export const versionMove = pgTable(
  "version_move",
  {
    partyId: text("party_id").$type<PartyId>().notNull(),
    enrollmentId: text("enrollment_id").$type<EnrollmentId>().notNull(),
    /** Visit it left. Each is left once. */
    stepSeq: integer("step_seq").notNull(),
    ordinal: integer("ordinal").notNull(),
    fromVersionId: text("from_version_id").$type<StrategyVersionId>().notNull(),
    toVersionId: text("to_version_id").$type<StrategyVersionId>().notNull(),
    migrationId: bigint("migration_id", { mode: "number" }).notNull(),
    at: instant("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partyId, table.enrollmentId, table.stepSeq] }),
    index("version_move_migration_index").on(table.migrationId),
    index("version_move_to_version_index").on(table.toVersionId),
  ],
);
