import { pgTable, text } from "drizzle-orm/pg-core";
import type { ActorId } from "#engine/model/ids";
import { instant } from "./columns";

/** Who is at a piece of work that waits for people, and until when nobody else takes it up. Real time of the database. */
export const deskClaim = pgTable("desk_claim", {
  intentKey: text("intent_key").primaryKey(),
  actorId: text("actor_id").$type<ActorId>().notNull(),
  until: instant("until").notNull(),
});
