import { bigserial, index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import type { ActorId } from "#engine/model/ids";
import type { JsonValue } from "#engine/model/json";
import { instant } from "./columns";

/** Who changed what, in the commit that changed it (design D16). Append only. */
export const audit = pgTable(
  "audit",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    at: instant("at").notNull().defaultNow(),
    actorId: text("actor_id").$type<ActorId>().notNull(),
    /** `strategy.published`, `portfolio.imported`, … */
    action: text("action").notNull(),
    /** Id of what was changed. */
    subject: text("subject").notNull(),
    detail: jsonb("detail").$type<JsonValue>().notNull(),
  },
  (table) => [index("audit_subject_index").on(table.subject, table.at)],
);
