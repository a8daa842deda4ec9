import type { Decision, DecisionCode, Effect } from "../../model/execution";
import type { FactValue } from "../../model/facts";
import { InvariantError } from "../../model/invariant";
import type { ActSpec, RequestSpec } from "../../model/program";
import type { EpochMs } from "../../model/time";
import { actEffect, requestEffect } from "../effects";
import type { Frame } from "./registers";

type Read = Decision["factsRead"];

/** What a decision read: these facts, whose values are kept one by one; an object that is kept whole; or nothing. */
export type SiteFacts = { readonly list: readonly string[] } | "object" | null;

/** A place in the source where a decision is recorded, and everything about the decision that is settled when it is written. */
export type DecisionSite =
  | {
      readonly code: DecisionCode;
      readonly handle: string | null;
      /** `said`: a text or number that came with the event or was reckoned, kept after the values of the facts. */
      readonly detail: { readonly text: string } | "said" | null;
      readonly facts: SiteFacts;
    }
  /** The decision was made as an object. */
  | "made";

/** A place where an effect is emitted. */
export type EffectSite =
  | { readonly form: "cancel" }
  | { readonly form: "request"; readonly request: RequestSpec; readonly nodeId: string }
  | { readonly form: "constant"; readonly effect: Effect }
  | { readonly form: "act"; readonly act: ActSpec }
  /** Made as an object, because it holds what facts were at that moment. */
  | { readonly form: "made" };

/** What the numbers in a sink point to. */
export type Sites = {
  /** The last place is for a state that stands at a step the Program does not have. */
  readonly nodeIds: string[];
  readonly decisions: DecisionSite[];
  readonly effects: EffectSite[];
};

/** Whole numbers a decision is kept in: site, stepSeq, node. */
export const DECISION_INTS = 3;
/** Whole numbers an effect is kept in: site, stepSeq, attempt, and one that makes four of them, so that places are found by shifting. */
export const EFFECT_INTS = 4;

/**
 * What one call of a generated executor decided and wants done, in columns that the next call writes over. Nothing has to be run
 * again to read it: what is not settled by the site (values of facts, what was said) is kept in the order of the
 * decisions it belongs to. Counts are in numbers, not in decisions.
 */
export type Sink = {
  decisionInts: number;
  readonly decisions: Int32Array;
  effectInts: number;
  readonly effects: Int32Array;
  /** By effect. */
  readonly notAfterMs: Float64Array;
  valueCount: number;
  readonly values: FactValue[];
  readCount: number;
  readonly reads: Read[];
  madeCount: number;
  readonly made: Decision[];
  madeEffectCount: number;
  readonly madeEffects: Effect[];
  /** Whether anything was put into `reads`, `made` or `madeEffects`, so that there is something to begin anew. */
  queued: boolean;
  /** Whether the event in hand is ignored. */
  ignored: boolean;
  /** The `stepSeq` at which the event in hand has entered as many steps as one event may. */
  lastSeq: number;
};

/** A call records at most one decision a step, one for the step it began at and one for the limit it met. */
const DECISIONS_BESIDE_STEPS = 2;
/** A step that is entered asks for one thing at most and may call another back when it is left. */
const EFFECTS_A_STEP = 2;

export function newSink(stepsPerAdvance: number): Sink {
  const decisions = stepsPerAdvance + DECISIONS_BESIDE_STEPS;
  return {
    decisionInts: 0,
    decisions: new Int32Array(decisions * DECISION_INTS),
    effectInts: 0,
    effects: new Int32Array(decisions * EFFECTS_A_STEP * EFFECT_INTS),
    notAfterMs: new Float64Array(decisions * EFFECTS_A_STEP),
    valueCount: 0,
    values: [],
    readCount: 0,
    reads: [],
    madeCount: 0,
    made: [],
    madeEffectCount: 0,
    madeEffects: [],
    queued: false,
    ignored: false,
    lastSeq: 0,
  };
}

/** What stands at a place that was written; a place that was not is our own bug. */
function at<TItem>(items: readonly TItem[], place: number): TItem {
  const item = items[place];
  if (item === undefined) throw new InvariantError("sink.place", { place });
  return item;
}

/** How far the queues beside the decisions have been read. */
type Cursor = { value: number; read: number; made: number };

/** The decisions of the last call, made into objects. */
export function decisionsOf(sink: Sink, sites: Sites, atMs: EpochMs): Decision[] {
  const { decisions, decisionInts } = sink;
  const cursor: Cursor = { value: 0, read: 0, made: 0 };
  const written: Decision[] = [];
  for (let from = 0; from < decisionInts; from += DECISION_INTS) {
    const site = at(sites.decisions, decisions[from] ?? -1);
    if (site === "made") {
      written.push(at(sink.made, cursor.made));
      cursor.made += 1;
      continue;
    }
    const factsRead = factsReadOf(site.facts, sink, cursor);
    written.push({
      stepSeq: decisions[from + 1] ?? 0,
      nodeId: at(sites.nodeIds, decisions[from + 2] ?? -1),
      handle: site.handle,
      code: site.code,
      detail: detailOf(site.detail, sink, cursor),
      factsRead,
      atMs,
    });
  }
  return written;
}

function detailOf(detail: { readonly text: string } | "said" | null, sink: Sink, cursor: Cursor): string | null {
  if (detail === null) return null;
  if (detail !== "said") return detail.text;
  cursor.value += 1;
  return String(at(sink.values, cursor.value - 1));
}

const NOTHING_READ: Read = {};

function factsReadOf(facts: SiteFacts, sink: Sink, cursor: Cursor): Read {
  if (facts === null) return NOTHING_READ;
  if (facts === "object") {
    cursor.read += 1;
    return at(sink.reads, cursor.read - 1);
  }
  const read: { [fact: string]: FactValue } = {};
  for (const fact of facts.list) {
    read[fact] = sink.values[cursor.value] ?? null;
    cursor.value += 1;
  }
  return read;
}

/** The effects of the last call, made into objects. `frame` is the call's own. */
export function effectsOf(sink: Sink, sites: Sites, frame: Frame): Effect[] {
  const { effects, effectInts } = sink;
  const written: Effect[] = [];
  let made = 0;
  for (let from = 0; from < effectInts; from += EFFECT_INTS) {
    const site = at(sites.effects, effects[from] ?? -1);
    const stepSeq = effects[from + 1] ?? 0;
    const attempt = effects[from + 2] ?? 0;
    switch (site.form) {
      case "cancel":
        written.push({ kind: "request.cancel", stepSeq, attempt });
        break;
      case "request": {
        const visit = { stepSeq, nodeId: site.nodeId, attempt };
        const notAfterMs = sink.notAfterMs[from / EFFECT_INTS] ?? Number.NaN;
        written.push(requestEffect(site.request, { state: visit, notAfterMs, input: frame }));
        break;
      }
      case "constant":
        written.push(site.effect);
        break;
      case "act":
        written.push(actEffect(site.act, frame.nowMs));
        break;
      case "made":
        written.push(at(sink.madeEffects, made));
        made += 1;
        break;
      default:
        throw site satisfies never;
    }
  }
  return written;
}
