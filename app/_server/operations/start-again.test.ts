import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#db";
import { auditOf } from "#db/queries/audit";
import { decideReversals, openReversals } from "#db/queries/cure-reversal";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { PERMISSIONS } from "#engine/model/actor";
import { HOUR_MS, MINUTE_MS } from "#engine/model/time";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { enrollAccounts } from "#engine/runtime/enroll";
import { tickEngine } from "#engine/runtime/tick";
import { anAccount, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { callingVersion } from "#engine/testing/live-story";
import type { StoresUnderTest } from "#engine/testing/stores-under-test";
import { runtimeOn } from "../worker-runtime";
import { startAgain } from "./start-again";

const NOW = MONDAY_MORNING_MS;
const VERSION = callingVersion();
const ANNA = { id: "actor_anna", name: "Anna", demo: false, permissions: PERMISSIONS } as const;
const people = ["P1", "P2"].map((no) => anAccount(no));

let house: TestDatabase;
let database: Database;
let stores: StoresUnderTest;
let deps: RuntimeDeps;
let nowMs: number = NOW;

beforeAll(async () => {
  house = await openTestDatabase();
  database = house.database;
  deps = {
    ...runtimeOn(database, { alarm: () => undefined, referenceSampleEvery: 1 }),
    clock: { read: async () => ({ nowMs, isDemo: false }) },
  };
  stores = await postgresStores(database);
  await stores.given.accounts(people);
  await stores.given.version(VERSION);
  await database.sql`update strategy set live_version_id = ${VERSION.versionId}`;
});
afterAll(() => house.drop());

async function tickAt(ms: number): Promise<void> {
  nowMs = ms;
  await database.sql`update engine_clock set mode = 'demo', ratio = 0, anchor_real = clock_timestamp(),
    anchor_virtual = to_timestamp(${ms} / 1000.0)`;
  for (let round = 0; round < 3; round += 1) await tickEngine(deps);
}
const money = (type: "payment.posted" | "payment.reversed") =>
  stores.inbox.put(
    people.map(({ id, partyId }) => ({
      ...{ dedupeKey: `${type}:${id}`, partyId, accountId: id, enrollmentId: null, type, atMs: nowMs },
      ...{ stepSeq: null, attempt: null, data: { amountMinor: 100_000 } },
    })),
  );
const rounds = async () =>
  (
    await database.sql<{ no: string; round: number; status: string }[]>`
      select a.account_no as no, e.round, e.status from enrollment e join account a on a.id = e.account_id
      order by a.account_no, e.round`
  ).map(({ no, round, status }) => [no, round, status]);

describe("a payment that is taken back after a cure", () => {
  it("puts its account on a list, with the reversal and its time; nothing starts by itself", async () => {
    await tickAt(NOW);
    await enrollAccounts(deps, { versionId: VERSION.versionId, accountIds: null });
    await money("payment.posted");
    await tickAt(NOW + MINUTE_MS);
    expect(await rounds()).toEqual([
      ["P1", 0, "exited"],
      ["P2", 0, "exited"],
    ]);
    nowMs = NOW + HOUR_MS;
    await money("payment.reversed");
    await tickAt(NOW + HOUR_MS);
    const open = await openReversals(database.sql, 10);
    expect(open.map(({ accountNo, amountMinor, atMs, underWay }) => [accountNo, amountMinor, atMs, underWay])).toEqual([
      ["P1", 100_000, NOW + HOUR_MS, false],
      ["P2", 100_000, NOW + HOUR_MS, false],
    ]);
    expect((await rounds()).every(([, , status]) => status === "exited")).toBe(true);
  });

  it("is started again by one act, in the same version from its beginning, once", async () => {
    const [one, other] = people;
    if (one === undefined || other === undefined) throw new Error("nobody");
    const start = () => startAgain(database, ANNA, { accountId: one.id, reason: "bounced" });
    const outcomes = await Promise.allSettled([start(), start()]);
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeGreaterThanOrEqual(1);
    expect(await rounds()).toEqual([
      ["P1", 0, "exited"],
      ["P1", 1, "active"],
      ["P2", 0, "exited"],
    ]);
    await expect(start()).rejects.toMatchObject({ code: "reversal.over" });
    expect((await auditOf(database.sql, one.id, 10)).map(({ action }) => action)).toContain("reversal.started");
    // Letting the whole portfolio in does not take anybody in a second time.
    await enrollAccounts(deps, { versionId: VERSION.versionId, accountIds: null });
    expect(await rounds()).toHaveLength(3);
  });

  it("may be left alone, with the reason", async () => {
    const [, other] = people;
    if (other === undefined) throw new Error("nobody");
    const leave = { accountId: other.id, decision: "left", reason: "written off", actorId: ANNA.id } as const;
    expect(await decideReversals(database, leave)).toBe(1);
    expect(await openReversals(database.sql, 10)).toEqual([]);
    expect(await startAgain(database, ANNA, { accountId: null, reason: "all" })).toEqual({ started: 0, passedOver: 0 });
    expect(await rounds()).toHaveLength(3);
  });
});
