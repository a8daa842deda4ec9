import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tellStanding } from "#db/queries/channel-standing";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { simulatedChannel } from "#engine/channels/simulated";
import { HOUR_MS, MINUTE_MS } from "#engine/model/time";
import type { ChannelAdapter, SendOutcome, StatusEvent } from "#engine/ports/channel";
import type { ChannelLimits } from "#engine/ports/channel-standing";
import { OPEN_AFTER_FAILURES } from "#engine/runtime/breaker";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { enrollAccounts } from "#engine/runtime/enroll";
import { type GuardedChannel, guardedChannel } from "#engine/runtime/guarded-channel";
import { tickEngine } from "#engine/runtime/tick";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { callingVersion, STRICT_MARKET } from "#engine/testing/live-story";
import { readProviderHealth } from "../operations/provider-health";
import { runtimeOn } from "../worker-runtime";
import { callbackMetrics } from "./callback-metrics";
import { runtimeMetrics } from "./runtime-metrics";

/** The engine is driven over a real database, and everything it went through stands in the exposition. */

const NAMES = ["欧阳振华", "孟小冬"];
const LIMITS: ChannelLimits = {
  ...{ maxPerSecond: null, maxConcurrent: null, costPerHourMinor: 4000 },
  ...{ currency: "CNY", breaks: true },
};

let house: TestDatabase;
let deps: RuntimeDeps;
let registry: Registry;
let acme: GuardedChannel;
let nowMs = MONDAY_MORNING_MS;
let answer: () => SendOutcome | Promise<SendOutcome>;

beforeAll(async () => {
  house = await openTestDatabase();
  registry = new Registry();
  const metrics = runtimeMetrics(registry);
  const { came } = callbackMetrics(registry, metrics.callbacks, () => nowMs);
  const adapter: ChannelAdapter = {
    ...simulatedChannel("robot", { seed: 1 }),
    ...{ id: "acme", estimate: () => 7, send: async () => answer() },
  };
  acme = guardedChannel(adapter, LIMITS, () => nowMs);
  metrics.watch([acme]);
  deps = {
    ...runtimeOn(house.database, { alarm: () => undefined, tell: metrics.tell, onCallbacks: came }),
    ...{ clock: { read: async () => ({ nowMs, isDemo: false }) }, packOf: () => STRICT_MARKET },
    channelPort: () => acme,
  };
  const { given } = await postgresStores(house.database);
  const accounts = ["M1", "M2", "M3"].map((no, index) =>
    anAccount(no, { fields: { customer_name: NAMES[index] ?? "王五" } }),
  );
  await given.accounts(
    accounts,
    accounts.map(({ partyId, accountNo }) =>
      aPhone(partyId, accountNo === "M3" ? { consent: { ...aPhone(partyId).consent, robot: "refused" as const } } : {}),
    ),
  );
  const version = callingVersion();
  await given.version(version);
  await enrollAccounts(deps, { versionId: version.versionId, accountIds: null });
});
afterAll(() => house.drop());

/** Lines of the exposition of one metric, without those of its buckets. */
async function shown(name: string): Promise<readonly string[]> {
  const text = await registry.metrics();
  return text.split("\n").filter((line) => line.startsWith(name) && !line.includes("_bucket"));
}
async function tickAt(ms: number): Promise<void> {
  nowMs = ms;
  await tickEngine(deps);
}
const word = (eventId: string, change: Partial<StatusEvent>): StatusEvent => ({
  ...{ eventId, key: null, ref: null, result: "no_answer", outcome: "NA", atMs: nowMs },
  ...{ costMinor: null, values: {}, raw: null },
  ...change,
});

it("counts what the provider took, what it cost, and whom a rule kept from it", async () => {
  answer = () => ({ kind: "accepted", ref: "r", costMinor: 9, announced: [] });
  await tickAt(MONDAY_MORNING_MS);
  expect(await shown("channel_sends_total")).toEqual([
    'channel_sends_total{channel="robot",adapter="acme",result="accepted"} 2',
  ]);
  expect(await shown("channel_cost_minor_total")).toEqual(['channel_cost_minor_total{currency="CNY"} 18']);
  expect(await shown("channel_send_seconds_count")).toEqual([
    'channel_send_seconds_count{channel="robot",adapter="acme"} 2',
  ]);
  expect(await shown("compliance_blocks_total")).toEqual(['compliance_blocks_total{rule="consent",decision="deny"} 1']);
});

it("counts words that are new, known, late or nobody's, and how long they took to come", async () => {
  const [one] = await house.database.sql<{ key: string }[]>`select key from intent where state = 'sent' limit 1`;
  const key = one?.key ?? "";
  const saysNo = word("e1", { key, atMs: nowMs - 20 * MINUTE_MS });
  await deps.callbacks.put("acme", [saysNo, word("nobody", { ref: "who" })]);
  await deps.callbacks.put("acme", [saysNo]);
  await tickAt(nowMs);
  await deps.callbacks.put("acme", [word("e2", { key, atMs: nowMs - MINUTE_MS })]);
  await house.database.sql`update channel_callback set received_at = now() - interval '8 days',
    look_after = now() where event_id = 'nobody'`;
  await tickAt(nowMs);
  expect([...(await shown("channel_callbacks_total"))].sort()).toEqual([
    'channel_callbacks_total{kind="dup"} 1',
    'channel_callbacks_total{kind="late"} 1',
    'channel_callbacks_total{kind="new"} 3',
    'channel_callbacks_total{kind="orphan"} 1',
  ]);
  const text = await registry.metrics();
  expect(text).toContain('channel_callback_lag_seconds_bucket{le="900"} 2');
  expect(text).toMatch(/^channel_callback_lag_seconds_count 4$/m);
});

it("counts timers by how late they fire", async () => {
  const [wake] = await house.database.sql<{ ms: number }[]>`
    select (extract(epoch from min(wake_at)) * 1000)::float8 as ms from enrollment where status = 'active'`;
  await tickAt((wake?.ms ?? 0) + 90_000);
  const text = await registry.metrics();
  expect(text).toContain('timer_lateness_seconds_bucket{le="60"} 0');
  expect(text).toMatch(/^timer_lateness_seconds_count [1-9]/m);
  expect(text).toMatch(/^timer_lateness_seconds_sum 90$/m);
});

it("counts an answer that comes after the request is another worker's, and leases that ran out", async () => {
  answer = async () => {
    await house.database.sql`update intent set lease_until = now() - interval '1 second' where state = 'sending'`;
    return { kind: "rejected", code: "busy", retryable: true, retryAfterMs: 1 };
  };
  const { sql } = house.database;
  await sql`update intent set state = 'ready', not_before = to_timestamp(${nowMs} / 1000.0) - interval '1 minute',
    not_after = to_timestamp(${nowMs} / 1000.0) + interval '9 hours' where kind = 'contact' and state = 'sent'`;
  await sql`delete from contact_attempt`;
  await tickAt(nowMs);
  expect((await shown("engine_fenced_writes_total"))[0]).toMatch(/ [12]$/);
  expect(await shown("engine_lease_expired_total")).toEqual(["engine_lease_expired_total 0"]);
  await tickAt(nowMs);
  expect((await shown("engine_lease_expired_total"))[0]).toMatch(/ [12]$/);
});

it("shows an open breaker, here and to the console, and how long contacts wait for it", async () => {
  answer = () => ({ kind: "unknown" });
  for (let count = 0; count <= OPEN_AFTER_FAILURES; count += 1) {
    nowMs += MINUTE_MS;
    await acme.send({ text: "" } as never, { signal: new AbortController().signal });
  }
  expect(await shown("channel_breaker_state")).toEqual(['channel_breaker_state{channel="robot",adapter="acme"} 2']);
  await tellStanding(house.database.sql, "worker-1", [{ standing: acme.standing(), health: null }]);
  const quiet = { ...acme.standing(), breaker: "closed", waitMs: 0 } as const;
  const health = { ok: false, problems: ["unreachable"], atMs: nowMs };
  await tellStanding(house.database.sql, "worker-2", [{ standing: quiet, health }]);
  await tellStanding(house.database.sql, "worker-3", [{ standing: quiet, health: null }]);
  await house.database
    .sql`update channel_standing set seen_at = now() - interval '31 seconds' where worker = 'worker-3'`;
  const [row, ...others] = await readProviderHealth(house.database.sql);
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    ...{ adapter: "acme", channel: "robot", workers: 2, breaker: "open", workersShutOut: 1, costPerHourMinor: 8000 },
    ...{ unclear: 2 * acme.standing().unknown, health: { problems: ["unreachable"] } },
  });
  expect(row?.waitMs).toBeGreaterThan(0);
  // The lag is real time here: the words above were said in March.
  expect(row?.lag?.p95Ms).toBeGreaterThan(HOUR_MS);
});

it("names nobody: channels, providers, rules and codes are all there is", async () => {
  const text = await registry.metrics();
  for (const word of [...NAMES, "138000", "acct_", "party_", "enr_", "M1"]) expect(text).not.toContain(word);
});
