import { sql } from "drizzle-orm";
import { date, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import type { AccountId, PartyId } from "#engine/model/ids";
import type { Currency } from "#engine/model/money";
import type { PromiseEnd } from "#engine/model/promise";
import { instant, minorUnits } from "./columns";

/** A promise to pay. Opened by what the debtor said, closed by what the ledger says; at most one is open per account. */
export const promise = pgTable(
  "promise",
  {
    id: text("id").primaryKey(),
    partyId: text("party_id").$type<PartyId>().notNull(),
    accountId: text("account_id").$type<AccountId>().notNull(),
    amountMinor: minorUnits("amount_minor").notNull(),
    currency: text("currency").$type<Currency>().notNull(),
    dueDate: date("due_date", { mode: "string" }).notNull(),
    openedAt: instant("opened_at").notNull(),
    closedAt: instant("closed_at"),
    /** Null = open; `replaced` = the debtor promised anew before it was settled; `cancelled` = nobody follows it any more. */
    result: text("result").$type<PromiseEnd | "replaced">(),
    /** Paid from `opened_at` to `closed_at`; null while it is open. */
    paidMinor: minorUnits("paid_minor"),
    /** Key of the inbox entry that brought it. */
    source: text("source").notNull(),
  },
  (table) => [
    index("promise_account_opened_index").on(table.accountId, table.openedAt),
    index("promise_party_opened_index").on(table.partyId, table.openedAt),
    index("promise_party_broken_index").on(table.partyId, table.closedAt).where(sql`result = 'broken'`),
  ],
);

/** An agreed payment plan. How it stands is reckoned from the ledger whenever it is asked. */
export const paymentPlan = pgTable(
  "payment_plan",
  {
    id: text("id").primaryKey(),
    partyId: text("party_id").$type<PartyId>().notNull(),
    accountId: text("account_id").$type<AccountId>().notNull(),
    instalments: integer("instalments").notNull(),
    instalmentMinor: minorUnits("instalment_minor").notNull(),
    firstDue: date("first_due", { mode: "string" }).notNull(),
    openedAt: instant("opened_at").notNull(),
  },
  (table) => [index("payment_plan_account_opened_index").on(table.accountId, table.openedAt)],
);
