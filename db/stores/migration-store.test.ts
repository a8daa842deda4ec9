import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { MigrationPlan } from "#engine/model/migration-plan";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#engine/model/time";
import { enrollAccounts, enrollmentIdOf } from "#engine/runtime/enroll";
import { carryOnMigrations } from "#engine/runtime/migrate";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import {
  asking,
  enteringTo,
  type HandMade,
  handMadeProgram,
  LATE_ONES,
  LEAVE,
  TO_PEOPLE,
} from "#engine/testing/hand-made-program";
import { type Answer, liveShell } from "#engine/testing/live-shell";
import { STRICT_MARKET } from "#engine/testing/live-story";
import type { StoresUnderTest } from "#engine/testing/stores-under-test";
import { endMigration, listMigrations, placeMigration, populationsOf } from "../queries/migration";
import { openTestDatabase, type TestDatabase } from "../testing";
import { postgresStores } from "./testing";

const STRATEGY = "strat_moving";
const OLD = "ver_moving-1";
const NEW = "ver_moving-2";
const ACCOUNTS = Array.from({ length: 25 }, (_, index) => anAccount(`M-${String(index).padStart(2, "0")}`));
const [FIRST = anAccount("none")] = ACCOUNTS;

const rest = (days: number, to: string) => ({
  spec: {
    kind: "wait",
    wait: { mode: "duration", durationMs: days * DAY_MS },
    elapsed: "elapsed",
    happened: null,
    unknown: null,
  } as const,
  handles: { elapsed: to },
});
const call = (otherwise: string) =>
  asking(
    { kind: "contact", channel: "robot", contentId: "robot.reminder", partyRole: "self" },
    { RPC: otherwise, NA: otherwise },
    { otherwise, days: 2 },
  );
const RESTING: HandMade = {
  rules: LATE_ONES,
  steps: { start: enteringTo("rest"), rest: rest(10, "people"), people: TO_PEOPLE },
};
const SHORTER: HandMade = {
  rules: LATE_ONES,
  steps: { start: enteringTo("rest"), rest: rest(3, "done"), done: LEAVE, people: TO_PEOPLE },
};
const CALLING: HandMade = {
  rules: LATE_ONES,
  steps: { start: enteringTo("call"), call: call("rest"), rest: rest(3, "done"), done: LEAVE, people: TO_PEOPLE },
};

let house: TestDatabase;
let stores: StoresUnderTest;
beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());
beforeEach(async () => {
  stores = await postgresStores(house.database);
  await stores.given.accounts(
    ACCOUNTS,
    ACCOUNTS.map(({ partyId }) => aPhone(partyId)),
  );
});

async function twoVersions(old: HandMade, next: HandMade) {
  const strategyId = STRATEGY;
  await stores.given.version({ versionId: OLD, strategyId, program: handMadeProgram(STRICT_MARKET, old) });
  const { sql } = house.database;
  const program = handMadeProgram(STRICT_MARKET, next);
  await sql`insert into strategy_version (id, strategy_id, number, doc, doc_text, program, hash, content_hash, published_at,
    published_by) values (${NEW}, ${strategyId}, 2, '{}', '{}', ${JSON.stringify(program)}::text::jsonb, ${program.hash},
    ${program.contentHash}, now(), 'actor_test')`;
}

const shellAt = (fromMs: number, answer: Answer = () => ({ outcome: "NA", delayMs: HOUR_MS })) =>
  liveShell({ stores, pack: STRICT_MARKET, fromMs, answer });
const enroll = (accounts = ACCOUNTS) =>
  enrollAccounts(shellAt(MONDAY_MORNING_MS).deps, { versionId: OLD, accountIds: accounts.map(({ id }) => id) });
const place = (plan: MigrationPlan = { steps: {} }) =>
  placeMigration(house.database, {
    strategyId: STRATEGY,
    fromVersionId: OLD,
    toVersionId: NEW,
    plan,
    reason: "test",
    actorId: "actor_test",
  });
const versions = () => house.database.sql<{ version_id: string; count: number }[]>`
  select version_id, count(*)::int as count from enrollment group by 1 order by 1`;
const progress = async () => (await listMigrations(house.database.sql, STRATEGY))[0];
/** The pause between two passes is over. */
const nextPass = () => house.database.sql`update migration set next_pass_at = null`;
const at = async (account = FIRST) => (await stores.look.enrollment(enrollmentIdOf(OLD, account.id)))?.state;

describe("a move of accounts in flight", () => {
  it("enters the same step of the new version with a new visit, once for each account, and says so in the log", async () => {
    await twoVersions(RESTING, SHORTER);
    await enroll();
    const before = await at();
    await place();
    const noon = MONDAY_MORNING_MS + DAY_MS;
    await shellAt(noon).tick();
    expect(await versions()).toEqual([{ version_id: NEW, count: ACCOUNTS.length }]);
    expect(await at()).toMatchObject({
      nodeId: "rest",
      stepSeq: (before?.stepSeq ?? 0) + 1,
      wakeAtMs: noon + 3 * DAY_MS,
    });
    const log = await stores.look.decisions(enrollmentIdOf(OLD, FIRST.id));
    expect(log.map(({ code, ordinal }) => [code, ordinal])).toEqual([
      ["entered", 0],
      ["waiting", 1],
      ["migrated", 2],
      ["waiting", 3],
    ]);
    expect(await progress()).toMatchObject({ state: "done", moved: ACCOUNTS.length, remaining: 0, waiting: 0 });
    await shellAt(noon + 3 * DAY_MS).tick();
    expect((await at())?.exit?.reason).toBe("completed");
  });

  it("does as the plan says for each step: moves, lets leave, lets stay", async () => {
    await twoVersions(RESTING, CALLING);
    await enroll();
    await place({ steps: { rest: { act: "exit", reason: "handed-to-agency" } } });
    await shellAt(MONDAY_MORNING_MS + DAY_MS).tick();
    expect(await at()).toMatchObject({ status: "exited", exit: { reason: "handed-to-agency" } });
    expect(await progress()).toMatchObject({ state: "done", moved: 0 });
    stores = await postgresStores(house.database);
    await stores.given.accounts(ACCOUNTS);
    await twoVersions(RESTING, CALLING);
    await enroll();
    await place({ steps: { rest: { act: "stay" } } });
    await shellAt(MONDAY_MORNING_MS + DAY_MS).tick();
    expect(await progress()).toMatchObject({ state: "done", moved: 0, remaining: ACCOUNTS.length, waiting: 0 });
  });

  it("waits for the answer to a call that has left, and calls nobody twice", async () => {
    await twoVersions(CALLING, CALLING);
    await enroll([FIRST]);
    const shell = shellAt(MONDAY_MORNING_MS);
    await shell.tick();
    expect(shell.sent).toHaveLength(1);
    expect(await populationsOf(house.database.sql, OLD)).toMatchObject([
      { nodeId: "call", accounts: 1, contactOut: 1 },
    ]);
    await place();
    await shell.tick();
    expect(await progress()).toMatchObject({ state: "running", moved: 0, waiting: 1 });
    await nextPass();
    await shell.runUntil(MONDAY_MORNING_MS + 2 * HOUR_MS, 10 * MINUTE_MS);
    await nextPass();
    await shell.tick();
    expect(await progress()).toMatchObject({ state: "done", moved: 1 });
    expect(await at()).toMatchObject({ nodeId: "rest" });
    expect(shell.sent).toHaveLength(1);
  });

  it("calls back a request that has not left, and the new version asks anew", async () => {
    await twoVersions(CALLING, CALLING);
    await enroll([FIRST]);
    await place();
    // Only the move: nothing is sent in between.
    await carryOnMigrations(shellAt(MONDAY_MORNING_MS).deps, MONDAY_MORNING_MS);
    expect((await stores.look.intents()).map(({ key, state }) => [key.split(":").slice(-2).join(":"), state])).toEqual([
      ["2:1", "cancelled"],
      ["3:1", "ready"],
    ]);
    const shell = shellAt(MONDAY_MORNING_MS);
    await shell.tick();
    expect(shell.sent).toHaveLength(1);
  });

  it("leaves those on hold until they are released, and ends when a person says so", async () => {
    await twoVersions(RESTING, SHORTER);
    await enroll();
    await stores.given.hold(FIRST.partyId, { id: "hold_1", kind: "dispute", fromMs: MONDAY_MORNING_MS, untilMs: null });
    const placed = await place();
    expect((await place()).ok).toBe(false);
    await shellAt(MONDAY_MORNING_MS + HOUR_MS).tick();
    expect(await versions()).toEqual([
      { version_id: OLD, count: 1 },
      { version_id: NEW, count: ACCOUNTS.length - 1 },
    ]);
    expect(await progress()).toMatchObject({ state: "running", waiting: 1 });
    const id = placed.ok ? placed.value : 0;
    expect((await endMigration(house.database, { id, actorId: "actor_test" })).ok).toBe(true);
    expect((await endMigration(house.database, { id, actorId: "actor_test" })).ok).toBe(false);
    await stores.given.endHold("hold_1", MONDAY_MORNING_MS + HOUR_MS);
    await shellAt(MONDAY_MORNING_MS + 2 * HOUR_MS).tick();
    expect((await versions())[0]).toEqual({ version_id: OLD, count: 1 });
  });

  it("is left alone by a worker that does not know the new version's format, and carried out by one that does", async () => {
    await twoVersions(RESTING, SHORTER);
    await enroll();
    await place();
    const noon = MONDAY_MORNING_MS + DAY_MS;
    const { deps } = shellAt(noon);
    const linked = async (versionId: string) =>
      versionId === NEW ? null : deps.versions.linked(versionId as `ver_${string}`);
    await carryOnMigrations({ ...deps, versions: { linked } }, noon);
    await nextPass();
    expect(await progress()).toMatchObject({ state: "running" });
    expect(await versions()).toEqual([{ version_id: OLD, count: ACCOUNTS.length }]);
    await shellAt(noon).tick();
    expect(await versions()).toEqual([{ version_id: NEW, count: ACCOUNTS.length }]);
  });

  it("loses nobody and moves nobody twice when workers die in the middle", async () => {
    await twoVersions(RESTING, SHORTER);
    await enroll();
    await place();
    const { deps } = shellAt(MONDAY_MORNING_MS + HOUR_MS);
    const due = { nowMs: MONDAY_MORNING_MS + HOUR_MS, limit: 4 };
    let deaths = 0;
    for (let round = 0; round < 40 && (await progress())?.state === "running"; round += 1) {
      const dying = { ...deps, migrations: bounded(due.limit, round) };
      await carryOnMigrations(dying, due.nowMs).catch(() => {
        deaths += 1;
      });
      await nextPass();
      const counts = await versions();
      expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(ACCOUNTS.length);
    }
    expect(deaths).toBeGreaterThan(5);
    expect(await versions()).toEqual([{ version_id: NEW, count: ACCOUNTS.length }]);
    const [twice] = await house.database.sql<{ count: number }[]>`
      select count(*)::int as count from (select enrollment_id from decision where code = 'migrated' group by 1 having count(*) <> 1) t`;
    expect(twice?.count).toBe(0);
    const [dense] = await house.database.sql<{ count: number }[]>`
      select count(*)::int as count from (select enrollment_id from decision group by 1 having count(*) <> max(ordinal) + 1) t`;
    expect(dense?.count).toBe(0);
  });
});

/** Small batches, and every other one whose worker is killed by the database: before it writes, or with its commit under way. */
function bounded(limit: number, round: number): StoresUnderTest["migrations"] {
  return {
    carryOn: ({ nowMs }, work) =>
      stores.migrations.carryOn({ nowMs, limit }, async (batch) => {
        const advances = await work(batch);
        if (round % 2 === 1) {
          await house.database.sql`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and state = 'idle in transaction'`;
        }
        return advances;
      }),
  };
}
