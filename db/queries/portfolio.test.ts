import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { accountIdOf, partyIdOf } from "#engine/model/ids";
import { issue } from "#engine/model/issue";
import type { Account, ContactPoint } from "#engine/model/party";
import { openTestDatabase, type TestDatabase } from "../testing";
import { accountById, listAccounts, portfolioPage } from "./account";
import { auditOf } from "./audit";
import { listImports, listMappings, type NewImport, rejectionsOf, saveImport, saveMapping } from "./import";

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());
beforeEach(async () => {
  await house.database
    .sql`truncate party, account, contact_point, payment, import_batch, import_rejection, inbox, enrollment cascade`;
});

function loan(accountNo: string, given: Partial<Account> = {}): Account {
  const customerNo = given.customerNo ?? `C-${accountNo}`;
  return {
    id: accountIdOf(accountNo),
    partyId: partyIdOf(customerNo),
    accountNo,
    customerNo,
    currency: "CNY",
    overdueSince: "2026-02-20",
    overdueMinor: 120_050,
    totalOutstandingMinor: 900_000,
    dataDate: "2026-03-01",
    status: "open",
    timeZone: "Asia/Shanghai",
    fields: { product: "cash-loan", customer_name: "欧阳𠮷" },
    ...given,
  };
}

function phoneOf(account: Account): ContactPoint {
  return {
    id: `cp_${account.accountNo}`,
    partyId: account.partyId,
    kind: "phone",
    rank: 1,
    address: `sim:${account.accountNo}`,
    simulated: true,
    status: "valid",
    consent: { sms: "granted" },
  };
}

function file(accounts: readonly Account[], given: Partial<NewImport> = {}): NewImport {
  return {
    fileName: "march.csv",
    fileSha256: "ab".repeat(32),
    mappingName: null,
    options: { simulatedContacts: true },
    rows: accounts.length,
    accounts,
    contactPoints: accounts.map(phoneOf),
    rejected: [],
    rejectedRows: 0,
    synthetic: false,
    actorId: "actor_demo",
    ...given,
  };
}

const everything = { today: "2026-03-01", filter: {}, offset: 0, limit: 50 } as const;

test("an imported loan is read back as it was, with its contact points and an audit row", async () => {
  const account = loan("A1");
  const saved = await saveImport(house.database, file([account]));
  expect(saved).toMatchObject({ inserted: 1, updated: 0, skipped: 0, rejected: 0 });
  const found = await accountById(house.database.sql, account.id);
  expect(found).toEqual({
    account,
    synthetic: false,
    paidMinor: 0,
    enrollments: [],
    contactPoints: [{ ...phoneOf(account), id: expect.stringMatching(/^cp_/) }],
  });
  expect(await auditOf(house.database.sql, saved.batchId, 5)).toMatchObject([{ action: "portfolio.imported" }]);
});

test("two loans of one person make one party and keep their contact points once", async () => {
  const loans = [loan("A1", { customerNo: "C1" }), loan("A2", { customerNo: "C1" })];
  const one = phoneOf(loans[0] as Account);
  await saveImport(house.database, file(loans, { contactPoints: [one, { ...one, id: "cp_other" }] }));
  expect(await house.database.sql`select id from party`).toHaveLength(1);
  expect(await house.database.sql`select id from contact_point`).toHaveLength(1);
});

test("a newer file brings a loan up to date, an older one or another person's leaves it alone", async () => {
  await saveImport(house.database, file([loan("A1")]));
  const newer = await saveImport(house.database, file([loan("A1", { dataDate: "2026-04-01", overdueMinor: 5 })]));
  const older = await saveImport(house.database, file([loan("A1", { dataDate: "2026-01-01", overdueMinor: 7 })]));
  const others = await saveImport(house.database, file([loan("A1", { dataDate: "2026-05-01", customerNo: "C9" })]));
  expect([newer.updated, older.skipped, others.skipped]).toEqual([1, 1, 1]);
  expect((await accountById(house.database.sql, "acct_A1"))?.account).toMatchObject({
    overdueMinor: 5,
    customerNo: "C-A1",
  });
});

test("strategies a loan is in hear once that its facts changed", async () => {
  await saveImport(house.database, file([loan("A1"), loan("A2")]));
  await house.database.sql`
    insert into enrollment (party_id, id, account_id, version_id, status, node_id, step_seq, started_at, entered_at, attempt, pending,
      loop_counts, vars)
    values ('party_C-A1', 'enr_1', 'acct_A1', 'ver_1', 'active', 'wait', 2, now(), now(), 0, false, '{}', '{}'),
      ('party_C-A2', 'enr_2', 'acct_A2', 'ver_1', 'exited', 'end', 2, now(), now(), 0, false, '{}', '{}')`;
  await saveImport(house.database, file([loan("A1"), loan("A2")]));
  const told = await house.database.sql`select enrollment_id, type from inbox`;
  expect(told).toEqual([{ enrollment_id: "enr_1", type: "facts.changed" }]);
});

test("an import that fails half-way leaves nothing", async () => {
  const broken = { ...loan("A2"), overdueMinor: Number.NaN };
  const many = [...Array.from({ length: 2500 }, (_, index) => loan(`B${index}`)), broken];
  await expect(saveImport(house.database, file(many))).rejects.toThrow();
  expect(await house.database.sql`select id from account`).toHaveLength(0);
  expect(await house.database.sql`select id from import_batch`).toHaveLength(0);
});

test("rejected rows keep line, column and reason", async () => {
  const rejected = [
    issue("intake.date-impossible", { path: "due date", line: 7, column: 3 }, { text: 10 }),
    issue("intake.amount-malformed", { path: "amount", line: 7, column: 4 }),
    issue("intake.cells-missing", { line: 9 }),
  ];
  const saved = await saveImport(house.database, file([loan("A1")], { rejected, rejectedRows: 2, rows: 3 }));
  expect(saved.rejected).toBe(2);
  expect(await rejectionsOf(house.database.sql, saved.batchId, 10)).toEqual([
    { line: 7, columnIndex: 3, columnName: "due date", code: "intake.date-impossible", params: { text: 10 } },
    { line: 7, columnIndex: 4, columnName: "amount", code: "intake.amount-malformed", params: {} },
    { line: 9, columnIndex: null, columnName: "", code: "intake.cells-missing", params: {} },
  ]);
  expect(await listImports(house.database.sql, 5)).toMatchObject([{ rows: 3, accepted: 1, rejected: 2 }]);
});

test("lists by stage, text, field and origin, with the total beyond the page", async () => {
  await saveImport(
    house.database,
    file([
      loan("A1", { overdueSince: null, overdueMinor: 0 }),
      loan("A2", { overdueSince: "2026-03-01" }),
      loan("A3", { overdueSince: "2026-01-31" }),
      loan("A4", { overdueSince: "2026-01-30" }),
      loan("A5_x", { overdueSince: "2025-01-01", fields: { product: "card" } }),
    ]),
  );
  const inBucket = async (bucket: "M0" | "M1" | "M2" | "M6+" | "cured") => {
    const page = await listAccounts(house.database.sql, { ...everything, filter: { bucket } });
    return page.accounts.map((row) => row.account.accountNo);
  };
  expect(await inBucket("M0")).toEqual(["A1"]);
  expect(await inBucket("M1")).toEqual(["A2", "A3"]);
  expect(await inBucket("M2")).toEqual(["A4"]);
  expect(await inBucket("M6+")).toEqual(["A5_x"]);
  const text = await listAccounts(house.database.sql, { ...everything, filter: { text: "5_" } });
  expect(text.accounts).toHaveLength(1);
  const card = await listAccounts(house.database.sql, {
    ...everything,
    filter: { field: { key: "product", value: "card" } },
  });
  expect(card.total).toBe(1);
  const page = await listAccounts(house.database.sql, { ...everything, offset: 1, limit: 2 });
  expect(page.accounts.map((row) => row.account.accountNo)).toEqual(["A2", "A3"]);
  expect(page.total).toBe(5);
});

test("what was paid since the file's date is known, and makes a loan cured", async () => {
  await saveImport(house.database, file([loan("A1"), loan("A2")]));
  await house.database.sql`
    insert into payment (id, party_id, account_id, amount_minor, currency, at, reversed, source) values
      ('p0', 'party_C-A1', 'acct_A1', 999999, 'CNY', '2026-02-01T00:00:00Z', false, 'file'),
      ('p1', 'party_C-A1', 'acct_A1', 130000, 'CNY', '2026-03-02T00:00:00Z', false, 'file'),
      ('p2', 'party_C-A1', 'acct_A1', 5000, 'CNY', '2026-03-03T00:00:00Z', true, 'file')`;
  expect((await accountById(house.database.sql, "acct_A1"))?.paidMinor).toBe(125_000);
  const cured = await listAccounts(house.database.sql, { ...everything, filter: { bucket: "cured" } });
  expect(cured.accounts.map((row) => row.account.id)).toEqual(["acct_A1"]);
});

test("the portfolio comes in pages by id, each loan once", async () => {
  await saveImport(house.database, file(Array.from({ length: 25 }, (_, index) => loan(`A${index}`))));
  const seen: string[] = [];
  for (let after: `acct_${string}` | null = null; ; ) {
    const page = await portfolioPage(house.database.sql, { after, limit: 10 });
    seen.push(...page.map((row) => row.account.id));
    if (page.length < 10) break;
    after = page.at(-1)?.account.id ?? null;
  }
  expect(seen).toHaveLength(25);
  expect(seen).toEqual([...seen].sort());
});

test("a mapping saved twice under one name is one mapping", async () => {
  const first = await saveMapping(house.database, {
    name: "core bank",
    mapping: { columns: 1 },
    actorId: "actor_demo",
  });
  const second = await saveMapping(house.database, {
    name: "core bank",
    mapping: { columns: 2 },
    actorId: "actor_demo",
  });
  expect(second).toBe(first);
  expect(await listMappings(house.database.sql)).toMatchObject([{ name: "core bank", mapping: { columns: 2 } }]);
});
