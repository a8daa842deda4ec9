import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#db";
import { auditOf } from "#db/queries/audit";
import { claimWork, listOpenWork, releaseWork } from "#db/queries/desk";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { PERMISSIONS } from "#engine/model/actor";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#engine/model/time";
import { marketPack } from "#engine/packs/index";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { enrollAccounts } from "#engine/runtime/enroll";
import { tickEngine } from "#engine/runtime/tick";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import {
  asking,
  enteringTo,
  handMadeProgram,
  LATE_ONES,
  LEAVE,
  TO_PEOPLE,
  withStandingFields,
} from "#engine/testing/hand-made-program";
import { runtimeOn } from "../worker-runtime";
import { finishWork } from "./finish-work";
import { lookAtWork } from "./look-at-work";

const NOW = MONDAY_MORNING_MS;
const ANNA = { id: "actor_anna", name: "Anna", demo: false, permissions: PERMISSIONS } as const;
const BEN = { ...ANNA, id: "actor_ben", name: "Ben" } as const;
const desk = { queue: "A 组", priority: 2, dueMs: 4 * HOUR_MS } as const;
const pack = withStandingFields(marketPack("cn"));

/** A person calls; whoever promised waits for an approval of it. Real people: nothing simulated works for them. */
const program = handMadeProgram(pack, {
  rules: LATE_ONES,
  steps: {
    start: enteringTo("call"),
    call: asking(
      { kind: "contact", channel: "agent", contentId: "agent.m1.guide", partyRole: "self", desk },
      { PTP: "approve" },
      { otherwise: "people", days: 2 },
    ),
    approve: asking(
      { kind: "task", task: "approval", desk, details: {} },
      { approved: "done" },
      { otherwise: "people", days: 3 },
    ),
    done: LEAVE,
    people: TO_PEOPLE,
  },
});
const VERSION = { versionId: "ver_desk-1", strategyId: "strat_desk", program } as const;

let house: TestDatabase;
let database: Database;
let deps: RuntimeDeps;
let nowMs: number = NOW;

beforeAll(async () => {
  house = await openTestDatabase();
  database = house.database;
  deps = {
    ...runtimeOn(database, { alarm: () => undefined, referenceSampleEvery: 1 }),
    clock: { read: async () => ({ nowMs, isDemo: false }) },
  };
  const stores = await postgresStores(database);
  const accounts = ["D1", "D2"].map((no) => anAccount(no));
  const phones = accounts.map(({ partyId }, index) =>
    aPhone(partyId, { simulated: false, address: `+8613800001${index}34` }),
  );
  await stores.given.accounts(accounts, phones);
  await stores.given.version(VERSION);
});
afterAll(() => house.drop());

async function tickAt(ms: number): Promise<void> {
  nowMs = ms;
  await database.sql`update engine_clock set mode = 'demo', ratio = 0, anchor_real = clock_timestamp(),
    anchor_virtual = to_timestamp(${ms} / 1000.0)`;
  for (let round = 0; round < 3; round += 1) await tickEngine(deps);
}
const open = async () => (await listOpenWork(database.sql, { nowMs, limit: 10 })).lines;
const firstOpen = async () => {
  const [line] = await open();
  if (line === undefined) throw new Error("nothing is open");
  return line;
};
const nothing = { promise: null, callback: null, note: null } as const;
const nodes = async () =>
  (await database.sql<{ node: string }[]>`select node_id as node from enrollment order by id`).map(({ node }) => node);

describe("work that waits for people", () => {
  it("lies open at the house's desk, to be taken by one person at a time", async () => {
    await tickAt(NOW);
    await enrollAccounts(deps, { versionId: VERSION.versionId, accountIds: null });
    await tickAt(NOW + MINUTE_MS);
    expect(
      (await open()).map(({ accountNo, channel, queue, claimedBy }) => [accountNo, channel, queue, claimedBy]),
    ).toEqual([
      ["D1", "agent", "A 组", null],
      ["D2", "agent", "A 组", null],
    ]);
    const { key } = await firstOpen();
    const takes = await Promise.all([ANNA, BEN].map(({ id: actorId }) => claimWork(database, { key, actorId, nowMs })));
    expect(takes.filter(({ ok }) => ok)).toHaveLength(1);
    const owner = (await firstOpen()).claimedBy;
    await releaseWork(database, { key, actorId: owner === ANNA.id ? BEN.id : ANNA.id });
    expect((await firstOpen()).claimedBy).toBe(owner);
    await releaseWork(database, { key, actorId: owner ?? ANNA.id });
    expect((await claimWork(database, { key, actorId: BEN.id, nowMs })).ok).toBe(true);
    expect((await claimWork(database, { key, actorId: ANNA.id, nowMs })).ok).toBe(false);
    // Ben's half hour is over.
    await database.sql`update desk_claim set until = clock_timestamp() - interval '1 second'`;
    expect((await claimWork(database, { key, actorId: ANNA.id, nowMs })).ok).toBe(true);
  });

  it("shows the script while the gate allows the call, and why not when it does not", async () => {
    const { key } = await firstOpen();
    const work = await lookAtWork(database, key);
    expect(work.now).toMatchObject({ kind: "allowed" });
    expect(work.now.kind === "allowed" && work.now.script).toContain("示例机构");
    expect(work.contactPoint).toBe("+8613800001034");
    expect(work.endings).toContain("PTP");
    await tickAt(NOW + 13 * HOUR_MS);
    const night = await lookAtWork(database, key);
    expect(night.now).toMatchObject({ kind: "later", untilMs: NOW + 22 * HOUR_MS });
    await database.sql`insert into hold (id, party_id, kind, source, from_at) values ('hold_1', ${(await firstOpen()).partyId}, 'complaint', 'test', to_timestamp(${NOW} / 1000.0))`;
    expect((await lookAtWork(database, key)).now).toMatchObject({ kind: "refused" });
    await database.sql`delete from hold where id = 'hold_1'`;
  });

  it("is ended by whoever has it, once; the strategy hears the promise and goes on", async () => {
    const { key } = await firstOpen();
    const promise = { amountMinor: 50_000, dueDate: "2026-03-05" };
    const end = { ...nothing, key, outcome: "PTP", promise };
    await expect(finishWork(database, BEN, end)).rejects.toMatchObject({ code: "desk.not-taken" });
    await expect(finishWork(database, ANNA, { ...end, promise: null })).rejects.toMatchObject({
      code: "desk.promise-incomplete",
    });
    await finishWork(database, ANNA, end);
    await expect(finishWork(database, ANNA, end)).rejects.toMatchObject({ code: "desk.not-open" });
    expect((await auditOf(database.sql, key, 10)).map(({ action }) => action)).toContain("desk.ended");
    await tickAt(NOW + 14 * HOUR_MS);
    expect(await nodes()).toEqual(["approve", "call"]);
    const kept = await database.sql`select amount_minor::int as amount from promise`;
    expect(kept).toEqual([{ amount: 50_000 }]);
    expect((await open()).map(({ kind, task }) => [kind, task])).toEqual([
      ["contact", null],
      ["task", "approval"],
    ]);
  });

  it("that nobody ends leaves by its own way, and the list with it", async () => {
    const approval = (await open()).find(({ kind }) => kind === "task");
    if (approval === undefined) throw new Error("no approval is open");
    await claimWork(database, { key: approval.key, actorId: BEN.id, nowMs });
    await finishWork(database, BEN, { ...nothing, key: approval.key, outcome: "approved" });
    await tickAt(NOW + 3 * DAY_MS);
    expect(await nodes()).toEqual(["done", "people"]);
    expect(await open()).toEqual([]);
    const late = await claimWork(database, { key: approval.key, actorId: BEN.id, nowMs });
    expect(late.ok).toBe(false);
  });
});
