import { sql } from "drizzle-orm";
import { boolean, date, index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import type { FactValue } from "#engine/model/facts";
import type { AccountId, ActorId, EnrollmentId, ImportBatchId, PartyId } from "#engine/model/ids";
import type { Currency } from "#engine/model/money";
import type { AccountStatus } from "#engine/model/party";
import { instant, minorUnits } from "./columns";
import { party } from "./party";

/** A loan, as the lender's file told it at its data date. */
export const account = pgTable(
  "account",
  {
    id: text("id").$type<AccountId>().primaryKey(),
    partyId: text("party_id")
      .$type<PartyId>()
      .notNull()
      .references(() => party.id),
    accountNo: text("account_no").notNull().unique("account_account_no_unique"),
    customerNo: text("customer_no").notNull(),
    currency: text("currency").$type<Currency>().notNull(),
    overdueSince: date("overdue_since", { mode: "string" }),
    overdueMinor: minorUnits("overdue_minor").notNull(),
    totalOutstandingMinor: minorUnits("total_outstanding_minor").notNull(),
    dataDate: date("data_date", { mode: "string" }).notNull(),
    status: text("status").$type<AccountStatus>().notNull(),
    timeZone: text("time_zone"),
    fields: jsonb("fields").$type<{ readonly [key: string]: FactValue }>().notNull(),
    batchId: text("batch_id").$type<ImportBatchId>(),
    /** Made from a seed, not a real person's loan. */
    synthetic: boolean("synthetic").notNull(),
  },
  (table) => [
    index("account_party_index").on(table.partyId),
    index("account_overdue_since_index").on(table.overdueSince, table.id),
  ],
);

/** The ledger. A reversal is a row of its own with `reversed`; nothing is ever rewritten. */
export const payment = pgTable(
  "payment",
  {
    id: text("id").primaryKey(),
    partyId: text("party_id").$type<PartyId>().notNull(),
    accountId: text("account_id").$type<AccountId>().notNull(),
    amountMinor: minorUnits("amount_minor").notNull(),
    currency: text("currency").$type<Currency>().notNull(),
    at: instant("at").notNull(),
    reversed: boolean("reversed").notNull(),
    /** `simulated` = made up by the demo's simulated debtors. */
    source: text("source").notNull(),
  },
  (table) => [
    index("payment_account_at_index").on(table.accountId, table.at),
    index("payment_party_at_index").on(table.partyId, table.at),
  ],
);

/** A payment that was taken back after its account had left as cured, so that nobody follows the debt any more. A person decides. */
export const cureReversal = pgTable(
  "cure_reversal",
  {
    paymentId: text("payment_id").primaryKey(),
    partyId: text("party_id").$type<PartyId>().notNull(),
    accountId: text("account_id").$type<AccountId>().notNull(),
    /** The enrollment that left as cured last. */
    enrollmentId: text("enrollment_id").$type<EnrollmentId>().notNull(),
    /** Null = nobody has decided yet. */
    decision: text("decision").$type<"started" | "left">(),
    decidedBy: text("decided_by").$type<ActorId>(),
    decidedAt: instant("decided_at"),
    reason: text("reason"),
  },
  (table) => [
    index("cure_reversal_open_index").on(table.paymentId).where(sql`decision is null`),
    index("cure_reversal_account_index").on(table.accountId),
  ],
);
