import { boolean, index, integer, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import type { ReleaseChoices } from "#engine/model/hold-release";
import type { ContactPointId, PartyId } from "#engine/model/ids";
import type { ContactPoint } from "#engine/model/party";
import type { HoldKind } from "#engine/model/policy";
import { instant } from "./columns";

/** A person. Holds, caps, consents and experiment arms hang on the person, never on one loan (design D9). */
export const party = pgTable("party", {
  id: text("id").$type<PartyId>().primaryKey(),
  customerNo: text("customer_no").notNull().unique("party_customer_no_unique"),
  /** IANA zone; null = unknown, and then no contact is allowed. */
  timeZone: text("time_zone"),
});

export const contactPoint = pgTable(
  "contact_point",
  {
    id: text("id").$type<ContactPointId>().primaryKey(),
    partyId: text("party_id")
      .$type<PartyId>()
      .notNull()
      .references(() => party.id),
    kind: text("kind").$type<ContactPoint["kind"]>().notNull(),
    /** Order among the party's points of its kind; 1 is tried first. */
    rank: integer("rank").notNull().default(1),
    address: text("address").notNull(),
    simulated: boolean("simulated").notNull(),
    status: text("status").$type<ContactPoint["status"]>().notNull(),
    consent: jsonb("consent").$type<ContactPoint["consent"]>().notNull(),
  },
  (table) => [unique("contact_point_party_kind_address_unique").on(table.partyId, table.kind, table.address)],
);

/** Freezes every enrollment of the party until released (design D6). `until_at` null = until someone releases it. */
export const hold = pgTable(
  "hold",
  {
    id: text("id").primaryKey(),
    partyId: text("party_id").$type<PartyId>().notNull(),
    kind: text("kind").$type<HoldKind>().notNull(),
    fromAt: instant("from_at").notNull(),
    untilAt: instant("until_at"),
    /** What brought it: an intent's key, or the actor who placed it. */
    source: text("source").notNull(),
    /** Why a person placed it, and where that can be seen (a letter, a case file); null = a strategy or an answer brought it. */
    reason: text("reason"),
    evidence: text("evidence"),
    /** What whoever released it chose for the person's enrollments; null = nobody chose, they go on where they stood. */
    choices: jsonb("choices").$type<ReleaseChoices>(),
  },
  (table) => [index("hold_party_from_index").on(table.partyId, table.fromAt)],
);
