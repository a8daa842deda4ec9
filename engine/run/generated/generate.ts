import { dateNumber } from "../../compile/rule-value";
import { bucketAfter } from "../../experiment/assign";
import type { Decision, EnrollmentState } from "../../model/execution";
import { InvariantError } from "../../model/invariant";
import type { Program, RequestSpec } from "../../model/program";
import type { EpochMs } from "../../model/time";
import { receivedInto } from "../answer-values";
import { requestEffect } from "../effects";
import { factsReadOf, factsReadOfValues } from "../facts-read";
import { roundsOf, withoutRounds, withoutRoundsUnder } from "../loop-counts";
import { assigned } from "../values";
import { factsReadByWait, wakeAtOf } from "../wake-up";
import { carrying } from "./carry";
import { executorSource } from "./executor-source";
import { newPool } from "./pool";
import type { Memory, Registers } from "./registers";
import { decisionsOf, newSink, type Sink, type Sites } from "./sink";

/** Makes a function of parameter names and a body. The default is `new Function`, which a content security policy may forbid. */
export type FunctionMaker = (parameters: readonly string[], body: string) => unknown;

/** Most steps one event may walk through in a generated executor; its columns are as long as that needs. Far above any Program. */
export const GENERATED_STEPS_MAX = 10_000;

/**
 * A Program as code. A call reads the event from `registers.frame` and the enrollment from its row, leaves the enrollment in its
 * row and what it decided in `sink`. Frame and sink are written over by the next call; a call is not to be made from within one.
 */
export type GeneratedExecutor = {
  readonly registers: Registers;
  readonly sink: Sink;
  readonly sites: Sites;
  readonly exits: readonly NonNullable<EnrollmentState["exit"]>[];
  /** Begins an enrollment in a row, whatever stood there. */
  readonly begin: (row: number) => void;
  /** Takes the event in; false when it is ignored, and the row is then as it was. */
  readonly advance: (row: number) => boolean;
  /** Begins an enrollment in a row, and lets the world happen to it until it ends or the world has nothing more. */
  readonly live: (row: number, world: World) => void;
  /** Lets the world happen to an enrollment that has begun. */
  readonly liveOn: (row: number, world: World) => void;
};

/**
 * What happens to an account, asked for one event after the other by a call that owns the account's whole life: its numbers stay in
 * local variables of the generated code, and every step goes on to hearing its own events.
 */
export type World = {
  /**
   * Puts the next event into the frame (event, instant, facts) and answers true, or false when there is nothing more for now. The
   * row is up to date and the sink holds what the last event decided; both may be read, and no other call of the executor be made.
   */
  readonly next: (row: number) => boolean;
};

type Calls = Pick<GeneratedExecutor, "begin" | "advance" | "live" | "liveOn">;
type Machine = Registers & { readonly sink: Sink; readonly memory: Memory };
type Body = (machine: Machine, library: object, constants: readonly unknown[]) => Calls;

function functionOf(parameters: readonly string[], body: string): unknown {
  return new Function(...parameters, body);
}

/**
 * Turns a Program into JavaScript for so many rows: numbers written out, everything an author wrote reached through
 * constants. Throws InvariantError on a Program that the compiler could not have made, and whatever `makeFunction` throws
 * (EvalError where code may not be made at run time).
 */
export function generateExecutor(
  program: Program,
  { registers, memory }: { readonly registers: Registers; readonly memory: Memory },
  makeFunction: FunctionMaker = functionOf,
): GeneratedExecutor {
  const { stepsPerAdvance } = program.limits;
  if (!(stepsPerAdvance <= GENERATED_STEPS_MAX)) throw new InvariantError("program.step-limit", { stepsPerAdvance });
  const sink = newSink(stepsPerAdvance);
  const pool = newPool(program);
  const source = executorSource(program, registers.rows, { pool, carry: carrying(program, { registers, sink, pool }) });
  // The only place where source becomes a function; what it takes and answers is written down in `executorSource`.
  const body = makeFunction(["M", "L", "C"], source) as Body;
  const { sites, exits, constants } = pool;
  const library = libraryOf({ registers, sink, sites, stepsPerAdvance });
  return {
    registers,
    sink,
    sites,
    exits,
    ...body({ ...registers, sink, memory }, library, constants),
  };
}

/** Place of each step of the Program. */
export function placesOf({ nodeIds }: Sites): ReadonlyMap<string, number> {
  return new Map(nodeIds.slice(0, -1).map((id, place) => [id, place]));
}

type Parts = {
  readonly registers: Registers;
  readonly sink: Sink;
  readonly sites: Sites;
  readonly stepsPerAdvance: number;
};

type PlacedVisit = { readonly stepSeq: number; readonly node: number; readonly attempt: number };

/** What generated code calls: the functions it shares with the other executors, and those that are too long to write out. */
function libraryOf({ registers, sink, sites, stepsPerAdvance }: Parts): object {
  const { frame } = registers;
  const nodeIdAt = (node: number): string => sites.nodeIds[node] ?? "";
  return {
    wakeAtOf,
    factsReadByWait,
    factsReadOf,
    factsReadOfValues,
    assigned,
    receivedInto,
    bucketAfter,
    roundsOf,
    withoutRounds,
    withoutRoundsUnder,
    dateOf: (text: string): number => dateNumber(text) ?? Number.NaN,
    keepRead: (read: Decision["factsRead"]): void => {
      sink.reads[sink.readCount] = read;
      sink.readCount += 1;
      sink.queued = true;
    },
    keepMade: (request: RequestSpec, notAfterMs: EpochMs, { stepSeq, node, attempt }: PlacedVisit): void => {
      const state = { stepSeq, nodeId: nodeIdAt(node), attempt };
      sink.madeEffects[sink.madeEffectCount] = requestEffect(request, { state, notAfterMs, input: frame });
      sink.madeEffectCount += 1;
      sink.queued = true;
    },
    broken: (code: string, node: number): InvariantError => new InvariantError(code, { node: nodeIdAt(node) }),
    noRow: (row: number): InvariantError => new InvariantError("volume.row", { row }),
    faultOf: (decisionInts: number): EnrollmentState["fault"] => {
      const path = decisionsOf({ ...sink, decisionInts }, sites, frame.nowMs).filter(({ handle }) => handle !== null);
      // Every step entered has left exactly one decision with a handle; the step the event found has left one more.
      return { code: "step-limit", path: path.map(({ nodeId }) => nodeId).slice(-stepsPerAdvance) };
    },
  };
}
