import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "#db";
import { placeStop } from "#db/queries/stop";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { houseDesk } from "#engine/desk/house-desk";
import { DAY_MS, MINUTE_MS } from "#engine/model/time";
import type { ChannelPort } from "#engine/ports/channel";
import { RECALL_TRIES_MAX } from "#engine/runtime/call-off";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { enrollAccounts } from "#engine/runtime/enroll";
import { tickEngine } from "#engine/runtime/tick";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { asking, enteringTo, handMadeProgram, LATE_ONES, LEAVE, TO_PEOPLE } from "#engine/testing/hand-made-program";
import { STRICT_MARKET } from "#engine/testing/live-story";
import type { StoresUnderTest } from "#engine/testing/stores-under-test";
import { runtimeOn } from "./worker-runtime";

const NOW = MONDAY_MORNING_MS;
const person = anAccount("C1");
const program = handMadeProgram(STRICT_MARKET, {
  rules: LATE_ONES,
  steps: {
    start: enteringTo("call"),
    call: asking(
      { kind: "contact", channel: "robot", contentId: "robot.reminder", partyRole: "self" },
      { PTP: "done" },
      { otherwise: "people", days: 2 },
    ),
    done: LEAVE,
    people: TO_PEOPLE,
  },
});
const VERSION = { versionId: "ver_off", strategyId: "strat_off", program } as const;

let house: TestDatabase;
let database: Database;
let stores: StoresUnderTest;
let deps: RuntimeDeps;
let nowMs: number = NOW;
let answer: () => Promise<"cancelled" | "too_late">;
let asked: string[] = [];

const base = houseDesk("robot");
const robot = (more: Partial<ChannelPort> = {}): ChannelPort => ({
  ...base,
  id: "acme",
  cancel: (key) => {
    asked.push(key);
    return answer();
  },
  ...more,
});
let port = robot();

beforeAll(async () => {
  house = await openTestDatabase();
  database = house.database;
  const usual = runtimeOn(database, { alarm: () => undefined, referenceSampleEvery: 1 });
  deps = {
    ...usual,
    packOf: () => STRICT_MARKET,
    clock: { read: async () => ({ nowMs, isDemo: false }) },
    channelPort: () => port,
  };
});
afterAll(() => house.drop());

async function tickAt(ms: number): Promise<void> {
  nowMs = ms;
  await database.sql`update engine_clock set mode = 'demo', ratio = 0, anchor_real = clock_timestamp(),
    anchor_virtual = to_timestamp(${ms} / 1000.0)`;
  for (let round = 0; round < 3; round += 1) await tickEngine(deps);
}

/** One person whose call the provider has accepted and not made yet. */
beforeEach(async () => {
  port = robot();
  asked = [];
  answer = async () => "cancelled";
  stores = await postgresStores(database);
  await stores.given.accounts([person], [aPhone(person.partyId, { simulated: false, address: "+8613800000001" })]);
  await stores.given.version(VERSION);
  await tickAt(NOW);
  await enrollAccounts(deps, { versionId: VERSION.versionId, accountIds: null });
  await tickAt(NOW + MINUTE_MS);
  expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["sent"]);
  expect(asked).toEqual([]);
});

const recalls = () =>
  database.sql<{ why: string; answer: string | null }[]>`select why, answer from contact_recall`.then((rows) =>
    rows.map(({ why, answer: said }) => [why, said]),
  );
const holds = () =>
  stores.given.hold(person.partyId, { id: "hold_1", kind: "complaint", fromMs: nowMs, untilMs: null });

describe("an accepted contact nobody wants any more", () => {
  it("is called back when the person is held, gives its place back, and its step hears of it after the release", async () => {
    await holds();
    await tickAt(NOW + 2 * MINUTE_MS);
    expect(asked).toHaveLength(1);
    expect(await recalls()).toEqual([["held", "cancelled"]]);
    expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["cancelled"]);
    expect(await stores.look.attempts()).toEqual([]);
    await stores.given.endHold("hold_1", NOW + 3 * MINUTE_MS);
    await tickAt(NOW + 4 * MINUTE_MS);
    const [row] = await database.sql`select node_id, exit_reason from enrollment`;
    expect(row).toEqual({ node_id: "people", exit_reason: "handed-to-people" });
  });

  it("stays made when the provider says that it is too late", async () => {
    answer = async () => "too_late";
    await holds();
    await tickAt(NOW + 2 * MINUTE_MS);
    expect(await recalls()).toEqual([["held", "too_late"]]);
    expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["sent"]);
    expect(await stores.look.attempts()).toHaveLength(1);
    await tickAt(NOW + 5 * MINUTE_MS);
    expect(asked).toHaveLength(1);
  });

  it("is called back when its step is left for another reason than its result", async () => {
    await tickAt(NOW + DAY_MS);
    expect(asked).toEqual([]);
    await stores.inbox.put([
      {
        ...{ dedupeKey: "stop:1", partyId: person.partyId, accountId: person.id },
        enrollmentId: ((await database.sql`select id from enrollment`)[0] as { id: `enr_${string}` }).id,
        ...{ type: "stop.requested", atMs: nowMs, stepSeq: null, attempt: null, data: {} },
      },
    ]);
    await tickAt(NOW + DAY_MS + MINUTE_MS);
    expect(await recalls()).toEqual([["left", "cancelled"]]);
    expect(asked).toHaveLength(1);
  });

  it("is called back when its channel is stopped", async () => {
    const about = { scope: "channel", subject: "robot" } as const;
    await placeStop(database, { ...about, kind: "stop", reason: "test", actorId: "actor_test" });
    await tickAt(NOW + 2 * MINUTE_MS);
    expect(await recalls()).toEqual([["stopped", "cancelled"]]);
  });

  it("is asked about a bounded number of times while the provider says nothing", async () => {
    answer = () => Promise.reject(new Error("down"));
    await holds();
    for (let round = 0; round < RECALL_TRIES_MAX + 2; round += 1) {
      await database.sql`update contact_recall set ask_after = clock_timestamp() where answer is null`;
      await tickAt(NOW + (2 + round) * MINUTE_MS);
    }
    expect(asked).toHaveLength(RECALL_TRIES_MAX);
    expect(await recalls()).toEqual([["held", "no-answer"]]);
  });

  it("is left where its provider cannot cancel", async () => {
    port = robot({ capabilities: { ...base.capabilities, cancel: false } });
    await holds();
    await tickAt(NOW + 2 * MINUTE_MS);
    expect(asked).toEqual([]);
    expect(await recalls()).toEqual([["held", "not-offered"]]);
  });
});
