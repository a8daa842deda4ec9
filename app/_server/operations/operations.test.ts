import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "#db";
import { auditOf } from "#db/queries/audit";
import { decideDeadLetters, listDeadLetters } from "#db/queries/dead-letter";
import { liftStop, placeStop } from "#db/queries/stop";
import { listUnknownRequests, reconcileRequest } from "#db/queries/unknown-request";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import type { SyncExecutor } from "#engine/model/execution";
import type { StopScope } from "#engine/model/stop";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#engine/model/time";
import type { ChannelPort, SendRequest } from "#engine/ports/channel";
import { advanceDue } from "#engine/runtime/advance";
import { RUNTIME_LIMITS, type RuntimeDeps } from "#engine/runtime/deps";
import { enrollAccounts } from "#engine/runtime/enroll";
import { tickEngine } from "#engine/runtime/tick";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { CAPABILITIES } from "#engine/testing/live-shell";
import { callingVersion, STRICT_MARKET } from "#engine/testing/live-story";
import { runtimeOn } from "../worker-runtime";

const ACTOR = "actor_test";
const VERSION = callingVersion();
const STRATEGY: StopScope = { scope: "strategy", subject: "strat_calling" };
const ROBOT: StopScope = { scope: "channel", subject: "robot" };
const EVERYTHING: StopScope = { scope: "everything", subject: "" };
const NOW = MONDAY_MORNING_MS;

let house: TestDatabase;
let database: Database;
let deps: RuntimeDeps;
let nowMs: number;
let sent: SendRequest[];
let alarms: string[];
/** What the provider does when it is asked; answers "called, spoke" by default. */
let onSend: (request: SendRequest) => Promise<void>;

beforeAll(async () => {
  house = await openTestDatabase();
  database = house.database;
});
afterAll(() => house.drop());

beforeEach(async () => {
  sent = [];
  alarms = [];
  onSend = async () => undefined;
  const port: ChannelPort = {
    id: "test",
    channel: "robot",
    simulated: true,
    capabilities: { ...CAPABILITIES, idempotency: "key" },
    send: async (request) => {
      sent.push(request);
      await onSend(request);
      const event = { eventId: `${request.key}-1`, key: request.key, outcome: "PTP", atMs: request.nowMs + MINUTE_MS };
      return { kind: "accepted", ref: request.key, costMinor: 1, announced: [event] };
    },
  };
  deps = {
    ...runtimeOn(database, { alarm: (code) => alarms.push(code), referenceSampleEvery: 0 }),
    clock: { read: async () => ({ nowMs, isDemo: false }) },
    packOf: () => STRICT_MARKET,
    channelPort: () => port,
  };
  await time(NOW);
});

/** The clock of the engine and of whoever places a stop. */
async function time(ms: number): Promise<void> {
  nowMs = ms;
  await database.sql`update engine_clock set mode = 'demo', ratio = 0, anchor_real = clock_timestamp(),
    anchor_virtual = to_timestamp(${ms} / 1000.0)`;
}

async function people(count: number): Promise<void> {
  const stores = await postgresStores(database);
  const accounts = Array.from({ length: count }, (_, index) => anAccount(`L${index}`));
  await stores.given.accounts(
    accounts,
    accounts.map(({ partyId }) => aPhone(partyId)),
  );
  await stores.given.version(VERSION);
  const enrolled = await enrollAccounts(deps, { versionId: VERSION.versionId, accountIds: null });
  expect(enrolled).toMatchObject({ ok: true, value: { enrolled: count } });
}

async function tickAt(ms: number, times = 1) {
  await time(ms);
  for (let round = 0; round < times; round += 1) await tickEngine(deps);
}

const pause = (about: StopScope) => placeStop(database, { ...about, kind: "pause", reason: "test", actorId: ACTOR });
const stop = (about: StopScope) => placeStop(database, { ...about, kind: "stop", reason: "test", actorId: ACTOR });
const resume = (about: StopScope) => liftStop(database, { ...about, reason: "test", actorId: ACTOR });

async function standing() {
  return database.sql<{ status: string; node_id: string; wake_ms: number | null; exit_reason: string | null }[]>`
    select status, node_id, (extract(epoch from wake_at) * 1000)::float8 as wake_ms, exit_reason from enrollment order by id`;
}
const requests = () =>
  database.sql<{ state: string; not_after_ms: number }[]>`
    select state, (extract(epoch from not_after) * 1000)::float8 as not_after_ms from intent order by key`;

/** One person who was called, spoke, and now has three days. */
async function inPatience(): Promise<number> {
  await people(1);
  await tickAt(NOW, 2);
  await tickAt(NOW + 2 * MINUTE_MS, 2);
  const [one] = await standing();
  expect(one).toMatchObject({ node_id: "patience", status: "active" });
  return one?.wake_ms ?? 0;
}

describe("a pause", () => {
  it("keeps every wait still and gives back the time it took, to the millisecond", async () => {
    const wakeMs = await inPatience();
    await time(NOW + DAY_MS);
    expect(await pause(STRATEGY)).toMatchObject({ ok: true });
    await tickAt(NOW + 5 * DAY_MS, 2);
    expect(await standing()).toMatchObject([{ node_id: "patience", wake_ms: wakeMs }]);
    await resume(STRATEGY);
    await tickAt(NOW + 5 * DAY_MS, 2);
    expect(await standing()).toMatchObject([{ node_id: "patience", wake_ms: wakeMs + 4 * DAY_MS }]);
    await tickAt(wakeMs + 4 * DAY_MS, 1);
    expect(await standing()).toMatchObject([{ node_id: "again" }]);
  });

  it("inside another pause counts once", async () => {
    const wakeMs = await inPatience();
    await time(NOW + DAY_MS);
    await pause(STRATEGY);
    await time(NOW + 2 * DAY_MS);
    await pause(EVERYTHING);
    await time(NOW + 3 * DAY_MS);
    await resume(STRATEGY);
    await tickAt(NOW + 3 * DAY_MS, 2);
    await time(NOW + 6 * DAY_MS);
    await resume(EVERYTHING);
    await tickAt(NOW + 6 * DAY_MS, 2);
    expect(await standing()).toMatchObject([{ node_id: "patience", wake_ms: wakeMs + 5 * DAY_MS }]);
  });

  it("of a channel keeps its requests and the deadlines of those who wait for them", async () => {
    await people(1);
    const [asked] = await requests();
    await pause(ROBOT);
    await tickAt(NOW + 10 * DAY_MS, 2);
    expect(sent).toEqual([]);
    expect(await standing()).toMatchObject([{ node_id: "call", status: "active" }]);
    await resume(ROBOT);
    await tickAt(NOW + 10 * DAY_MS, 2);
    expect(sent).toHaveLength(1);
    expect(await requests()).toMatchObject([{ state: "sent", not_after_ms: (asked?.not_after_ms ?? 0) + 10 * DAY_MS }]);
  });

  it("stops what is on its way to the provider between two sends", async () => {
    await people(RUNTIME_LIMITS.sendsAtOnce + 5);
    // Sends take long enough for the last look at the stops to be too old.
    let tookMs = 0;
    deps = { ...deps, monotonicMs: () => performance.now() + tookMs };
    let placed = false;
    onSend = async () => {
      if (placed) return;
      placed = true;
      await pause(STRATEGY);
      tookMs = RUNTIME_LIMITS.stopsGoodForMs + 1;
    };
    await tickAt(NOW);
    expect(sent).toHaveLength(RUNTIME_LIMITS.sendsAtOnce);
    const [attempts] = await database.sql`select count(*)::int as count from contact_attempt`;
    expect(attempts?.count).toBe(RUNTIME_LIMITS.sendsAtOnce);
    await resume(STRATEGY);
    await tickAt(NOW, 2);
    expect(sent).toHaveLength(RUNTIME_LIMITS.sendsAtOnce + 5);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(sent.length);
  });

  it("is written with who, when and why", async () => {
    await people(1);
    await pause(ROBOT);
    expect(await pause(ROBOT)).toMatchObject({ ok: false, error: [{ code: "stop.already" }] });
    await resume(ROBOT);
    expect(await resume(ROBOT)).toMatchObject({ ok: false, error: [{ code: "stop.not-in-force" }] });
    const audit = await database.sql`select action, actor_id, detail ->> 'reason' as reason from audit
      where subject = 'robot' order by id desc limit 2`;
    expect(audit).toEqual([
      { action: "stop.lifted", actor_id: ACTOR, reason: "test" },
      { action: "stop.pause", actor_id: ACTOR, reason: "test" },
    ]);
  });
});

describe("a stop", () => {
  it("of a strategy lets everybody exit and nothing leave", async () => {
    await people(30);
    await stop(STRATEGY);
    await tickAt(NOW, 3);
    expect(sent).toEqual([]);
    expect(new Set((await standing()).map(({ exit_reason: reason }) => reason))).toEqual(new Set(["stopped"]));
    expect(new Set((await requests()).map(({ state }) => state)).has("ready")).toBe(false);
    const late = await enrollAccounts(deps, { versionId: VERSION.versionId, accountIds: null });
    expect(late).toMatchObject({ ok: false, error: [{ code: "run.stopped" }] });
  });

  it("of a channel refuses its requests, so that steps take the way for what is blocked", async () => {
    await people(2);
    await stop(ROBOT);
    await tickAt(NOW, 3);
    expect(sent).toEqual([]);
    expect(await standing()).toMatchObject([{ exit_reason: "handed-to-people" }, { exit_reason: "handed-to-people" }]);
  });

  it("can be made of a pause, but not the other way round", async () => {
    await people(1);
    await pause(STRATEGY);
    expect(await stop(STRATEGY)).toMatchObject({ ok: true });
    expect(await pause(STRATEGY)).toMatchObject({ ok: false, error: [{ code: "stop.stopped" }] });
    expect(await pause({ scope: "strategy", subject: "strat_nobody" })).toMatchObject({
      error: [{ code: "stop.unknown" }],
    });
  });
});

/** The executor, but for one account, on which it does something else. */
function broken(accountId: string, send: SyncExecutor["send"]): RuntimeDeps {
  return {
    ...deps,
    versions: {
      linked: async (versionId) => {
        const version = await deps.versions.linked(versionId);
        if (version === null) return null;
        const { compiled } = version;
        const sendOne: SyncExecutor["send"] = (state, event, context) =>
          (context.subject.accountId === accountId ? send : compiled.send)(state, event, context);
        return { ...version, compiled: { ...compiled, send: sendOne } };
      },
    },
  };
}

describe("what cannot be processed", () => {
  it("an account whose turn throws becomes a dead letter, keeps its event and goes on when tried again", async () => {
    await people(3);
    await tickAt(NOW);
    await time(NOW + 2 * MINUTE_MS);
    const throwing = broken("acct_L1", () => {
      throw new TypeError("a bug");
    });
    await tickEngine(throwing);
    expect((await standing()).map(({ status }) => status).sort()).toEqual(["active", "active", "faulted"]);
    const [letter] = await listDeadLetters(database.sql, { state: "open", limit: 10 });
    expect(letter).toMatchObject({ kind: "enrollment", attempts: 1, firstCode: "executor-threw" });

    const retry = { action: "retry", kind: null, subject: null, code: null, limit: 10, actorId: ACTOR } as const;
    expect(await decideDeadLetters(database, retry)).toBe(1);
    await tickEngine(throwing);
    expect(await listDeadLetters(database.sql, { state: "open", limit: 10 })).toMatchObject([{ attempts: 2 }]);
    expect(await decideDeadLetters(database, retry)).toBe(1);
    await tickEngine(deps);
    expect(await standing()).toMatchObject([{ node_id: "patience" }, { node_id: "patience" }, { node_id: "patience" }]);
  });

  it("a turn the database refuses is found among its neighbours, who are written", async () => {
    await people(40);
    await tickAt(NOW);
    await time(NOW + 2 * MINUTE_MS);
    await tickEngine(
      broken("acct_L7", (state) => ({ state: { ...state, vars: { text: "\u0000" } }, decisions: [], effects: [] })),
    );
    const where = await standing();
    expect(where.filter(({ node_id: node }) => node === "patience")).toHaveLength(39);
    expect(where.filter(({ status }) => status === "faulted")).toHaveLength(1);
    expect(await listDeadLetters(database.sql, { state: "open", limit: 10 })).toMatchObject([{ lastCode: "db.22P05" }]);
    const skip = {
      action: "skip",
      kind: "enrollment",
      subject: null,
      code: "db.22P05",
      limit: 10,
      actorId: ACTOR,
    } as const;
    expect(await decideDeadLetters(database, skip)).toBe(1);
    expect((await standing()).filter(({ exit_reason: reason }) => reason === "stopped")).toHaveLength(1);
  });

  it("a payment nobody can read is set aside and the next one booked", async () => {
    await people(1);
    const entry = {
      partyId: anAccount("L0").partyId,
      accountId: anAccount("L0").id,
      enrollmentId: null,
      atMs: NOW,
    } as const;
    const visit = { type: "payment.posted", stepSeq: null, attempt: null };
    await deps.inbox.put([
      { ...entry, ...visit, dedupeKey: "bad", data: { amountMinor: "lots" } },
      { ...entry, ...visit, dedupeKey: "good", data: { amountMinor: 500, source: "bank" } },
    ]);
    await tickAt(NOW);
    expect(await database.sql`select amount_minor from payment`).toEqual([{ amount_minor: 500 }]);
    expect(await listDeadLetters(database.sql, { state: "open", limit: 10 })).toMatchObject([
      { kind: "inbox", lastCode: "inbox.unreadable:data.amountMinor" },
    ]);
  });

  it("a request nobody can read is tried a few times, then waits for a person", async () => {
    await people(2);
    const [first] = await database.sql<{ key: string }[]>`select key from intent order by key limit 1`;
    await database.sql`update intent set channel = null where key = ${first?.key ?? ""}`;
    for (let hours = 0; hours < 5; hours += 1) await tickAt(NOW + hours * HOUR_MS);
    expect(sent).toHaveLength(1);
    expect(await listDeadLetters(database.sql, { state: "open", limit: 10 })).toMatchObject([
      { kind: "intent", subject: first?.key, lastCode: "intent-incomplete" },
    ]);
    await database.sql`update intent set channel = 'robot' where key = ${first?.key ?? ""}`;
    await decideDeadLetters(database, {
      action: "retry",
      kind: "intent",
      subject: null,
      code: null,
      limit: 1,
      actorId: ACTOR,
    });
    await tickAt(NOW + 5 * HOUR_MS);
    expect(sent.some(({ key }) => key === first?.key)).toBe(true);
  });
});

describe("a request nobody knows the fate of", () => {
  /** Handed over once, with no answer that means anything, and left to people. */
  async function anUnknown(): Promise<string> {
    onSend = async () => {
      throw new Error("no answer");
    };
    await people(1);
    await tickAt(NOW, 2);
    await database.sql`update intent set ask_after = null`;
    onSend = async () => undefined;
    const [one, ...others] = await listUnknownRequests(database.sql, 10);
    expect(others).toEqual([]);
    return one?.key ?? "";
  }
  const find = (key: string, left: boolean) =>
    reconcileRequest(database, { key, left, evidence: "the provider's console", actorId: ACTOR });
  const places = () => database.sql`select intent_key from contact_attempt`;

  it("is sent when somebody finds out that it left, and keeps its place under the caps", async () => {
    const key = await anUnknown();
    expect(await find(key, true)).toMatchObject({ ok: true });
    await tickAt(NOW + MINUTE_MS);
    expect(await requests()).toMatchObject([{ state: "sent" }]);
    expect([(await places()).length, sent.length]).toEqual([1, 1]);
    expect(await auditOf(database.sql, key, 1)).toMatchObject([
      { action: "request.reconciled", detail: { left: true, evidence: "the provider's console" } },
    ]);
    expect(await find(key, false)).toMatchObject({ ok: false, error: [{ code: "request.not-unknown" }] });
  });

  it("goes the ordinary way again when it did not leave, its place under the caps free", async () => {
    const key = await anUnknown();
    await find(key, false);
    expect(await places()).toHaveLength(0);
    await tickAt(NOW + MINUTE_MS);
    expect(sent.map((request) => request.key)).toEqual([key, key]);
    expect(await requests()).toMatchObject([{ state: "sent" }]);
    expect(await places()).toHaveLength(1);
  });
});

it("timers wait while the outbox is behind; what has happened is heard all the same", async () => {
  const wakeMs = await inPatience();
  await database.sql`insert into intent (party_id, key, enrollment_id, account_id, step_seq, attempt, node_id, kind, channel, content_id,
      details, not_before, not_after, state, updated_at)
    select i.party_id, i.key || ':' || n, i.enrollment_id, i.account_id, i.step_seq, i.attempt, i.node_id, i.kind, i.channel,
      i.content_id, i.details, i.not_before, i.not_after, 'ready', now()
    from intent i, generate_series(1, ${RUNTIME_LIMITS.outboxBacklog}::int) n`;
  expect(await advanceDue(deps, wakeMs)).toEqual({ claimed: 0, written: 0 });
  const { partyId, id: accountId } = anAccount("L0");
  const data = { amountMinor: 500, source: "bank" };
  const visit = { stepSeq: null, attempt: null };
  await deps.inbox.put([
    { dedupeKey: "p", partyId, accountId, enrollmentId: null, type: "payment.posted", atMs: NOW, ...visit, data },
  ]);
  await deps.inbox.postDuePayments({ nowMs: wakeMs, limit: 10 });
  await time(wakeMs - 1);
  expect(await advanceDue(deps, wakeMs - 1)).toMatchObject({ written: 1 });
  expect(await standing()).toMatchObject([{ exit_reason: "completed" }]);
});
