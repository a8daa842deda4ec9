import type { Decision, Effect, EngineEvent, EnrollmentState, StepContext } from "../../model/execution";
import { InvariantError } from "../../model/invariant";
import type { Program } from "../../model/program";
import type { EpochMs } from "../../model/time";
import { attend, hear, lookAt, putState, stateIn } from "./enrollment";
import { type FunctionMaker, type GeneratedExecutor, generateExecutor, placesOf, type World } from "./generate";
import {
  FLOAT_COUNT,
  FLOATS,
  type Frame,
  INT_COUNT,
  INTS,
  type Memory,
  NO_COUNTS,
  NO_EXIT,
  newRegisters,
  type Registers,
} from "./registers";
import { decisionsOf, effectsOf, type Sink } from "./sink";

export type { World };

/**
 * Many enrollments of one Program in typed columns: 48 bytes each, and an entry in a map for those that hold variables of their
 * own, loop counts or a fault. A call leaves nothing behind but what is in the columns and, until the next call, in the sink.
 * Rows are numbered from 0 by whoever owns the volume; a row there is no room for is an InvariantError.
 */
export type Volume = {
  /** What the next call may look at: facts, instant, subject and event. `begin` and `advance` read it as it is. */
  readonly frame: Frame;
  /** `start` with what is in the frame. */
  readonly begin: (row: number) => void;
  /** `send` with what is in the frame. */
  readonly advance: (row: number) => boolean;
  /** Begins with what is in the frame, and lives on: the fastest form there is, for whoever knows an account's world beforehand. */
  readonly live: (row: number, world: World) => void;
  /** Asks the world for one event after the other, until the enrollment ends or the world has nothing more for now. */
  readonly liveOn: (row: number, world: World) => void;
  /** Begins an enrollment in a row, whatever stood there. */
  readonly start: (row: number, context: StepContext) => void;
  /** Sends an event; false when it is ignored. A row is not to be used any more when this throws (InvariantError: our own bug). */
  readonly send: (row: number, event: EngineEvent, context: StepContext) => boolean;

  readonly active: (row: number) => boolean;
  /** Place of the step in `nodeIds`. */
  readonly node: (row: number) => number;
  readonly stepSeq: (row: number) => number;
  readonly attempt: (row: number) => number;
  readonly pending: (row: number) => boolean;
  /** NaN = no timer. */
  readonly wakeAtMs: (row: number) => EpochMs;
  readonly nodeIds: readonly string[];

  /** Puts into the frame where a row stands, as it is there when a world is asked. */
  readonly look: (row: number) => void;
  /** The whole state of a row as an object. */
  readonly stateOf: (row: number) => EnrollmentState;
  /** Puts a state into a row. Throws InvariantError when the Program has no such step or no such exit. */
  readonly put: (row: number, state: EnrollmentState) => void;

  /** What the last call decided and wants done, in columns and as objects. */
  readonly sink: Sink;
  readonly decisions: () => readonly Decision[];
  readonly effects: () => readonly Effect[];
};

/** A volume for so many rows. Throws as `generateExecutor`. */
export function newVolume(program: Program, rows: number, makeFunction?: FunctionMaker): Volume {
  const registers = newRegisters(rows, program);
  const { frame } = registers;
  const memory = newMemory(registers);
  const generated = generateExecutor(program, { registers, memory }, makeFunction);
  const { sink, sites, begin, advance, live, liveOn } = generated;
  const places = placesOf(sites);
  return {
    ...readersOf(generated),
    frame,
    begin,
    advance,
    live,
    liveOn,
    nodeIds: sites.nodeIds.slice(0, -1),
    sink,
    decisions: () => decisionsOf(sink, sites, frame.nowMs),
    effects: () => effectsOf(sink, sites, frame),
    start: (row, context) => {
      attend(frame, context);
      begin(row);
    },
    send: (row, event, context) => {
      attend(frame, context);
      hear(frame, event);
      return advance(row);
    },
    look: (row) => lookAt(registers, row),
    stateOf: (row) => {
      memory.recall(row);
      return stateIn(generated, row, null);
    },
    put: (row, state) => {
      const node = places.get(state.nodeId);
      if (node === undefined) throw new InvariantError("program.unknown-step", { node: state.nodeId });
      if (!(row >= 0 && row < rows)) throw new InvariantError("volume.row", { row });
      putState(registers, row, { state, node, exit: exitPlace(state.exit, generated.exits) });
      memory.keep(row);
    },
  };
}

type Exit = EnrollmentState["exit"];

function exitPlace(exit: Exit, exits: readonly Exit[]): number {
  if (exit === null) return NO_EXIT;
  const place = exits.findIndex((known) => known?.reason === exit.reason && known.label === exit.label);
  if (place === -1) throw new InvariantError("volume.exit-unknown", { reason: exit.reason });
  return place;
}

/** A row that is not listed has what an enrollment has in the beginning. */
function newMemory({ frame, firstVars: first }: Registers): Memory {
  const vars = new Map<number, EnrollmentState["vars"]>();
  const loopCounts = new Map<number, EnrollmentState["loopCounts"]>();
  const faults = new Map<number, NonNullable<EnrollmentState["fault"]>>();
  const memory: Memory = {
    used: false,
    recall: (row) => {
      frame.vars = vars.get(row) ?? first;
      frame.loopCounts = loopCounts.get(row) ?? NO_COUNTS;
      frame.fault = faults.get(row) ?? null;
    },
    keep: (row) => {
      const ownVars = frame.vars === first ? null : frame.vars;
      const ownCounts = Object.keys(frame.loopCounts).length === 0 ? null : frame.loopCounts;
      if (!memory.used && ownVars === null && ownCounts === null && frame.fault === null) return;
      memory.used = true;
      keepIn(vars, row, ownVars);
      keepIn(loopCounts, row, ownCounts);
      keepIn(faults, row, frame.fault);
    },
  };
  return memory;
}

function keepIn<TValue>(known: Map<number, TValue>, row: number, value: TValue | null): void {
  if (value === null) known.delete(row);
  else known.set(row, value);
}

type Readers = Pick<Volume, "active" | "node" | "stepSeq" | "attempt" | "pending" | "wakeAtMs">;

function readersOf({ registers: { ints, floats } }: GeneratedExecutor): Readers {
  return {
    active: (row) => ints[row * INT_COUNT + INTS.status] === 0,
    node: (row) => ints[row * INT_COUNT + INTS.node] ?? -1,
    stepSeq: (row) => ints[row * INT_COUNT + INTS.stepSeq] ?? -1,
    attempt: (row) => ints[row * INT_COUNT + INTS.attempt] ?? -1,
    pending: (row) => ints[row * INT_COUNT + INTS.pending] === 1,
    wakeAtMs: (row) => floats[row * FLOAT_COUNT + FLOATS.wakeAt] ?? Number.NaN,
  };
}
