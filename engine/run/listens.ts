import type { EngineEvent } from "../model/execution";
import { EXITS_RULE_SET, type Program } from "../model/program";

/** Facts that change with an event the shell itself makes out of what was promised or agreed. */
const STANDING_FACT = /^(promise|plan)_/;

const known = new WeakMap<Program, Map<EngineEvent["type"], boolean>>();

/**
 * Whether a strategy would do anything with news of this type: a step awaits it, watches for it or reckons its wait anew, or the
 * strategy-wide exits look at what it changes. The shell makes some news itself (a promise was made, an instalment was missed);
 * a strategy that does not care is not told, and its log stays free of "ignored".
 */
export function listensFor(program: Program, type: EngineEvent["type"]): boolean {
  const byType = known.get(program) ?? new Map<EngineEvent["type"], boolean>();
  known.set(program, byType);
  const answer = byType.get(type) ?? looksFor(program, type);
  byType.set(type, answer);
  return answer;
}

function looksFor(program: Program, type: EngineEvent["type"]): boolean {
  const exits = program.ruleSets[EXITS_RULE_SET];
  if (exits?.facts.some((fact) => STANDING_FACT.test(fact)) === true) return true;
  return Object.values(program.steps).some(({ spec }) => {
    if (spec.kind !== "wait" && spec.kind !== "request") return false;
    const watched: readonly string[] = spec.watch?.events ?? [];
    if (watched.includes(type)) return true;
    if (spec.kind === "request") return false;
    const recomputed: readonly string[] = spec.recomputeOn ?? [];
    return recomputed.includes(type) || (spec.wait.mode === "event" && spec.wait.events.includes(type));
  });
}
