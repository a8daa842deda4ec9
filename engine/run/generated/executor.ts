import type { EnrollmentState, Outcome, SyncExecutor } from "../../model/execution";
import type { Program } from "../../model/program";
import { linkCompiled } from "../compiled";
import { isByHand } from "../reentry";
import { attend, hear, putState, stateIn } from "./enrollment";
import { type FunctionMaker, generateExecutor, placesOf } from "./generate";
import { NO_EXIT, newRegisters, noMemory } from "./registers";
import { decisionsOf, effectsOf } from "./sink";

/** The one row an ordinary call works in. */
const ROW = 0;

/** A generated executor behind the ordinary calls: every outcome is made into objects of its own. Throws as `generateExecutor`. */
export function linkGenerated(program: Program, makeFunction?: FunctionMaker): SyncExecutor {
  const registers = newRegisters(1, program);
  const generated = generateExecutor(program, { registers, memory: noMemory() }, makeFunction);
  const { sink, sites } = generated;
  const { frame } = registers;
  const places = placesOf(sites);
  const stray = sites.nodeIds.length - 1;
  // What people do by hand is rare and no simulation does it, so that it stands in no generated source.
  let byHand: SyncExecutor | null = null;
  const outcomeOf = (exit: EnrollmentState["exit"]): Outcome => ({
    state: stateIn(generated, ROW, exit),
    decisions: decisionsOf(sink, sites, frame.nowMs),
    effects: effectsOf(sink, sites, frame),
  });
  return {
    start: (context) => {
      attend(frame, context);
      generated.begin(ROW);
      return outcomeOf(null);
    },
    send: (state, event, context) => {
      if (isByHand(event)) {
        byHand ??= linkCompiled(program);
        return byHand.send(state, event, context);
      }
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
