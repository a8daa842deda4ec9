import { boolean, index, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { Channel } from "#engine/model/content";
import type { AccountId, ActorId, ContactPointId, PartyId } from "#engine/model/ids";
import type { PartyRole } from "#engine/model/market-pack";
import type { WeeklyWindow } from "#engine/model/weekly-window";
import { instant } from "./columns";

/**
 * Contacts others made with our parties: agencies, and people outside the house. Laws count them together with our own, so the
 * gate is shown them. `id` is whatever the reporter calls the contact, once per party.
 */
export const outsideContact = pgTable(
  "outside_contact",
  {
    partyId: text("party_id").$type<PartyId>().notNull(),
    id: text("id").notNull(),
    /** Null = not said: it counts for every account, or every number, of the party. */
    accountId: text("account_id").$type<AccountId>(),
    contactPointId: text("contact_point_id").$type<ContactPointId>(),
    channel: text("channel").$type<Channel>().notNull(),
    role: text("role").$type<PartyRole>().notNull().default("self"),
    at: instant("at").notNull(),
    outcome: text("outcome"),
    connected: boolean("connected").notNull(),
    conversed: boolean("conversed").notNull(),
    /** Who reported it. */
    source: text("source").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partyId, table.id] }),
    index("outside_contact_party_at_index").on(table.partyId, table.at),
  ],
);

/** What a debtor agreed to beyond the rules: which, where, until when, and where it can be heard or read. */
export const recordedConsent = pgTable(
  "recorded_consent",
  {
    partyId: text("party_id").$type<PartyId>().notNull(),
    id: text("id").notNull(),
    rules: jsonb("rules").$type<readonly string[]>().notNull(),
    channels: jsonb("channels").$type<readonly Channel[]>().notNull(),
    windows: jsonb("windows").$type<readonly WeeklyWindow[]>(),
    fromAt: instant("from_at").notNull(),
    untilAt: instant("until_at").notNull(),
    evidence: text("evidence").notNull(),
    recordedBy: text("recorded_by").notNull(),
  },
  (table) => [primaryKey({ columns: [table.partyId, table.id] })],
);

/**
 * What a person said about being contacted on a channel, each time: given or taken back, when, and where that can be heard or read.
 * The latest by its own time holds, and of two at one time the refusal.
 */
export const channelConsent = pgTable(
  "channel_consent",
  {
    contactPointId: text("contact_point_id").$type<ContactPointId>().notNull(),
    channel: text("channel").$type<Channel>().notNull(),
    /** When it was said, whenever it was recorded. */
    at: instant("at").notNull(),
    given: boolean("given").notNull(),
    /** Recording, letter or message in which it was said. */
    evidence: text("evidence").notNull(),
    recordedBy: text("recorded_by").$type<ActorId>().notNull(),
    recordedAt: instant("recorded_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.contactPointId, table.channel, table.at, table.given] })],
);
