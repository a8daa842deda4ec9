import type { Program } from "../model/program";

/** Why a way on was not reached. */
export const UNCOVERED_REASONS = ["contradiction", "beyond-horizon", "no-answer", "no-way-in", "gave-up"] as const;
export type UncoveredReason = (typeof UNCOVERED_REASONS)[number];

/** What is noted while ways on are tried; a way on is `<step>.<handle>` of the Program. */
export type Notes = {
  /** What it asks for contradicts itself, whatever else is true. */
  readonly impossible: Set<string>;
  /** It contradicts what led to it. */
  readonly contradicted: Set<string>;
  /** It was left undecided: the solver gave up, or the run went another way than thought. */
  readonly open: Set<string>;
  /** Steps somebody stood at, in a run or in thought. */
  readonly entered: Set<string>;
  /** Steps at which the horizon ended a story: what lies behind them was not seen from there. */
  readonly late: Set<string>;
  /** Steps at which a bound ended the search: what lies behind them was not all seen. */
  readonly bounded: Set<string>;
};

export function newNotes(): Notes {
  return {
    impossible: new Set(),
    contradicted: new Set(),
    open: new Set(),
    entered: new Set(),
    late: new Set(),
    bounded: new Set(),
  };
}

/** The cautious reason first: what was left undecided is never called impossible. */
const CAUTION: readonly UncoveredReason[] = ["gave-up", "beyond-horizon", "contradiction", "no-answer", "no-way-in"];

function mostCautious(reasons: readonly UncoveredReason[]): UncoveredReason {
  return CAUTION.find((reason) => reasons.includes(reason)) ?? "no-way-in";
}

/** The step of a way on, and the step it leads to. */
function endsOf(program: Program, way: string): { readonly from: string; readonly to: string | undefined } {
  const dot = way.lastIndexOf(".");
  const from = way.slice(0, dot);
  return { from, to: program.steps[from]?.handles[way.slice(dot + 1)] };
}

function reachedFrom(program: Program, steps: Iterable<string>): ReadonlySet<string> {
  const reached = new Set(steps);
  const open = [...reached];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    for (const to of Object.values(program.steps[step]?.handles ?? {})) {
      if (reached.has(to)) continue;
      reached.add(to);
      open.push(to);
    }
  }
  return reached;
}

/** Why a way on was not taken; that of a step nobody came to is why nobody came to it. */
export function reasonsOf(
  program: Program,
  notes: Notes,
  found: ReadonlyMap<string, unknown>,
): (way: string) => UncoveredReason {
  const undecided = [...notes.open].filter((way) => !found.has(way)).flatMap((way) => endsOf(program, way).to ?? []);
  const unseen = reachedFrom(program, [...notes.bounded, ...undecided]);
  const late = reachedFrom(program, notes.late);
  const waysInto = new Map<string, string[]>();
  for (const step of Object.values(program.steps)) {
    for (const [handle, to] of Object.entries(step.handles)) {
      waysInto.set(to, [...(waysInto.get(to) ?? []), `${step.id}.${handle}`]);
    }
  }
  const ofStep = new Map<string, UncoveredReason>();
  const reasonOfStep = (step: string): UncoveredReason => {
    const known = ofStep.get(step);
    if (known !== undefined) return known;
    // While it is being found out, a loop back to the step adds nothing.
    ofStep.set(step, "no-way-in");
    const reason = mostCautious((waysInto.get(step) ?? []).map(reasonOf));
    ofStep.set(step, reason);
    return reason;
  };
  const reasonOf = (way: string): UncoveredReason => {
    const { from } = endsOf(program, way);
    if (notes.impossible.has(way)) return "contradiction";
    if (notes.open.has(way) || unseen.has(from)) return "gave-up";
    if (late.has(from)) return "beyond-horizon";
    if (notes.contradicted.has(way)) return "contradiction";
    if (!notes.entered.has(from)) return reasonOfStep(from);
    // Whether a count can be used up before something else ends the rounds was not proven either way.
    return program.steps[from]?.spec.kind === "repeat" ? "gave-up" : "no-answer";
  };
  return reasonOf;
}
