import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveImport } from "#db/queries/import";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import type { Condition } from "#engine";
import { accountIdOf, partyIdOf } from "#engine/model/ids";
import type { Account } from "#engine/model/party";
import { addDays, localDate } from "#engine/model/time";
import { overdueSinceOf } from "#engine/portfolio/facts";
import { DEMO_ACTOR } from "../actor";
import { engineNowMs } from "../clock";
import { LENDER_TIME_ZONE } from "../lender";
import { appRouter } from "../router";
import { createCallerFactory } from "../trpc";
import { type AskBounds, askPortfolio, type PortfolioQuestion } from "./ask-portfolio";
import { textValues } from "./text-values";

/** How many of the lender's accounts a condition holds for, while it is written. */

const SETTINGS: PortfolioQuestion["settings"] = {
  market: "cn",
  currency: "CNY",
  timeZone: LENDER_TIME_ZONE,
  fields: [],
  variables: [{ name: "tries", type: "integer", label: { en: "Tries" }, initial: 2 }],
};

let house: TestDatabase;
let today: string;
beforeAll(async () => {
  house = await openTestDatabase();
  today = localDate(LENDER_TIME_ZONE, await engineNowMs(house.database));
});
afterAll(() => house.drop());

/** An open loan, so many days past due, with what its file says of it. */
function loan(accountNo: string, dpd: number, changes: Partial<Account> = {}): Account {
  return {
    id: accountIdOf(accountNo),
    partyId: partyIdOf(accountNo),
    accountNo,
    customerNo: accountNo,
    currency: "CNY",
    overdueSince: dpd > 0 ? overdueSinceOf(today, dpd) : null,
    overdueMinor: dpd * 1000,
    totalOutstandingMinor: 500_000,
    dataDate: addDays(today, 0),
    status: "open",
    timeZone: LENDER_TIME_ZONE,
    fields: {},
    ...changes,
  };
}

async function bring(accounts: readonly Account[], synthetic: boolean): Promise<void> {
  await saveImport(house.database, {
    fileName: "test.csv",
    fileSha256: "0".repeat(64),
    mappingName: null,
    options: {},
    rows: accounts.length,
    accounts,
    contactPoints: [],
    rejected: [],
    rejectedRows: 0,
    synthetic,
    actorId: DEMO_ACTOR.id,
  });
}

const ask = (condition: Condition, bounds: AskBounds = {}) =>
  askPortfolio(house.database, { condition, settings: SETTINGS }, bounds);
const AT_LEAST_10: Condition = { fact: "dpd", operator: "greaterThanInclusive", value: 10 };
const IS_HIGH: Condition = { fact: "risk_level", operator: "equal", value: "high" };

describe("a condition asked of the portfolio", () => {
  it("asks the synthetic accounts as long as the lender has none, and says so", async () => {
    await bring([loan("SYN-1", 12), loan("SYN-2", 3)], true);
    expect(await ask(AT_LEAST_10)).toMatchObject({ looked: 2, matches: 1, unknown: 0, synthetic: true, capped: false });
  });

  it("counts who it holds for and for whom nobody can tell, of open loans in the strategy's currency", async () => {
    await bring(
      [
        loan("A-1", 12, { fields: { customer_name: "张三", risk_level: "high" } }),
        loan("A-2", 45, { fields: { risk_level: "low" } }),
        loan("A-3", 60),
        loan("A-4", 90, { status: "sold", fields: { risk_level: "high" } }),
        loan("A-5", 90, { currency: "TWD", fields: { risk_level: "high" } }),
      ],
      false,
    );
    expect(await ask(IS_HIGH)).toMatchObject({ looked: 3, matches: 1, unknown: 1, synthetic: false });
    expect(await ask({ not: IS_HIGH })).toMatchObject({ matches: 1, unknown: 1 });
  });

  it("shows examples without a name in full, with days past due and what is due", async () => {
    expect((await ask(AT_LEAST_10)).examples).toEqual([
      { accountId: "acct_A-1", name: "张**", accountNo: "A-1", dpd: 12, overdue: { minor: 12_000, currency: "CNY" } },
      { accountId: "acct_A-2", name: null, accountNo: "A-2", dpd: 45, overdue: { minor: 45_000, currency: "CNY" } },
      { accountId: "acct_A-3", name: null, accountNo: "A-3", dpd: 60, overdue: { minor: 60_000, currency: "CNY" } },
    ]);
  });

  it("takes what was paid since, and contacts of the past, as a live step does", async () => {
    await house.database.sql`
      insert into payment (id, party_id, account_id, amount_minor, currency, at, reversed, source)
      select 'pay_1', party_id, id, overdue_minor, currency, now(), false, 'test' from account where id = 'acct_A-2'`;
    expect(await ask(AT_LEAST_10)).toMatchObject({ matches: 2 });
    expect(await ask({ fact: "payments.30d", operator: "equal", value: 1 })).toMatchObject({ matches: 1 });
  });

  it("takes what the strategy gives an account as of somebody who comes in now", async () => {
    const tries: Condition = { fact: "var.tries", operator: "equal", value: 2 };
    expect(await ask(tries)).toMatchObject({ matches: 3, asOnEntry: true });
    expect(await ask({ fact: "arm.tone", operator: "equal", value: "b" })).toMatchObject({
      unknown: 3,
      asOnEntry: true,
    });
    expect(await ask(AT_LEAST_10)).toMatchObject({ asOnEntry: false });
  });

  it("refuses what the linter refuses, with the place", async () => {
    await expect(ask({ all: [{ fact: "customer_name", operator: "equal", value: "x" }] })).rejects.toMatchObject({
      code: "strategy.condition-invalid",
      issues: [{ code: "condition.fact-not-usable", path: ".all[0].fact" }],
    });
  });

  it("looks page by page, at each account once, and no farther than its bound, and says that there are more", async () => {
    expect(await ask(AT_LEAST_10, { page: 1 })).toMatchObject({ looked: 3, matches: 2, capped: false });
    expect(await ask(AT_LEAST_10, { page: 2, accountsMax: 3 })).toMatchObject({ looked: 3, capped: false });
    expect(await ask(AT_LEAST_10, { page: 5, accountsMax: 2 })).toMatchObject({ looked: 2, capped: true });
  });

  it("reads no further page once nobody waits for the answer", async () => {
    expect((await ask(AT_LEAST_10, { signal: AbortSignal.abort() })).looked).toBe(0);
  });
});

describe("what a text may quote of an account", () => {
  it("is what the renderer takes, with what is personal masked", async () => {
    const values = await textValues(house.database, { accountId: "acct_A-1", settings: SETTINGS });
    expect(values).toMatchObject({ customer_name: "张**", risk_level: "high", dpd: 12, overdue_amount: 12_000 });
  });

  it("is nothing of an account nobody knows", async () => {
    const asked = textValues(house.database, { accountId: "acct_none", settings: SETTINGS });
    await expect(asked).rejects.toMatchObject({ code: "account.not-found" });
  });
});

describe("the door", () => {
  const caller = () => createCallerFactory(appRouter)({ database: house.database, actor: DEMO_ACTOR });

  it("refuses a zone nobody knows and a condition too deep to be walked, unread", async () => {
    const settings = { ...SETTINGS, timeZone: "Mars/Olympus" };
    await expect(caller().portfolio.ask({ condition: AT_LEAST_10, settings })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    let deep: unknown = AT_LEAST_10;
    for (let depth = 0; depth < 50_000; depth += 1) deep = { not: deep };
    await expect(caller().portfolio.ask({ condition: deep, settings: SETTINGS })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });
});
