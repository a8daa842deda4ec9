import { sql } from "drizzle-orm";
import { check, doublePrecision, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/**
 * The one clock every due decision is taken on. Engine time = `anchor_virtual` + (real time - `anchor_real`) x `ratio`;
 * ratio 0 is a paused demo clock. Exactly one row.
 */
export const engineClock = pgTable(
  "engine_clock",
  {
    id: integer("id").primaryKey(),
    mode: text("mode").$type<"real" | "demo">().notNull(),
    ratio: doublePrecision("ratio").notNull(),
    anchorReal: instant("anchor_real").notNull(),
    anchorVirtual: instant("anchor_virtual").notNull(),
  },
  (table) => [
    check("engine_clock_single_row", sql`${table.id} = 1`),
    check("engine_clock_ratio_not_negative", sql`${table.ratio} >= 0`),
  ],
);
