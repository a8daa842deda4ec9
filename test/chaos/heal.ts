import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "#db";
import { countLeft } from "./check";
import type { Starter } from "./house";

/** Longest the house may take to come to rest once nothing bad happens any more. */
const HEAL_MS = 60_000;
const QUIET_MS = 6000;

/** Two good workers, the clock standing still: how long until nothing is left to do, milliseconds. */
export async function heal(database: Database, start: Starter, seed: number): Promise<number> {
  await database.sql`update stop set phase = 'lifting', until_at = greatest(from_at, c.now) from (
      select anchor_virtual + (clock_timestamp() - anchor_real) * ratio as now from engine_clock) c where phase = 'in-force'`;
  await database.sql`update engine_clock set anchor_virtual = anchor_virtual + (clock_timestamp() - anchor_real) * ratio,
    anchor_real = clock_timestamp(), ratio = 0`;
  const workers = [start(), start()];
  await Promise.all(workers.map(({ ready }) => ready));
  for (const [index, worker] of workers.entries())
    worker.begin({ seed, name: `healer:${index}`, dieAt: null, dieChance: 0 });
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
