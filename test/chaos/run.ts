import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Database, openDatabase } from "#db";
import { startEmbedded } from "#db/embedded/start-embedded";
import { migrateDatabase } from "#db/migrate";
import { postgresStores } from "#db/stores/testing";
import { draw } from "#engine/model/draw";
import type { Account } from "#engine/model/party";
import { enrollAccounts } from "#engine/runtime/enroll";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { callingVersion, STRICT_MARKET } from "#engine/testing/live-story";
import { runtimeOn } from "../../app/_server/worker-runtime";
import { bundle } from "./bundle";
import { checkAll, countLeft, type Findings, readHistory } from "./check";
import type { ProviderFault } from "./faults";
import { type Said, startCallbacks, startProvider, startWorker, takeReport } from "./house";
import { type Counts, type Nemesis, rage } from "./nemesis";

const FOLDER = ".cache/chaos";
const CLUSTER = ".cache/chaos-postgres";
const LEASE_SECONDS = 6;
/** Five minutes a second: nights, days and waits of three days fall into a run. */
const RATIO = 300;
/** Longest the house may take to come to rest once nothing bad happens any more. */
const HEAL_MS = 60_000;
const QUIET_MS = 6000;
/** A worker whose clock is ten minutes wrong, each way, and one of an older build that knows the older format only. */
const WORKERS = [{ CHAOS_SKEW_MS: "600000" }, { CHAOS_SKEW_MS: "-600000" }, {}, { CHAOS_FORMATS: "1" }] as const;

export type ChaosOptions = { readonly minutes: number; readonly people: number; readonly seed: number };

export type ChaosReport = ChaosOptions & {
  readonly holds: boolean;
  readonly counts: Counts & {
    readonly selfKills: { readonly [point: string]: number };
    readonly uncaught: number;
    readonly alarms: { readonly [code: string]: number };
    readonly failedTicks: { readonly [code: string]: number };
  };
  readonly decisions: number;
  readonly requests: { readonly [state: string]: number };
  readonly received: number;
  readonly reached: number;
  readonly providerFaults: { readonly [fault in ProviderFault]?: number };
  /** Requests for a contact that reached its person before: by class. */
  readonly extraSends: { readonly idempotentAbsorbed: number; readonly blind: number };
  readonly bootMsP50: number;
  /** From a crash of the database until something was written again. */
  readonly recoveryMsP99: number;
  readonly healMs: number;
  readonly breaches: Findings;
};

/** One run: the scene, the rage, the healing, the checks. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const fileOf = await bundle(["test/chaos/worker.ts", "test/chaos/provider.ts"], resolve(FOLDER));
  const server = await startEmbedded(CLUSTER);
  const url = await freshDatabase(server.url);
  const database = openDatabase(url, { connections: 4, name: "chaos-supervisor", statementTimeoutMs: 10_000 });
  const history = resolve(FOLDER, "history.ndjson");
  const inbox = runtimeOn(database, { alarm: () => undefined }).inbox;
  const callbacks = await startCallbacks((body) => takeReport({ database, inbox }, body));
  const provider = await startProvider(fileOf("provider"), {
    CHAOS_SEED: String(options.seed),
    CHAOS_HISTORY: history,
    CHAOS_CALLBACK: callbacks.url,
  });
  try {
    const people = await setScene(database, options);
    const said: Said = { crashes: {}, alarms: {}, failedTicks: {}, uncaught: 0, bootMs: [] };
    const base = { DATABASE_URL: url, CHAOS_PROVIDER: provider.url, CHAOS_LEASE_SECONDS: String(LEASE_SECONDS) };
    const paid = new Map<string, number>();
    const paying = payNowAndThen({ database, people, paid, seed: options.seed });
    const field = {
      ...{ seed: options.seed, database, workerFile: fileOf("worker"), base, settings: WORKERS, said },
      ...{ leaseSeconds: LEASE_SECONDS, cluster: CLUSTER, progress: () => decisionsIn(database) },
    };
    const nemesis = await rage(field, options.minutes * 60_000);
    await paying.stop();
    const healMs = await heal(database, () => startWorker(fileOf("worker"), base, said));
    const minimum = {
      kills: Math.floor(60 * options.minutes),
      terminations: Math.floor(100 * options.minutes),
      sends: 100,
    };
    const breaches = await checkAll({ database, history, nemesis, said, people: people.length, paid, minimum });
    return await reportOf({ options, database, history, nemesis, said, healMs, breaches });
  } finally {
    provider.stop();
    callbacks.server.closeAllConnections();
    callbacks.server.close();
    await database.close();
    await server.stop();
  }
}

async function freshDatabase(adminUrl: string): Promise<string> {
  const admin = openDatabase(adminUrl, { connections: 2 });
  await admin.sql.unsafe("drop database if exists chaos with (force)");
  await admin.sql.unsafe("create database chaos");
  await admin.close();
  const url = new URL(adminUrl);
  url.pathname = "/chaos";
  await migrateDatabase(url.href);
  return url.href;
}

/** Everybody owes; every second person is reached by a provider that knows its keys again, the others by one that does not. */
async function setScene(database: Database, { people }: ChaosOptions): Promise<readonly Account[]> {
  const stores = await postgresStores(database);
  const accounts = Array.from({ length: people }, (_, index) => anAccount(`L${index}`));
  const version = callingVersion();
  await stores.given.accounts(
    accounts,
    accounts.map(({ partyId }, index) => aPhone(partyId, { simulated: index % 2 === 0 })),
  );
  await stores.given.version(version);
  await database.sql`update engine_clock set mode = 'demo', ratio = ${RATIO}, anchor_real = clock_timestamp(),
    anchor_virtual = to_timestamp(${MONDAY_MORNING_MS} / 1000.0)`;
  const deps = { ...runtimeOn(database, { alarm: () => undefined }), packOf: () => STRICT_MARKET };
  await enrollAccounts(deps, { versionId: version.versionId, accountIds: null });
  return accounts;
}

type Paying = {
  readonly database: Database;
  readonly people: readonly Account[];
  readonly paid: Map<string, number>;
  readonly seed: number;
};

/** A bank that reports payments, each up to three times, and again until it has been taken. */
function payNowAndThen({ database, people, paid, seed }: Paying): { stop(): Promise<void> } {
  const { inbox } = runtimeOn(database, { alarm: () => undefined });
  let over = false;
  const running = (async () => {
    for (let number = 0; !over; number += 1) {
      await delay(200);
      const account = people[Math.floor(draw(seed, "bank", `who:${number}`) * people.length)];
      if (account === undefined) continue;
      const dedupeKey = `bank:${number}`;
      const amountMinor = 100 + number;
      const visit = { enrollmentId: null, type: "payment.posted", stepSeq: null, attempt: null } as const;
      const entry = { dedupeKey, partyId: account.partyId, accountId: account.id, atMs: MONDAY_MORNING_MS, ...visit };
      for (let times = 0; times < 3; ) {
        times += await inbox.put([{ ...entry, data: { amountMinor, source: "bank" } }]).then(
          () => 1,
          () => delay(50, 0),
        );
      }
      paid.set(dedupeKey, amountMinor);
    }
  })();
  return {
    stop: () => {
      over = true;
      return running;
    },
  };
}

async function decisionsIn({ sql }: Database): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from decision`;
  return row?.count ?? 0;
}

/** Two good workers, the clock standing still: how long until nothing is left to do. */
async function heal(database: Database, start: () => ReturnType<typeof startWorker>): Promise<number> {
  await database.sql`update stop set phase = 'lifting', until_at = greatest(from_at, c.now) from (
      select anchor_virtual + (clock_timestamp() - anchor_real) * ratio as now from engine_clock) c where phase = 'in-force'`;
  await database.sql`update engine_clock set anchor_virtual = anchor_virtual + (clock_timestamp() - anchor_real) * ratio,
    anchor_real = clock_timestamp(), ratio = 0`;
  const workers = [start(), start()];
  await Promise.all(workers.map(({ ready }) => ready));
  const sinceMs = performance.now();
  let quietSinceMs: number | null = null;
  while (performance.now() - sinceMs < HEAL_MS) {
    const left = await countLeft(database);
    quietSinceMs = left > 0 ? null : (quietSinceMs ?? performance.now());
    // Late reports of the provider may still come in; then it is not quiet any more.
    if (quietSinceMs !== null && performance.now() - quietSinceMs > QUIET_MS) break;
    await delay(100);
  }
  const took = (quietSinceMs ?? performance.now()) - sinceMs;
  for (const { child } of workers) child.kill("SIGTERM");
  await Promise.all(workers.map(({ ended }) => ended));
  return took;
}

type Finished = {
  readonly options: ChaosOptions;
  readonly database: Database;
  readonly history: string;
  readonly nemesis: Nemesis;
  readonly said: Said;
  readonly healMs: number;
  readonly breaches: Findings;
};

async function reportOf({
  options,
  database,
  history,
  nemesis,
  said,
  healMs,
  breaches,
}: Finished): Promise<ChaosReport> {
  const received = readHistory(history).flatMap((line) => (line.kind === "received" ? line : []));
  const states = await database.sql<{ state: string; count: number }[]>`
    select state, count(*)::int as count from intent group by state order by state`;
  const took = received.filter(({ fault }) => fault !== "500" && fault !== "429");
  const keys = new Set(took.map(({ key }) => key));
  const again = (kind: string) => {
    const own = took.filter((line) => line.class === kind);
    return own.length - new Set(own.map(({ key }) => key)).size;
  };
  const sorted = (numbers: readonly number[]) => [...numbers].sort((left, right) => left - right);
  const boots = sorted(said.bootMs);
  const recoveries = sorted(nemesis.recoveriesMs);
  const { crashes: selfKills, uncaught, alarms, failedTicks } = said;
  return {
    ...options,
    holds: Object.values(breaches).every((found) => found.length === 0),
    counts: { ...nemesis.counts, selfKills, uncaught, alarms, failedTicks },
    decisions: await decisionsIn(database),
    requests: Object.fromEntries(states.map(({ state, count }) => [state, count])),
    received: received.length,
    reached: keys.size,
    providerFaults: countBy(received.map(({ fault }) => fault)),
    extraSends: { idempotentAbsorbed: again("idempotent"), blind: again("blind") },
    bootMsP50: boots[Math.floor(boots.length / 2)] ?? 0,
    recoveryMsP99: Math.round(recoveries[Math.floor(recoveries.length * 0.99)] ?? 0),
    healMs: Math.round(healMs),
    breaches,
  };
}

function countBy<TName extends string>(names: readonly TName[]): { readonly [name in TName]?: number } {
  const counts: { [name in TName]?: number } = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** `npm run -s chaos -- --minutes N [--people N] [--seed N] --json` */
export function readChaosOptions(args: readonly string[]): ChaosOptions {
  const string = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: string, people: string, seed: string, json: { type: "boolean" } },
  });
  const options = {
    minutes: Number(values.minutes ?? 2),
    people: Number(values.people ?? 300),
    seed: Number(values.seed ?? 1),
  };
  if (!(options.minutes > 0 && options.people > 0 && Number.isInteger(options.seed)))
    throw new RangeError("out of range");
  return options;
}
