import type { EnrollmentState } from "../../model/execution";
import { InvariantError } from "../../model/invariant";
import type { Program } from "../../model/program";
import { linkStep } from "../link-step";
import { type Advance, type LinkedStep, NOT_AWAITED, STAYS } from "../linked-step";
import type { Carry } from "./executor-source";
import type { Pool } from "./pool";
import type { Registers } from "./registers";
import type { Sink } from "./sink";

type Parts = { readonly registers: Registers; readonly sink: Sink; readonly pool: Pool };

/**
 * Enters steps that decide at once through the linked executor's closures, so that what they mean stands once. They read facts
 * and variables, set variables, and record one decision; they look at nothing else of the enrollment.
 */
export function carrying(program: Program, { registers, sink, pool }: Parts): Carry {
  const steps = new Map<string, LinkedStep>();
  for (const id of Object.keys(program.steps)) {
    steps.set(id, { id, enter: () => STAYS, receive: () => NOT_AWAITED });
  }
  const source = { steps, ruleSets: program.ruleSets, calendar: program.calendar };
  const { frame } = registers;
  return (step) => {
    const { enter } = linkStep(step, source);
    return (stepSeq) => {
      const advance = advanceOf({ nodeId: step.id, stepSeq }, registers);
      const way = enter(advance);
      const [decision] = advance.decisions;
      if (decision === undefined || way === STAYS)
        throw new InvariantError("program.decision-missing", { node: step.id });
      frame.vars = advance.vars;
      sink.made[sink.madeCount] = decision;
      sink.madeCount += 1;
      sink.queued = true;
      return pool.node(way.target.id);
    };
  };
}

function advanceOf(visit: Pick<EnrollmentState, "nodeId" | "stepSeq">, { frame }: Registers): Advance {
  const { facts, vars, nowMs, timeZone, loopCounts, subject } = frame;
  const state = {
    ...visit,
    status: "active",
    startedAtMs: nowMs,
    enteredAtMs: nowMs,
    wakeAtMs: null,
    attempt: 0,
    pending: false,
    loopCounts,
    vars,
    exit: null,
    fault: null,
  } as const;
  const context = { subject, facts, nowMs };
  return { facts, vars, nowMs, timeZone, horizonAtMs: nowMs, state: { ...state }, decisions: [], effects: [], context };
}
