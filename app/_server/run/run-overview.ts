import type { Database } from "#db";
import { readClock } from "#db/queries/clock";
import { countsPerStep, type RunSummary, runSummary, type StepCounts } from "#db/queries/enrollment";
import type { StrategyVersionId } from "#engine/model/ids";
import { DAY_MS } from "#engine/model/time";

/** Several screens may poll one run at once; they share an answer this fresh. */
const FRESH_MS = 1000;
/** What "lately" means on the canvas: one week, so that no weekday weighs more than another. */
const LATELY_DAYS = 7;
/** Answers kept at once; there are never more runs on screen than this. */
const KEPT_MAX = 32;

export type RunOverview = {
  readonly steps: { readonly [nodeId: string]: StepCounts };
  readonly summary: RunSummary;
  readonly nowMs: number;
  readonly demoClock: boolean;
};

type Kept = { readonly atMs: number; readonly answer: Promise<RunOverview> };
const kept = new WeakMap<Database, Map<StrategyVersionId, Kept>>();

/** Counts and money per step, how many stand where, how they ended: what the canvas shows while a strategy runs. */
export function runOverview(database: Database, versionId: StrategyVersionId): Promise<RunOverview> {
  const own = kept.get(database) ?? new Map<StrategyVersionId, Kept>();
  kept.set(database, own);
  const known = own.get(versionId);
  const atMs = performance.now();
  if (known !== undefined && atMs - known.atMs < FRESH_MS) return known.answer;
  if (own.size >= KEPT_MAX) own.clear();
  const answer = reckon(database, versionId);
  own.set(versionId, { atMs, answer });
  answer.catch(() => own.delete(versionId));
  return answer;
}

async function reckon(database: Database, versionId: StrategyVersionId): Promise<RunOverview> {
  const clock = await readClock(database.sql);
  const sinceMs = clock.nowMs - LATELY_DAYS * DAY_MS;
  const [steps, summary] = await Promise.all([
    countsPerStep(database.sql, { versionId, sinceMs }),
    runSummary(database.sql, versionId),
  ]);
  return { steps: Object.fromEntries(steps), summary, nowMs: clock.nowMs, demoClock: clock.mode === "demo" };
}
