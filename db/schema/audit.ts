import { sql } from "drizzle-orm";
import { bigint, bigserial, index, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import type { ActorId } from "#engine/model/ids";
import type { JsonValue } from "#engine/model/json";
import { instant } from "./columns";

/**
 * Who changed what, in the commit that changed it (design D16). Append only but for the seal, which a sealer adds afterwards:
 * whoever changes something must not wait for the row before theirs.
 */
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
    /** Place in the chain, dense from 1; ids have gaps and are not given out in the order of the commits. Null = not sealed yet. */
    seq: bigint("seq", { mode: "number" }),
    /** SHA-256 over the hash before and this row, lower-case hex. */
    hash: text("hash"),
  },
  (table) => [
    index("audit_subject_index").on(table.subject, table.at),
    unique("audit_seq_unique").on(table.seq),
    index("audit_unsealed_index").on(table.id).where(sql`seq is null`),
  ],
);
