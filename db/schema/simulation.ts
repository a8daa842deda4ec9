import { boolean, date, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import type { ActorId } from "#engine/model/ids";
import type { JsonValue } from "#engine/model/json";
import type { Currency } from "#engine/model/money";
import { instant } from "./columns";

/** What a Program would have done to a portfolio. Good for one Program and one state of the portfolio, and never changed. */
export const simulationRun = pgTable(
  "simulation_run",
  {
    id: text("id").primaryKey(),
    programHash: text("program_hash").notNull(),
    portfolioFingerprint: text("portfolio_fingerprint").notNull(),
    synthetic: boolean("synthetic").notNull(),
    currency: text("currency").$type<Currency>().notNull(),
    fromDate: date("from_date", { mode: "string" }).notNull(),
    days: integer("days").notNull(),
    seed: integer("seed").notNull(),
    /** Everything but the per-account fingerprints. */
    result: jsonb("result").$type<JsonValue>().notNull(),
    actorId: text("actor_id").$type<ActorId>().notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [index("simulation_run_program_created_index").on(table.programHash, table.createdAt)],
);
