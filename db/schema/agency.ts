import { sql } from "drizzle-orm";
import { boolean, date, index, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import type { Manifest, OutgoingKind, ReturnKind } from "#engine/agency/manifest";
import type { RecallReason } from "#engine/agency/outgoing";
import type { PlacementEnding } from "#engine/agency/returns/define";
import type { AccountId, ActorId, EnrollmentId, PartyId } from "#engine/model/ids";
import type { IssueParams, IssueSeverity } from "#engine/model/issue";
import { instant } from "./columns";

/** An agency, and what the law asks of one before it is given anything (R13). Null = nobody knows, which is no permission. */
export const agency = pgTable("agency", {
  /** Short name in files and folders. */
  code: text("code").primaryKey(),
  /** As strategies call it. */
  name: text("name").notNull().unique("agency_name_unique"),
  licensed: boolean("licensed"),
  whitelisted: boolean("whitelisted"),
  violation: boolean("violation"),
  contractUntil: date("contract_until", { mode: "string" }),
  evaluatedOn: date("evaluated_on", { mode: "string" }),
  trainedOn: date("trained_on", { mode: "string" }),
  updatedAt: instant("updated_at").notNull(),
  updatedBy: text("updated_by").$type<ActorId>().notNull(),
});

/** A batch for an agency. Its files are a row first, so that a writer that dies leaves nothing half said. */
export const agencyBatch = pgTable(
  "agency_batch",
  {
    id: text("id").primaryKey(),
    agency: text("agency").notNull(),
    kind: text("kind").$type<OutgoingKind>().notNull(),
    manifest: jsonb("manifest").$type<Manifest>().notNull(),
    /** Text of the file; forgotten once it lies in the outbox, because it holds names and numbers of people. */
    content: text("content"),
    createdAt: instant("created_at").notNull(),
    writtenAt: instant("written_at"),
  },
  (table) => [
    index("agency_batch_created_index").on(table.createdAt),
    index("agency_batch_unwritten_index").on(table.createdAt).where(sql`written_at is null`),
  ],
);

/** An account in an agency's hands: given out in one line, let go of in another, and what became of it. */
export const agencyPlacement = pgTable(
  "agency_placement",
  {
    partyId: text("party_id").$type<PartyId>().notNull(),
    batchId: text("batch_id").notNull(),
    line: integer("line").notNull(),
    agency: text("agency").notNull(),
    accountId: text("account_id").$type<AccountId>().notNull(),
    enrollmentId: text("enrollment_id").$type<EnrollmentId>().notNull(),
    /** Request of the step that wants it placed; one request is placed once. */
    intentKey: text("intent_key").notNull(),
    placedAt: instant("placed_at").notNull(),
    recallBatchId: text("recall_batch_id"),
    recallLine: integer("recall_line"),
    recallReason: text("recall_reason").$type<RecallReason>(),
    recalledAt: instant("recalled_at"),
    /** When the agency let go of it. */
    endedAt: instant("ended_at"),
    ending: text("ending").$type<PlacementEnding>(),
  },
  (table) => [
    primaryKey({ columns: [table.partyId, table.batchId, table.line] }),
    unique("agency_placement_line_unique").on(table.batchId, table.line),
    unique("agency_placement_intent_unique").on(table.intentKey),
    index("agency_placement_out_index").on(table.agency, table.placedAt).where(sql`ended_at is null`),
    index("agency_placement_recall_index").on(table.recallBatchId),
  ],
);

/** A file an agency sent back and that was applied. */
export const agencyReturn = pgTable(
  "agency_return",
  {
    id: text("id").primaryKey(),
    agency: text("agency").notNull(),
    kind: text("kind").$type<ReturnKind>().notNull(),
    /** The agency's own name of it, once for good. */
    batch: text("batch").notNull(),
    sha256: text("sha256").notNull(),
    lines: integer("lines").notNull(),
    applied: integer("applied").notNull(),
    repeated: integer("repeated").notNull(),
    rejected: integer("rejected").notNull(),
    appliedAt: instant("applied_at").notNull(),
    actorId: text("actor_id").$type<ActorId>().notNull(),
  },
  (table) => [
    unique("agency_return_batch_unique").on(table.agency, table.batch),
    index("agency_return_applied_index").on(table.appliedAt),
  ],
);

/** Every line that was applied, by the agency's own name of it: told again it changes nothing. */
export const agencyReturnLine = pgTable(
  "agency_return_line",
  {
    agency: text("agency").notNull(),
    kind: text("kind").$type<ReturnKind>().notNull(),
    ref: text("ref").notNull(),
    /** Of what the line said. */
    hash: text("hash").notNull(),
    returnId: text("return_id").notNull(),
    line: integer("line").notNull(),
  },
  (table) => [primaryKey({ columns: [table.agency, table.kind, table.ref] })],
);

/** What was wrong or odd with a line of a return. Holds where and why, never the value: it may be personal. */
export const agencyReturnIssue = pgTable(
  "agency_return_issue",
  {
    returnId: text("return_id").notNull(),
    ordinal: integer("ordinal").notNull(),
    line: integer("line"),
    columnName: text("column_name").notNull(),
    severity: text("severity").$type<IssueSeverity>().notNull(),
    code: text("code").notNull(),
    params: jsonb("params").$type<IssueParams>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.returnId, table.ordinal] })],
);
