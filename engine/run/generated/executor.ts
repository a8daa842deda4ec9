import type { EnrollmentState, Outcome, SyncExecutor } from "../../model/execution";
import type { Program } from "../../model/program";
import { firstVars } from "../first-state";
import { attend, hear, putFirst, putState, stateIn } from "./enrollment";
import { type FunctionMaker, generateExecutor, placesOf } from "./generate";
import { NO_EXIT } from "./registers";
import { decisionsOf, effectsOf } from "./sink";

/** The one row an ordinary call works in. */
const ROW = 0;

/** A generated executor behind the ordinary calls: every outcome is made into objects of its own. Throws as `generateExecutor`. */
export function linkGenerated(program: Program, makeFunction?: FunctionMaker): SyncExecutor {
  const generated = generateExecutor(program, 1, makeFunction);
  const { registers, sink, sites } = generated;
  const { frame } = registers;
  const places = placesOf(sites);
  const first = { entry: places.get(program.entry) ?? 0, vars: firstVars(program) };
  const stray = sites.nodeIds.length - 1;
  const outcomeOf = (exit: EnrollmentState["exit"]): Outcome => ({
    state: stateIn(generated, ROW, exit),
    decisions: decisionsOf(sink, sites, frame.nowMs),
    effects: effectsOf(sink, sites, frame),
  });
  return {
    start: (context) => {
      attend(frame, context);
      putFirst(registers, ROW, first);
      generated.begin(ROW);
      return outcomeOf(null);
    },
    send: (state, event, context) => {
      attend(frame, context);
      hear(frame, event);
      const node = places.get(state.nodeId) ?? stray;
      if (node === stray) sites.nodeIds[stray] = state.nodeId;
      putState(registers, ROW, { state, node, exit: NO_EXIT });
      if (generated.advance(ROW)) return outcomeOf(state.exit);
      return { state, decisions: decisionsOf(sink, sites, frame.nowMs), effects: [] };
    },
  };
}
