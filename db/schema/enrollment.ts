import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import type { DecisionCode, EnrollmentState, EnrollmentStatus } from "#engine/model/execution";
import type { ExitReason } from "#engine/model/exit-reason";
import type { FactValue } from "#engine/model/facts";
import type { AccountId, EnrollmentId, PartyId, StrategyVersionId } from "#engine/model/ids";
import type { HoldKind } from "#engine/model/policy";
import { instant } from "./columns";

/**
 * Where one account stands in one strategy version. Every key of the hot tables starts with the party, so that they can be
 * spread over machines by it (design D17); no foreign keys here, the tick writes thousands of rows a second.
 */
export const enrollment = pgTable(
  "enrollment",
  {
    partyId: text("party_id").$type<PartyId>().notNull(),
    id: text("id").$type<EnrollmentId>().notNull(),
    accountId: text("account_id").$type<AccountId>().notNull(),
    versionId: text("version_id").$type<StrategyVersionId>().notNull(),
    /** 0 the first time; a person may let an account that has left in once more, and then it is the next. */
    round: integer("round").notNull().default(0),
    status: text("status").$type<EnrollmentStatus>().notNull(),
    nodeId: text("node_id").notNull(),
    stepSeq: integer("step_seq").notNull(),
    startedAt: instant("started_at").notNull(),
    enteredAt: instant("entered_at").notNull(),
    wakeAt: instant("wake_at"),
    attempt: integer("attempt").notNull(),
    pending: boolean("pending").notNull(),
    loopCounts: jsonb("loop_counts").$type<EnrollmentState["loopCounts"]>().notNull(),
    vars: jsonb("vars").$type<EnrollmentState["vars"]>().notNull(),
    exitReason: text("exit_reason").$type<ExitReason>(),
    exitLabel: text("exit_label"),
    fault: jsonb("fault").$type<NonNullable<EnrollmentState["fault"]>>(),
    /** Kinds of hold that do not freeze it at the step it stands at, because the step is about them. */
    despite: text("despite").array().$type<readonly HoldKind[]>().notNull().default(sql`'{}'`),
    /** Grows by one with every commit; a writer with an old number has lost. */
    fence: integer("fence").notNull().default(0),
    /** Ordinal of its next decision: moves in the commit that writes decisions, so nobody has to look for the last one. */
    nextOrdinal: integer("next_ordinal").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.partyId, table.id] }),
    unique("enrollment_account_version_unique").on(table.accountId, table.versionId, table.round),
    // Whole key, so that the next claim can begin behind the last even when a hundred thousand timers fall on one instant.
    index("enrollment_due_index").on(table.wakeAt, table.partyId, table.id).where(sql`status = 'active'`),
    index("enrollment_version_node_status_index").on(table.versionId, table.nodeId, table.status),
  ],
);

/**
 * Why an enrollment did what it did. Append only; ordinals of one enrollment are dense from 0: they are given out by the
 * enrollment's row under its fence. Partitioned by month of engine time (hand-written in the migration, drizzle knows no
 * partitions), so that old months can be dropped; a partitioned key must hold the time, too.
 */
export const decision = pgTable(
  "decision",
  {
    partyId: text("party_id").$type<PartyId>().notNull(),
    enrollmentId: text("enrollment_id").$type<EnrollmentId>().notNull(),
    ordinal: integer("ordinal").notNull(),
    stepSeq: integer("step_seq").notNull(),
    nodeId: text("node_id").notNull(),
    handle: text("handle"),
    code: text("code").$type<DecisionCode>().notNull(),
    detail: text("detail"),
    /** Facts the decision read, as they were. */
    facts: jsonb("facts").$type<{ readonly [fact: string]: FactValue }>().notNull(),
    at: instant("at").notNull(),
  },
  (table) => [
    primaryKey({ name: "decision_log_pk", columns: [table.partyId, table.enrollmentId, table.ordinal, table.at] }),
    index("decision_at_brin").using("brin", table.at),
  ],
);

/** First exposure of a party to an experiment's phase; sticky for good (design D12). */
export const armAssignment = pgTable(
  "arm_assignment",
  {
    partyId: text("party_id").$type<PartyId>().notNull(),
    experimentKey: text("experiment_key").notNull(),
    phase: integer("phase").notNull(),
    arm: text("arm").notNull(),
    assignedAt: instant("assigned_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.partyId, table.experimentKey, table.phase] })],
);
