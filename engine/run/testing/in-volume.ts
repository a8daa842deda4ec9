import type { EnrollmentState, Outcome, SyncExecutor } from "../../model/execution";
import type { Program } from "../../model/program";
import { attend, hear } from "../generated/enrollment";
import { newVolume, type Volume } from "../generated/volume";

/** The row in use is neither the first nor the last. */
const ROWS = 3;
const ROW = 1;

/** A volume behind the ordinary calls: every state goes through its columns. */
export function linkInVolume(program: Program): SyncExecutor {
  const volume = newVolume(program, ROWS);
  return {
    start: (context) => {
      volume.start(ROW, context);
      return told(volume, volume.stateOf(ROW));
    },
    send: (state, event, context) => {
      volume.put(ROW, state);
      const taken = volume.send(ROW, event, context);
      return told(volume, taken ? volume.stateOf(ROW) : state);
    },
  };
}

/** The form that owns a life, behind the ordinary calls: it is stopped after every event and begun anew from the state. */
export function linkInLife(program: Program): SyncExecutor {
  const volume = newVolume(program, ROWS);
  return {
    start: (context) => {
      attend(volume.frame, context);
      volume.live(ROW, { next: () => false });
      return told(volume, volume.stateOf(ROW));
    },
    send: (state, event, context) => {
      volume.put(ROW, state);
      // A life that is over or paused is not asked about.
      if (!volume.active(ROW)) return told(volume, volume.send(ROW, event, context) ? volume.stateOf(ROW) : state);
      let asked = 0;
      volume.liveOn(ROW, {
        next: () => {
          asked += 1;
          if (asked > 1) return false;
          attend(volume.frame, context);
          hear(volume.frame, event);
          return true;
        },
      });
      const ignored = volume.decisions()[0]?.code.startsWith("ignored-") === true;
      return told(volume, ignored ? state : volume.stateOf(ROW));
    },
  };
}

function told(volume: Volume, state: EnrollmentState): Outcome {
  return { state, decisions: volume.decisions(), effects: volume.effects() };
}
