import type { Hold, HoldKind } from "../model/policy";
import { CASE_TASKS, type Program, type TaskKind } from "../model/program";
import type { EpochMs } from "../model/time";

const NONE: readonly HoldKind[] = [];

/** Holds that do not freeze an account while it stands at this step, because the step is about them (a dispute's own case). */
export function despiteOf({ steps }: Pick<Program, "steps">, nodeId: string): readonly HoldKind[] {
  const spec = Object.hasOwn(steps, nodeId) ? steps[nodeId]?.spec : undefined;
  return spec !== undefined && "despite" in spec ? (spec.despite ?? NONE) : NONE;
}

export function isInForce({ fromMs, untilMs }: Hold, nowMs: EpochMs): boolean {
  return fromMs <= nowMs && (untilMs === null || untilMs > nowMs);
}

/** Whether any of the party's holds keeps an account still that waits in spite of some of them. */
export function isFrozen(holds: readonly Hold[], despite: readonly HoldKind[], nowMs: EpochMs): boolean {
  return holds.some((hold) => isInForce(hold, nowMs) && !despite.includes(hold.kind));
}

/** Holds that do not keep a request back at a step that waits in spite of them: cases go out, contacts and treatment never. */
export function passing(task: TaskKind | null, despite: readonly HoldKind[]): readonly HoldKind[] {
  const cases: readonly TaskKind[] = CASE_TASKS;
  return task !== null && cases.includes(task) ? despite : NONE;
}
