import { sql } from "drizzle-orm";
import { integer, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import type { ActorId, StrategyId, StrategyVersionId } from "#engine/model/ids";
import type { LocalText } from "#engine/model/locale";
import type { Program } from "#engine/model/program";
import type { StrategyDoc } from "#engine/model/strategy";
import { instant } from "./columns";

/** A named strategy with the draft people work on. The draft changes by compare-and-set on `draft_revision`. */
export const strategy = pgTable("strategy", {
  id: text("id").$type<StrategyId>().primaryKey(),
  key: text("key").notNull().unique("strategy_key_unique"),
  name: jsonb("name").$type<LocalText>().notNull(),
  draft: jsonb("draft").$type<StrategyDoc>().notNull(),
  draftRevision: integer("draft_revision").notNull(),
  draftUpdatedAt: instant("draft_updated_at").notNull(),
  liveVersionId: text("live_version_id").$type<StrategyVersionId>(),
  createdAt: instant("created_at").notNull(),
});

/** A strategy as published: never changed, never recompiled (design D1, D11). `doc_text` is what export gives back. */
export const strategyVersion = pgTable(
  "strategy_version",
  {
    id: text("id").$type<StrategyVersionId>().primaryKey(),
    strategyId: text("strategy_id")
      .$type<StrategyId>()
      .notNull()
      .references(() => strategy.id),
    number: integer("number").notNull(),
    doc: jsonb("doc").$type<StrategyDoc>().notNull(),
    docText: text("doc_text").notNull(),
    program: jsonb("program").$type<Program>().notNull(),
    /** Format of the Program; a worker leaves those it does not know alone without reading them. */
    programFormat: integer("program_format").notNull().generatedAlwaysAs(sql`coalesce((program ->> 'format')::int, 0)`),
    hash: text("hash").notNull(),
    contentHash: text("content_hash").notNull(),
    publishedAt: instant("published_at").notNull(),
    publishedBy: text("published_by").$type<ActorId>().notNull(),
  },
  (table) => [unique("strategy_version_strategy_number_unique").on(table.strategyId, table.number)],
);
