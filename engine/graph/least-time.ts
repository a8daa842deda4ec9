import type { StepSpec, WaitSpec } from "../model/program";
import { DAY_MS } from "../model/time";
import type { CompiledStep, CompoundStep } from "../nodes/define";

/** Handle -> least time in milliseconds between entering a step and leaving by it. A handle not listed may be taken at once. */
export type LeastTimes = ReadonlyMap<string, number>;

/** The least time each way on takes. Never more than any account needs; where it hangs on a date or a fact, nothing. */
export function leastTimes(compiled: CompiledStep): LeastTimes {
  if (compiled.kind === "embedded") return new Map();
  return compiled.kind === "compound" ? timesOfParts(compiled) : timesOfSpec(compiled);
}

function timesOfSpec(spec: StepSpec): LeastTimes {
  if (spec.kind === "wait") {
    const atOnce = [spec.happened, spec.unknown, spec.watch?.holds];
    return timed(spec.elapsed, leastWaitMs(spec.wait), atOnce);
  }
  if (spec.kind !== "request" || spec.goOn !== null) return new Map();
  const atOnce = [...Object.values(spec.outcomes), spec.exhausted, spec.blocked, spec.watch?.holds];
  return timed(spec.expired, spec.deadlineMs, atOnce);
}

/** One handle takes its time, unless the same handle is taken at once for another reason. */
function timed(handle: string, timeMs: number, atOnce: readonly (string | null | undefined)[]): LeastTimes {
  return atOnce.includes(handle) ? new Map() : new Map([[handle, timeMs]]);
}

function leastWaitMs(wait: WaitSpec): number {
  switch (wait.mode) {
    case "duration":
      return wait.durationMs;
    case "event":
      return wait.deadlineMs;
    case "until-working-day":
      // The days between the first night and the last morning, if every day is a working day.
      return Math.max(0, wait.count - 1) * DAY_MS;
    case "until-local-time":
    case "until-date":
    case "until-dpd":
    case "until-day-of-month":
    case "until-fact-date":
      return 0;
    default:
      throw wait satisfies never;
  }
}

function timesOfParts({ first, parts }: CompoundStep): LeastTimes {
  const edges = Object.entries(parts).flatMap(([part, { spec, ways }]) => {
    const times = timesOfSpec(spec);
    return Object.entries(ways).map(([handle, way]) => ({
      from: part,
      to: "part" in way ? way.part : null,
      out: "handle" in way ? way.handle : null,
      timeMs: times.get(handle) ?? 0,
    }));
  });
  const reachedMs = new Map([[first, 0]]);
  const leftMs = new Map<string, number>();
  // Shortest ways of at most as many parts as there are.
  for (let round = 0; round < Object.keys(parts).length; round += 1) {
    for (const { from, to, out, timeMs } of edges) {
      const atMs = reachedMs.get(from);
      if (atMs === undefined) continue;
      if (to !== null) reachedMs.set(to, Math.min(reachedMs.get(to) ?? Number.POSITIVE_INFINITY, atMs + timeMs));
      if (out !== null) leftMs.set(out, Math.min(leftMs.get(out) ?? Number.POSITIVE_INFINITY, atMs + timeMs));
    }
  }
  return leftMs;
}
