import { index, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { Channel } from "#engine/model/content";
import type { ChannelStanding, CheckedHealth } from "#engine/ports/channel-standing";
import { instant } from "./columns";

/**
 * How a provider stands in one worker, as that worker last said: the console is another process and has no other way to know. A row
 * that has not been renewed for a while is of a worker that is gone.
 */
export const channelStanding = pgTable(
  "channel_standing",
  {
    /** One life of one worker process. */
    worker: text("worker").notNull(),
    adapter: text("adapter").notNull(),
    channel: text("channel").$type<Channel>().notNull(),
    standing: jsonb("standing").$type<ChannelStanding>().notNull(),
    /** What the provider answered when it was last asked whether all is well; null = not asked yet. */
    health: jsonb("health").$type<CheckedHealth>(),
    /** Real time of the database. */
    seenAt: instant("seen_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.worker, table.adapter] }),
    index("channel_standing_seen_at_index").on(table.seenAt),
  ],
);
