import type { EnrollmentState, Outcome, SyncExecutor } from "../../model/execution";
import type { Program } from "../../model/program";
import { newVolume } from "../generated/volume";

/** The row in use is neither the first nor the last. */
const ROWS = 3;
const ROW = 1;

/** A volume behind the ordinary calls: every state goes through its columns. */
export function linkInVolume(program: Program): SyncExecutor {
  const volume = newVolume(program, ROWS);
  const told = (state: EnrollmentState): Outcome => ({
    state,
    decisions: volume.decisions(),
    effects: volume.effects(),
  });
  return {
    start: (context) => {
      volume.start(ROW, context);
      return told(volume.stateOf(ROW));
    },
    send: (state, event, context) => {
      volume.put(ROW, state);
      const taken = volume.send(ROW, event, context);
      return told(taken ? volume.stateOf(ROW) : state);
    },
  };
}
