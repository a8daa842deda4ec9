import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "#db";
import { restoreBackup } from "#db/backup/restore-backup";
import { writeBackup } from "#db/backup/write-backup";
import { liftRecovery, readRecovery } from "#db/queries/recovery";
import { listUnknownRequests, reconcileRequest } from "#db/queries/unknown-request";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { draw } from "#engine/model/draw";
import { HOUR_MS, MINUTE_MS } from "#engine/model/time";
import type { ChannelPort, IdempotencyCapability, SendRequest, StatusEvent } from "#engine/ports/channel";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { enrollAccounts } from "#engine/runtime/enroll";
import { tickEngine } from "#engine/runtime/tick";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { CAPABILITIES } from "#engine/testing/live-shell";
import { callingVersion, STRICT_MARKET } from "#engine/testing/live-story";
import { runtimeOn } from "../worker-runtime";

/**
 * The database is lost while the engine runs and comes back from a backup that was taken in the middle of sending. The provider
 * outlives it, and its own history says who was called how often (reliability.md A4, F17).
 */

const ACTOR = "actor_test";
const CALLING = callingVersion();
const REMINDER = CALLING.program.contents["robot.reminder"];
if (REMINDER === undefined) throw new Error("the story calls with another text");
/** The call is a notice in the sense of a law: that it was given has to be known after a restore, too. */
const VERSION = {
  ...CALLING,
  program: {
    ...CALLING.program,
    contents: { ...CALLING.program.contents, [REMINDER.id]: { ...REMINDER, notice: "demand" } },
  },
};
const PEOPLE = 24;
const BACKED_UP = 16;
/** The backup is taken while this send is under way. */
const BACKUP_AT_SEND = 5;
const LOST_MS = MONDAY_MORNING_MS + 2 * HOUR_MS;
const RESTORED_MS = LOST_MS + HOUR_MS;

/** A provider with a memory of its own. */
class Provider {
  readonly reached: string[] = [];
  asked = 0;
  /** It is down, or too early to say. */
  isSilent = false;
  readonly words = new Map<string, StatusEvent>();
  onSend: (count: number) => Promise<void> = async () => undefined;
  readonly port: ChannelPort;

  constructor(idempotency: IdempotencyCapability) {
    this.port = {
      ...{ id: "acme", channel: "robot", simulated: true, capabilities: { ...CAPABILITIES, idempotency } },
      send: async (request) => {
        if (idempotency !== "key" || !this.words.has(request.key)) this.call(request);
        await this.onSend(this.reached.length);
        return { kind: "accepted", ref: request.key, costMinor: 1, announced: [] };
      },
      ...(idempotency === "query" ? { query: async (key) => this.answerOf(key) } : {}),
    };
  }

  private call({ key, nowMs }: SendRequest): void {
    this.reached.push(key);
    const outcome = draw(1, key, "outcome") < 0.7 ? "NA" : "PTP";
    const about = { key, ref: key, eventId: `${key}-1`, outcome, values: {}, raw: null, costMinor: null };
    this.words.set(key, { ...about, result: outcome === "NA" ? "no_answer" : "answered", atMs: nowMs + MINUTE_MS });
  }

  private answerOf(key: string) {
    this.asked += 1;
    if (this.isSilent) return { kind: "not_yet" } as const;
    const said = this.words.get(key);
    return said === undefined
      ? ({ kind: "not_found" } as const)
      : ({ kind: "known", ref: key, events: [said] } as const);
  }
}

let houses: TestDatabase[];
let folder: string;
let nowMs: number;

beforeEach(() => {
  houses = [];
  nowMs = MONDAY_MORNING_MS;
  folder = mkdtempSync(join(tmpdir(), "duecourse-backup-"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const house of houses) await house.drop();
});

async function aHouse(): Promise<TestDatabase> {
  const house = await openTestDatabase();
  houses.push(house);
  return house;
}

function engineOn(database: Database, { port }: Provider): RuntimeDeps {
  return {
    ...runtimeOn(database, { alarm: () => undefined, referenceSampleEvery: 0 }),
    ...{ clock: { read: async () => ({ nowMs, isDemo: false }) }, packOf: () => STRICT_MARKET },
    channelPort: () => port,
  };
}

/** The engine's clock in the database, for whatever reads it there. */
async function time({ sql }: Database, ms: number): Promise<void> {
  nowMs = ms;
  await sql`update engine_clock set mode = 'demo', ratio = 0, anchor_real = clock_timestamp(),
    anchor_virtual = to_timestamp(${ms} / 1000.0)`;
}

type Run = { readonly database: Database; readonly deps: RuntimeDeps; readonly provider: Provider };

type Pace = { readonly untilMs: number; readonly everyMs?: number; readonly reports?: boolean };

/** Ticks through the time between; the provider reports whatever it has not reported to this database. */
async function runUntil({ database, deps, provider }: Run, pace: Pace): Promise<void> {
  const { untilMs, everyMs = 30 * MINUTE_MS, reports = true } = pace;
  for (; nowMs < untilMs; await time(database, Math.min(untilMs, nowMs + everyMs))) {
    await tickEngine(deps);
    if (reports) await deps.callbacks.put("acme", [...provider.words.values()]);
    // What came before its request is looked at again after seconds of real time, of which half an hour here takes none.
    await database.sql`update channel_callback set look_after = now() where status = 'pending'`;
    await tickEngine(deps);
  }
}

const accountIds = (from: number, until: number) =>
  Array.from({ length: until - from }, (_, index) => anAccount(`F${from + index}`).id);

async function enroll(deps: RuntimeDeps, from: number, until: number): Promise<void> {
  await enrollAccounts(deps, { versionId: VERSION.versionId, accountIds: accountIds(from, until) });
}

/** Runs, backs up in the middle of a batch, goes on for two hours, and loses the database. What the provider had heard by then. */
async function runAndLose(provider: Provider): Promise<readonly string[]> {
  const { database } = await aHouse();
  const { given } = await postgresStores(database);
  const accounts = Array.from({ length: PEOPLE }, (_, index) => anAccount(`F${index}`));
  await given.accounts(
    accounts,
    accounts.map(({ partyId }) => aPhone(partyId)),
  );
  await given.version(VERSION);
  await time(database, MONDAY_MORNING_MS);
  const deps = engineOn(database, provider);
  await enroll(deps, 0, BACKED_UP);
  provider.onSend = async (count) => {
    if (count === BACKUP_AT_SEND) expect(await writeBackup(database.url, folder)).toMatchObject({ ok: true });
  };
  await tickEngine(deps);
  provider.onSend = async () => undefined;
  await enroll(deps, BACKED_UP, PEOPLE);
  await runUntil({ database, deps, provider }, { untilMs: LOST_MS });
  return [...provider.reached];
}

/** A new database out of the backup, some time later. */
async function restored(provider: Provider): Promise<Run> {
  const { database } = await aHouse();
  expect(await restoreBackup(database.url, folder, ACTOR)).toMatchObject({ ok: true });
  await time(database, RESTORED_MS);
  // The clock of this test stands still between two settings; a real one has run on while the backup lay there.
  await database.sql`update recovery set restored_engine_at = to_timestamp(${RESTORED_MS} / 1000.0)`;
  // Requests that were under way are those of workers that are no more.
  await database.sql`update intent set lease_until = now() - interval '1 second' where state = 'sending'`;
  const deps = engineOn(database, provider);
  // The accounts that came after the backup are taken in again, by the same numbers.
  await enroll(deps, 0, PEOPLE);
  return { database, deps, provider };
}

const twice = (keys: readonly string[]) => keys.filter((key, index) => keys.indexOf(key) !== index);
const lift = (database: Database, anyway = false) =>
  liftRecovery(database, { reason: "the providers' histories agree", anyway, actorId: ACTOR });

describe.each(["key", "query"] as const)("a provider that knows its keys (%s)", (idempotency) => {
  it("calls nobody a second time after the restore, and everybody whose turn had not come", async () => {
    const provider = new Provider(idempotency);
    const lost = await runAndLose(provider);
    expect(lost.length).toBeGreaterThan(PEOPLE);
    expect(twice(lost)).toEqual([]);

    const run = await restored(provider);
    expect(await lift(run.database)).toMatchObject({ ok: false, error: [{ code: "recovery.unfinished" }] });
    await runUntil(run, { untilMs: RESTORED_MS + 6 * HOUR_MS });
    expect(twice(provider.reached)).toEqual([]);
    expect(provider.reached.length).toBeGreaterThan(lost.length);
    expect(await readRecovery(run.database.sql)).toMatchObject({ asking: 0, forPeople: 0, behind: 0 });

    expect(await lift(run.database)).toMatchObject({ ok: true });
    const asked = provider.asked;
    await runUntil(run, { untilMs: RESTORED_MS + 80 * HOUR_MS, everyMs: 8 * HOUR_MS });
    expect(provider.asked).toBe(asked);
    expect(twice(provider.reached)).toEqual([]);
    expect(await readRecovery(run.database.sql)).toBeNull();
  }, 120_000);
});

it("of whom a queryable provider had called, the results are asked for: what people answered is not lost", async () => {
  const provider = new Provider("query");
  await runAndLose(provider);
  const run = await restored(provider);
  // This provider tells nothing by itself any more: only what it is asked.
  await runUntil(run, { untilMs: RESTORED_MS + HOUR_MS, reports: false });
  const rows = await run.database.sql<{ key: string; outcome: string | null; notice: string | null }[]>`
    select intent_key as key, outcome, notice from contact_attempt`;
  expect(new Set(rows.map(({ notice }) => notice))).toEqual(new Set(["demand"]));
  const before = rows.filter(({ key }) => (provider.words.get(key)?.atMs ?? RESTORED_MS) < LOST_MS);
  expect(before.length).toBeGreaterThan(BACKED_UP);
  for (const { key, outcome } of before) expect(outcome).toBe(provider.words.get(key)?.outcome);
}, 120_000);

it("a queryable provider that cannot say yet is handed nothing until it can", async () => {
  const provider = new Provider("query");
  const lost = await runAndLose(provider);
  const run = await restored(provider);
  provider.isSilent = true;
  await runUntil(run, { untilMs: RESTORED_MS + HOUR_MS });
  expect(provider.reached).toEqual(lost);
  expect((await readRecovery(run.database.sql))?.asking).toBeGreaterThan(0);
  provider.isSilent = false;
  await runUntil(run, { untilMs: RESTORED_MS + 3 * HOUR_MS });
  expect(provider.reached.length).toBeGreaterThan(lost.length);
  expect(twice(provider.reached)).toEqual([]);
}, 120_000);

it("a blind provider is handed nothing at all before a person has said what left, and then only what did not", async () => {
  const provider = new Provider("none");
  const lost = await runAndLose(provider);
  const run = await restored(provider);
  const { sql } = run.database;
  await runUntil(run, { untilMs: RESTORED_MS + 2 * HOUR_MS, reports: false });
  expect(provider.reached).toEqual(lost);
  expect(await readRecovery(sql)).toMatchObject({ asking: 0, done: false });

  const waiting = await listUnknownRequests(sql, 100);
  expect(waiting.length).toBeGreaterThan(0);
  // One of them has not left, as a person finds out; nothing is made easy by hand.
  const fresh = waiting.find(({ key }) => key === waiting.at(-1)?.key)?.key ?? "";
  provider.reached.splice(provider.reached.indexOf(fresh), 1);
  for (const { key } of waiting) {
    const left = provider.reached.includes(key);
    const said = { key, left, evidence: "the provider's console", actorId: ACTOR } as const;
    expect(await reconcileRequest(run.database, said)).toMatchObject({ ok: true });
  }
  await runUntil(run, { untilMs: RESTORED_MS + 3 * HOUR_MS, reports: false });
  expect(provider.reached.filter((key) => key === fresh)).toHaveLength(1);
  expect(twice(provider.reached)).toEqual([]);
}, 120_000);
