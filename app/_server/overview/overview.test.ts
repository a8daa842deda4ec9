import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveImport } from "#db/queries/import";
import { bucketTotals, movementSince } from "#db/queries/overview";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { accountIdOf, partyIdOf } from "#engine/model/ids";
import type { Account } from "#engine/model/party";
import { addDays, DAY_MS } from "#engine/model/time";
import { overdueSinceOf } from "#engine/portfolio/facts";
import { DEMO_ACTOR } from "../actor";
import { attentionNow } from "./attention";
import { portfolioOverview } from "./portfolio-overview";

const TODAY = "2026-03-02";
const NOW_MS = Date.UTC(2026, 2, 2, 4);

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
  await bring([loan("1", "ann", [12, 10_000]), loan("2", "ann", [45, 20_000]), loan("3", "bob", [0, 0])]);
  await bring([{ ...loan("4", "cy", [200, 70_000]), currency: "TWD" }]);
  await bring([{ ...loan("5", "di", [12, 99_000]), status: "sold" }]);
});
afterAll(() => house.drop());

/** An open loan, by days past due and what is overdue. */
function loan(accountNo: string, customerNo: string, [dpd, overdueMinor]: readonly [number, number]): Account {
  return {
    id: accountIdOf(accountNo),
    partyId: partyIdOf(customerNo),
    accountNo,
    customerNo,
    currency: "CNY",
    overdueSince: dpd > 0 ? overdueSinceOf(TODAY, dpd) : null,
    overdueMinor,
    totalOutstandingMinor: overdueMinor * 3,
    dataDate: TODAY,
    status: "open",
    timeZone: "Asia/Shanghai",
    fields: {},
  };
}

async function bring(accounts: readonly Account[]): Promise<void> {
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
    synthetic: false,
    actorId: DEMO_ACTOR.id,
  });
}

async function pays(accountNo: string, amountMinor: number, reversed = false): Promise<void> {
  const account = accountIdOf(accountNo);
  await house.database.sql`
    insert into payment (id, party_id, account_id, amount_minor, currency, at, reversed, source)
    select ${`pay_${accountNo}_${reversed}`}, party_id, id, ${amountMinor}, currency, ${new Date(NOW_MS)}, ${reversed}, 'test'
    from account where id = ${account}`;
}

const stages = async (today = TODAY) =>
  (await bucketTotals(house.database, today)).map(({ currency, bucket, accounts, overdueMinor }) => [
    currency,
    bucket,
    accounts,
    overdueMinor,
  ]);

describe("where people and money stand", () => {
  it("keeps currencies apart and leaves out what is not ours to collect any more", async () => {
    expect(await stages()).toEqual([
      ["CNY", "M0", 1, 0],
      ["CNY", "M1", 1, 10_000],
      ["CNY", "M2", 1, 20_000],
      ["TWD", "M6+", 1, 70_000],
    ]);
  });

  it("counts a person with two loans once in the portfolio", async () => {
    const portfolios = await portfolioOverview(house.database, TODAY);
    expect(portfolios.map(({ currency, accounts, parties }) => [currency, accounts, parties])).toEqual([
      ["CNY", 3, 2],
      ["TWD", 1, 1],
    ]);
  });

  it("moves loans on to the next stage as days pass", async () => {
    expect(await stages(addDays(TODAY, 19))).toContainEqual(["CNY", "M2", 1, 10_000]);
    expect(await stages(addDays(TODAY, 18))).toContainEqual(["CNY", "M1", 1, 10_000]);
  });

  it("takes payments off, shows the paid ones as cured, and gives reversals back", async () => {
    await pays("2", 5_000);
    expect(await stages()).toContainEqual(["CNY", "M2", 1, 15_000]);
    await pays("1", 10_000);
    expect(await stages()).toContainEqual(["CNY", "cured", 1, 0]);
    await pays("1", 10_000, true);
    expect(await stages()).toContainEqual(["CNY", "M1", 1, 10_000]);
  });
});

describe("what moved", () => {
  it("adds payments by currency, reversals taken off, and forgets what is older", async () => {
    const recent = await movementSince(house.database, NOW_MS - DAY_MS);
    expect(recent.payments).toEqual([{ currency: "CNY", count: 3, minor: 5_000 }]);
    expect((await movementSince(house.database, NOW_MS + 1)).payments).toEqual([]);
  });
});

describe("what needs a person", () => {
  it("is empty when nothing does, and says the urgent first", async () => {
    expect(await attentionNow(house.database, { unpublished: 0, paused: 0 })).toEqual([]);
    expect(await attentionNow(house.database, { unpublished: 2, paused: 1 })).toEqual([
      { kind: "unpublished", count: 2, href: "/strategies", urgent: false },
      { kind: "paused", count: 1, href: "/strategies", urgent: false },
    ]);
  });
});
