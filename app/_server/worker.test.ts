import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#db";
import { setClock } from "#db/queries/clock";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { draw } from "#engine/model/draw";
import type { Account } from "#engine/model/party";
import { enrollAccounts } from "#engine/runtime/enroll";
import { tickEngine } from "#engine/runtime/tick";
import { anAccount, aPhone } from "#engine/testing/builders";
import { callingVersion } from "#engine/testing/live-story";
import { runtimeOn } from "./worker-runtime";

/** How often a worker is killed; a night's run sets thousands. */
const KILLS = Number(process.env.CHAOS_KILLS ?? 12);
const PEOPLE = 120;
/** Longest a worker lives after it has begun to work. */
const LIFE_MAX_MS = 700;
const DEMO_RATIO = 7200;
const ACTOR = "actor_test";

let house: TestDatabase;
let database: Database;

beforeAll(async () => {
  house = await openTestDatabase();
  database = house.database;
});
afterAll(() => house.drop());

/** Everybody owes; every third person has two loans. */
function aPortfolio(): readonly Account[] {
  return Array.from({ length: PEOPLE }, (_, index) => index).flatMap((index) => {
    const customerNo = `P${index}`;
    const loan = anAccount(`L${index}`, { customerNo });
    return index % 3 === 0 ? [loan, anAccount(`L${index}-2`, { customerNo })] : [loan];
  });
}

/** A worker as `npm start` runs it; resolves when it says it has begun. */
async function aWorker(): Promise<ChildProcess> {
  const environment = { ...process.env, DATABASE_URL: house.url };
  const worker = spawn(process.execPath, ["--import", "tsx", "app/_server/worker.ts"], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    worker.once("exit", (code) => reject(new Error(`a worker ended by itself with ${code}`)));
    worker.stdout?.once("data", () => resolve());
  });
  worker.removeAllListeners("exit");
  worker.stdout?.resume();
  return worker;
}

async function ended(worker: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (worker.exitCode !== null) return worker.exitCode;
  const exit = new Promise<number | null>((resolve) => worker.once("exit", (code) => resolve(code)));
  worker.kill(signal);
  return exit;
}

async function killAtRandom(): Promise<void> {
  const workers = [await aWorker(), await aWorker()];
  for (let kill = 0; kill < KILLS; kill += 1) {
    await delay(LIFE_MAX_MS * draw(7, "nemesis", `life:${kill}`));
    const [victim] = workers.splice(kill % 2, 1);
    if (victim !== undefined) await ended(victim, "SIGKILL");
    workers.push(await aWorker());
  }
  for (const worker of workers) await ended(worker, "SIGKILL");
}

/** Ticks in this process until nothing is left to do at the present engine time. */
async function settle(): Promise<void> {
  await setClock(database, { mode: "demo", ratio: 0 }, ACTOR);
  await database.sql`update intent set lease_until = clock_timestamp() - interval '1 second' where state = 'sending'`;
  const alarms: string[] = [];
  const deps = runtimeOn(database, { alarm: (code) => alarms.push(code) });
  for (let round = 0; round < 50; round += 1) {
    const { advanced, dispatched, recovered, thawed } = await tickEngine(deps);
    if (advanced.written + dispatched.looked + recovered.looked + thawed === 0) break;
  }
  expect(alarms).toEqual([]);
}

describe("workers that are killed at any moment", () => {
  it("lose nobody, decide nothing twice and keep the caps", async () => {
    const stores = await postgresStores(database);
    const accounts = aPortfolio();
    const version = callingVersion();
    const people = new Map(accounts.map((account) => [account.partyId, account]));
    await stores.given.accounts(
      accounts,
      [...people.keys()].map((partyId) => aPhone(partyId)),
    );
    await stores.given.version(version);
    await database.sql`update engine_clock set mode = 'demo', ratio = 0, anchor_real = clock_timestamp(),
      anchor_virtual = '2026-03-02T09:00:00+08:00'`;
    const deps = runtimeOn(database, { alarm: () => undefined });
    const enrolled = await enrollAccounts(deps, { versionId: version.versionId, accountIds: null });
    expect(enrolled).toMatchObject({ ok: true, value: { enrolled: accounts.length } });
    await setClock(database, { mode: "demo", ratio: DEMO_RATIO }, ACTOR);

    await killAtRandom();
    await settle();

    const { sql } = database;
    const [count] = await sql`select count(*)::int as enrollments,
      (count(*) filter (where status = 'faulted'))::int as faulted from enrollment`;
    expect(count).toEqual({ enrollments: accounts.length, faulted: 0 });

    const gaps = await sql`select enrollment_id from decision group by enrollment_id
      having count(*) <> max(ordinal) + 1 or min(ordinal) <> 0`;
    expect(gaps).toHaveLength(0);

    const requests = await sql`
      select e.id, (select count(*) from decision d where d.enrollment_id = e.id and d.code in ('requested', 'retry-started')) as asked,
        (select count(*) from intent i where i.enrollment_id = e.id) as intents
      from enrollment e`;
    expect(requests.filter((row) => row.asked !== row.intents)).toEqual([]);

    const forgotten = await sql`
      select e.id from enrollment e, engine_clock c where e.status = 'active' and e.wake_at <= c.anchor_virtual
      union all select i.enrollment_id from inbox i join enrollment e on e.id = i.enrollment_id, engine_clock c
        where i.status = 'pending' and i.at <= c.anchor_virtual and e.status <> 'held'
      union all select enrollment_id from intent where state = 'sending'`;
    expect(forgotten).toHaveLength(0);

    const unrecorded = await sql`select i.key from intent i left join contact_attempt a on a.intent_key = i.key
      where i.kind = 'contact' and (i.state in ('sent', 'unknown')) <> (a.intent_key is not null)`;
    expect(unrecorded).toHaveLength(0);

    const overCap = await sql`
      select party_id, (at at time zone 'Asia/Shanghai')::date as day from contact_attempt group by 1, 2
      having count(*) > 6 or count(*) filter (where conversed) > 3`;
    expect(overCap).toHaveLength(0);
    const atNight = await sql`select intent_key from contact_attempt
      where (at at time zone 'Asia/Shanghai')::time not between '08:00' and '22:00'`;
    expect(atNight).toHaveLength(0);

    const [busy] = await sql`select count(*)::int as contacts from contact_attempt`;
    expect(busy?.contacts).toBeGreaterThan(PEOPLE);
  }, 180_000);

  it("end cleanly when they are asked to", async () => {
    const worker = await aWorker();
    expect(await ended(worker, "SIGTERM")).toBe(0);
  });
});
