import type { Database } from "#db";
import type { Findings } from "./check";
import type { ProviderClass, ProviderFault } from "./faults";
import { readHistory } from "./history";
import type { Said } from "./house";
import type { Counts, Nemesis } from "./nemesis";
import { decisionsIn } from "./scene";
import type { Orphans } from "./watch";

/** Kills of workers and of database connections a run must have seen to prove anything. */
export type Minimum = { readonly kills: number; readonly terminations: number };

export type ChaosOptions = Minimum & {
  /** How long bad things happen at least; a run that has not met what it must have met goes on for up to five times as long. */
  readonly minutes: number;
  readonly people: number;
  readonly seed: number;
};

/** Times in milliseconds. */
export type Spread = { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number };

export type ChaosReport = ChaosOptions & {
  readonly holds: boolean;
  readonly ragedMs: number;
  readonly workerKills: number;
  readonly counts: Counts & {
    /** Deaths at a named point. */
    readonly selfKills: { readonly [point: string]: number };
    /** Workers that ended themselves after an error nobody caught. */
    readonly uncaught: number;
    readonly alarms: { readonly [code: string]: number };
    readonly failedTicks: { readonly [code: string]: number };
  };
  readonly decisions: number;
  readonly requests: { readonly [state: string]: number };
  readonly received: number;
  readonly reached: number;
  readonly reports: number;
  readonly providerFaults: { readonly [fault in ProviderFault]?: number };
  /** Requests for a contact that reached its person before: by class. */
  readonly extraSends: { readonly idempotentAbsorbed: number; readonly queryable: number; readonly blind: number };
  readonly bootCpuMs: Spread;
  readonly roundCpuMs: Spread;
  /** From a worker's death until one in its place had finished a round. */
  readonly workerRecoveryMs: Spread;
  /** How long requests of dead workers lay about after their lease. */
  readonly orphanMs: Spread;
  /** From a crash of the database until something was written again. */
  readonly databaseRecoveryMs: Spread;
  /** From letting go of a contact until the provider had read it. */
  readonly onTheWayMs: Spread;
  readonly healMs: number;
  readonly breaches: Findings;
};

export type Finished = {
  readonly options: ChaosOptions;
  readonly database: Database;
  readonly history: string;
  readonly nemesis: Nemesis;
  readonly said: Said;
  readonly orphans: Orphans;
  readonly ragedMs: number;
  readonly healMs: number;
  readonly breaches: Findings;
};

export function workerKills({ counts }: Pick<Nemesis, "counts">, { crashes }: Pick<Said, "crashes">): number {
  return Object.values(crashes).reduce((sum, count) => sum + count, counts.kills);
}

export async function reportOf(finished: Finished): Promise<ChaosReport> {
  const { options, database, history, nemesis, said, orphans, breaches } = finished;
  const lines = readHistory(history);
  const received = lines.flatMap((line) => (line.kind === "received" ? line : []));
  const states = await database.sql<{ state: string; count: number }[]>`
    select state, count(*)::int as count from intent group by state order by state`;
  const took = received.filter(({ fault }) => fault !== "500" && fault !== "429");
  const again = (kind: ProviderClass) => {
    const own = took.filter((line) => line.class === kind);
    return own.length - new Set(own.map(({ key }) => key)).size;
  };
  const { crashes: selfKills, uncaught, alarms, failedTicks } = said;
  return {
    ...options,
    holds: Object.values(breaches).every((found) => found.length === 0),
    ragedMs: Math.round(finished.ragedMs),
    workerKills: workerKills(nemesis, said),
    counts: { ...nemesis.counts, selfKills, uncaught, alarms, failedTicks },
    decisions: await decisionsIn(database),
    requests: Object.fromEntries(states.map(({ state, count }) => [state, count])),
    received: received.length,
    reached: new Set(took.map(({ key }) => key)).size,
    reports: lines.length - received.length,
    providerFaults: countBy(received.map(({ fault }) => fault)),
    extraSends: { idempotentAbsorbed: again("idempotent"), queryable: again("queryable"), blind: again("blind") },
    bootCpuMs: spreadOf(said.bootCpuMs),
    roundCpuMs: spreadOf(said.roundCpuMs),
    workerRecoveryMs: spreadOf(nemesis.workerRecoveriesMs),
    orphanMs: spreadOf(orphans.waitedMs),
    databaseRecoveryMs: spreadOf(nemesis.databaseRecoveriesMs),
    onTheWayMs: spreadOf(received.map(({ realMs, handedMs }) => realMs - handedMs)),
    healMs: Math.round(finished.healMs),
    breaches,
  };
}

export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = [...numbers].sort((left, right) => left - right);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

function countBy<TName extends string>(names: readonly TName[]): { readonly [name in TName]?: number } {
  const counts: { [name in TName]?: number } = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** A report to be read: one line a figure, then one a check. */
export function tableOf(report: { readonly breaches: Findings; readonly [figure: string]: unknown }): string {
  const { breaches, ...figures } = report;
  const rows = Object.entries(figures).flatMap(([name, value]): (readonly [string, string])[] => {
    if (typeof value !== "object" || value === null) return [[name, String(value)]];
    return Object.entries(value as object).map(([part, inner]) => [`${name}.${part}`, wordsOf(inner)]);
  });
  const wide = Math.max(...rows.map(([name]) => name.length));
  const checks = Object.entries(breaches).map(([check, found]) => {
    const shown = found.map((breach) => `\n     ${breach}`).join("");
    return `${found.length === 0 ? "ok  " : "FAIL"} ${check}${shown}`;
  });
  return [...rows.map(([name, words]) => `${name.padEnd(wide)}  ${words}`), "", ...checks, ""].join("\n");
}

function wordsOf(value: unknown): string {
  return typeof value === "object" && value !== null
    ? Object.entries(value)
        .map(([name, count]) => `${name} ${count}`)
        .join(", ") || "none"
    : String(value);
}
