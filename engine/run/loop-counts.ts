import type { EnrollmentState } from "../model/execution";

type LoopCounts = EnrollmentState["loopCounts"];

/** Rounds an enrollment has gone from a repeat; a step may have a name that every object inherits. */
export function roundsOf(loopCounts: LoopCounts, nodeId: string): number {
  return (Object.hasOwn(loopCounts, nodeId) ? loopCounts[nodeId] : undefined) ?? 0;
}

/** The counts without one of them; the very same when it is not among them. */
export function withoutRounds(loopCounts: LoopCounts, nodeId: string): LoopCounts {
  if (!Object.hasOwn(loopCounts, nodeId)) return loopCounts;
  const { [nodeId]: _counted, ...others } = loopCounts;
  return others;
}

/** The counts without those of steps whose ids begin so; the very same when there are none. */
export function withoutRoundsUnder(loopCounts: LoopCounts, beginning: string | undefined): LoopCounts {
  if (beginning === undefined || !Object.keys(loopCounts).some((id) => id.startsWith(beginning))) return loopCounts;
  return Object.fromEntries(Object.entries(loopCounts).filter(([id]) => !id.startsWith(beginning)));
}
