import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Database, openDatabase } from "#db";
import { countUnsealed, sealAudit } from "#db/queries/audit-seal";
import { readClock } from "#db/queries/clock";
import { readEngineBacklog } from "#db/queries/engine-backlog";
import { placeStop } from "#db/queries/stop";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { enrollAccounts } from "#engine/runtime/enroll";
import { anAccount, aPhone } from "#engine/testing/builders";
import { callingVersion } from "#engine/testing/live-story";
import { runtimeOn } from "../worker-runtime";
import { expositionOf } from "./exposition";
import { metricsAccess } from "./metrics-access";
import { readinessOf } from "./readiness";
import { openWorkerDoor, type WorkerDoor } from "./worker-door";
import { workerMetrics } from "./worker-metrics";

const HOUR_MS = 3_600_000;
const PEOPLE = ["K-LIAO", "K-MENG", "K-OUYANG"];

let house: TestDatabase;
let database: Database;
let door: WorkerDoor | null = null;

beforeAll(async () => {
  house = await openTestDatabase();
  database = house.database;
  const stores = await postgresStores(database);
  const accounts = PEOPLE.map((name) => anAccount(name, { customerNo: name }));
  await stores.given.accounts(
    accounts,
    accounts.map(({ partyId }) => aPhone(partyId)),
  );
  const version = callingVersion();
  await stores.given.version(version);
  await database.sql`update engine_clock set mode = 'demo', ratio = 0, anchor_real = clock_timestamp(),
    anchor_virtual = '2026-03-02T09:00:00+08:00'`;
  const deps = runtimeOn(database, { alarm: () => undefined });
  await enrollAccounts(deps, { versionId: version.versionId, accountIds: null });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await door?.close();
  door = null;
});
afterAll(() => house.drop());

async function backlogAfter(hours: number) {
  const { nowMs } = await readClock(database.sql);
  return readEngineBacklog(database.sql, nowMs + hours * HOUR_MS);
}

describe("the backlog", () => {
  it("counts nobody while no timer has come, then everybody, by the age of the oldest", async () => {
    expect(await backlogAfter(0)).toMatchObject({ dueAccounts: 0, oldestDueAgeSeconds: 0, requests: { ready: 3 } });
    const [first] = await database.sql<{ ms: number }[]>`
      select extract(epoch from min(wake_at))::float8 * 1000 as ms from enrollment`;
    const { nowMs } = await readClock(database.sql);
    const behind = await readEngineBacklog(database.sql, (first?.ms ?? nowMs) + HOUR_MS);
    expect(behind).toMatchObject({ dueAccounts: 3, oldestDueAgeSeconds: 3600, dueByAge: [0, 0, 0, 0, 3] });
    const soon = await readEngineBacklog(database.sql, (first?.ms ?? nowMs) + 90_000);
    expect(soon.dueByAge).toEqual([0, 0, 3, 0, 0]);
  });

  it("leaves out whom a hold or a pause keeps: they are not late", async () => {
    await database.sql`insert into hold (id, party_id, kind, from_at, until_at, source)
      select 'hold_1', party_id, 'dispute', now() - interval '10 years', null, 'test' from enrollment limit 1`;
    expect((await backlogAfter(24 * 40)).dueAccounts).toBe(2);
    const everything = { scope: "everything", subject: "", reason: "audit", actorId: "actor_test" } as const;
    await placeStop(database, { ...everything, kind: "pause" });
    expect((await backlogAfter(24 * 40)).dueAccounts).toBe(0);
    await database.sql`delete from stop`;
    await database.sql`delete from hold`;
  });

  it("reads out in the names operators alert on, without an id of anybody", async () => {
    const { text } = await expositionOf(database).read();
    expect(text).toMatch(/^engine_oldest_due_age_seconds 0$/m);
    expect(text).toMatch(/^channel_requests\{state="ready"\} 3$/m);
    expect(text).toMatch(/^strategy_accounts\{strategy="[^"]+",version="1",status="active"\} 3$/m);
    expect(text).toContain("nodejs_eventloop_lag_seconds");
    for (const name of PEOPLE) expect(text).not.toContain(name);
  });

  it("counts audit rows that are not sealed, and says whether the chain held once somebody has walked it", async () => {
    const exposition = expositionOf(database);
    const before = (await exposition.read()).text;
    expect(before).not.toContain("audit_verify_ok");
    const unsealed = await countUnsealed(database.sql);
    expect(before).toMatch(new RegExp(`^audit_unsealed_rows ${unsealed}$`, "m"));
    expect(unsealed).toBeGreaterThan(0);
    await sealAudit(database);
    exposition.audit.showVerified(false);
    const { text } = await exposition.read();
    expect(text).toMatch(/^audit_unsealed_rows 0$/m);
    expect(text).toMatch(/^audit_verify_ok 0$/m);
  });
});

describe("who is ready", () => {
  it("is a process whose database takes writes and has the schema", async () => {
    expect(await readinessOf(database)).toEqual({ reasons: [] });
  });

  it("is not one whose database lacks the newest migration, or takes no writes", async () => {
    await database.sql`update drizzle.__drizzle_migrations set created_at = created_at - 1000`;
    expect((await readinessOf(database)).reasons).toEqual(["schema-differs"]);
    await database.sql`update drizzle.__drizzle_migrations set created_at = created_at + 1000`;
    const [name] = await database.sql<{ name: string }[]>`select current_database() as name`;
    await database.sql`alter database ${database.sql(name?.name ?? "")} set default_transaction_read_only = on`;
    const reader = openDatabase(house.url, { connections: 1 });
    expect((await readinessOf(reader)).reasons).toEqual(["database-read-only"]);
    await reader.close();
    await database.sql.begin(
      "read write",
      (writing) => writing`alter database ${writing(name?.name ?? "")} reset default_transaction_read_only`,
    );
  });

  it("is not one that cannot reach its database", async () => {
    const nowhere = openDatabase("postgres://nobody@127.0.0.1:1/none", { connections: 1 });
    expect((await readinessOf(nowhere)).reasons).toEqual(["database-unreachable"]);
    await nowhere.close();
  });
});

describe("a worker's door", () => {
  async function opened(sinceRoundMs: number): Promise<string> {
    const exposition = expositionOf(database);
    workerMetrics(exposition.registry);
    door = await openWorkerDoor({ host: "127.0.0.1", port: 0, database, exposition, sinceRoundMs: () => sinceRoundMs });
    return `http://127.0.0.1:${door.port}`;
  }

  it("says that the worker lives and is ready, and what it is", async () => {
    const at = await opened(10);
    expect(await (await fetch(`${at}/livez`)).json()).toEqual({ status: "alive" });
    expect(await (await fetch(`${at}/readyz`)).json()).toEqual({ status: "ready", reasons: [] });
    expect(await (await fetch(`${at}/version`)).json()).toMatchObject({ name: "duecourse", programFormats: [1, 2] });
    expect((await fetch(`${at}/elsewhere`)).status).toBe(404);
  });

  it("says that it is not ready when no round has ended for a minute", async () => {
    const answer = await fetch(`${await opened(61_000)}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ status: "not-ready", reasons: ["engine-stalled"] });
  });

  it("shows its figures to whoever has the token and to nobody else", async () => {
    const at = await opened(10);
    expect((await fetch(`${at}/metrics`)).status).toBe(404);
    vi.stubEnv("DUECOURSE_METRICS_TOKEN", "a long secret");
    expect((await fetch(`${at}/metrics`)).status).toBe(401);
    const answer = await fetch(`${at}/metrics`, { headers: { authorization: "Bearer a long secret" } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("engine_ticks_total");
  });
});

it("a token must match whole", () => {
  vi.stubEnv("DUECOURSE_METRICS_TOKEN", "secret");
  expect(["Bearer secret", "Bearer secre", "secret", "", null].map(metricsAccess)).toEqual([
    "granted",
    "refused",
    "refused",
    "refused",
    "refused",
  ]);
});
