import { index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { DeadLetterKind, DeadLetterState } from "#engine/model/dead-letter";
import type { EnrollmentId, PartyId } from "#engine/model/ids";
import { instant } from "./columns";

/** What could not be processed and waits for a person: an enrollment, an inbox entry or an intent, with why and how often. */
export const deadLetter = pgTable(
  "dead_letter",
  {
    partyId: text("party_id").$type<PartyId>().notNull(),
    kind: text("kind").$type<DeadLetterKind>().notNull(),
    /** Enrollment id, inbox id or intent key. */
    subject: text("subject").notNull(),
    enrollmentId: text("enrollment_id").$type<EnrollmentId>(),
    state: text("state").$type<DeadLetterState>().notNull(),
    attempts: integer("attempts").notNull(),
    firstCode: text("first_code").notNull(),
    lastCode: text("last_code").notNull(),
    firstAt: instant("first_at").notNull(),
    lastAt: instant("last_at").notNull(),
    /** Where an enrollment's timer stood before it broke; a retry puts it back. */
    wakeAt: instant("wake_at"),
  },
  (table) => [
    primaryKey({ columns: [table.partyId, table.kind, table.subject] }),
    index("dead_letter_state_last_at_index").on(table.state, table.lastAt),
  ],
);
