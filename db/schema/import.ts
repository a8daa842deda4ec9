import { index, integer, jsonb, pgTable, serial, text } from "drizzle-orm/pg-core";
import type { ActorId, ImportBatchId, MappingId } from "#engine/model/ids";
import type { IssueParams } from "#engine/model/issue";
import type { JsonValue } from "#engine/model/json";
import { instant } from "./columns";

/** How the columns of a lender's file become accounts, kept under a name for the next file. */
export const importMapping = pgTable("import_mapping", {
  id: text("id").$type<MappingId>().primaryKey(),
  name: text("name").notNull().unique("import_mapping_name_unique"),
  mapping: jsonb("mapping").$type<JsonValue>().notNull(),
  updatedAt: instant("updated_at").notNull(),
});

export const importBatch = pgTable("import_batch", {
  id: text("id").$type<ImportBatchId>().primaryKey(),
  fileName: text("file_name").notNull(),
  fileSha256: text("file_sha256").notNull(),
  mappingName: text("mapping_name"),
  options: jsonb("options").$type<JsonValue>().notNull(),
  rows: integer("rows").notNull(),
  accepted: integer("accepted").notNull(),
  rejected: integer("rejected").notNull(),
  createdAt: instant("created_at").notNull(),
  actorId: text("actor_id").$type<ActorId>().notNull(),
});

/** A row of a file that did not become an account. Holds where and why, never the value: it may be personal. */
export const importRejection = pgTable(
  "import_rejection",
  {
    id: serial("id").primaryKey(),
    batchId: text("batch_id")
      .$type<ImportBatchId>()
      .notNull()
      .references(() => importBatch.id),
    line: integer("line"),
    columnIndex: integer("column_index"),
    columnName: text("column_name").notNull(),
    code: text("code").notNull(),
    params: jsonb("params").$type<IssueParams>().notNull(),
  },
  (table) => [index("import_rejection_batch_line_index").on(table.batchId, table.line)],
);
