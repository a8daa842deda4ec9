import { EVENT_TYPES } from "../../model/execution";
import { InvariantError } from "../../model/invariant";
import { EXITS_RULE_SET, type Program, type ProgramStep, type StepSpec } from "../../model/program";
import { answersRequest } from "../gate";
import {
  actSource,
  CANCEL,
  carriedSource,
  decideSource,
  entrySource,
  exitSource,
  leaveAt,
  repeatSource,
  setSource,
  splitSource,
  strategyExits,
} from "./decision-source";
import { type Block, newBlock, numeral, type Pool } from "./pool";
import { FLOAT_COUNT, FLOATS, INT_COUNT, INTS, NO_COUNTS, NO_EXIT, NO_VISIT } from "./registers";
import { ruleSource } from "./rule-source";
import { eventNumber, NEXT, record, recordAt, STATE, STATUS, type StepSource, type StepWriting } from "./step-source";
import { requestSource, waitSource } from "./waiting-source";

/** Makes the closure that enters a step whose kind the linked executor carries: rare kinds, long when written out. */
export type Carry = (step: ProgramStep) => (stepSeq: number) => number;

/** Where a source is written to, and what carries the steps it does not write. */
export type Writer = { readonly pool: Pool; readonly carry: Carry };

/**
 * Steps share a function until their source is about so long (characters): V8 keeps an enrollment's numbers in registers within
 * one function, and does not optimise functions of any length.
 */
const GROUP_SOURCE_MAX = 24_000;

/** The source of one Program's executor: a function body over `M` (rows, frame, sink), `L` (shared functions), `C` (constants). */
export function executorSource(program: Program, rows: number, writer: Writer): string {
  const groups = groupsOf(program, writer);
  const remembers = Object.values(program.steps).some(({ spec }) => writesMemory(spec));
  return [
    PRELUDE,
    callsSource(program, remembers, writer.pool),
    `const H = ${numeral(program.limits.horizonMs)}, ROWS = ${numeral(rows)}, groups = [];`,
    groupOfSource(groups.map(({ first }) => first)),
    ...groups.map(({ source }) => source),
    "return { begin, advance };",
  ].join("\n");
}

const PRELUDE = `"use strict";
const { ints: I, floats: F, frame: Q, sink: S, memory: Y } = M;
const { decisions: D, effects: W, notAfterMs: N, values: V, said: T } = S;
const { wakeAtOf, factsReadByWait, factsReadOf, factsReadOfValues, assigned, receivedInto, bucketAfter, dateOf } = L;
const { keepRead, keepMade, roundsOf, withoutRounds, withoutRoundsUnder, broken, noRow, faultOf } = L;
function reset() {
S.decisionInts = 0; S.effectInts = 0; S.valueCount = 0; S.entered = 0;
if (S.queued) { S.saidCount = 0; S.readCount = 0; S.madeCount = 0; S.madeEffectCount = 0; S.queued = false; }
}
function go(row, first) {
let next = first;
while (next >= 0) next = groups[groupOf(next)](row, next);
}
`;

/** Whether entering or answering such a step may write what few enrollments have. */
function writesMemory(spec: StepSpec): boolean {
  switch (spec.kind) {
    case "set":
    case "collect":
    case "score":
    case "repeat":
      return true;
    case "decide":
      return spec.sets !== undefined;
    case "request":
      return spec.receive !== undefined;
    default:
      return false;
  }
}

/**
 * The two calls. A strategy that remembers nothing never asks whether there is something to keep. What a call that throws has left
 * in the frame must not be taken for another row's.
 */
function callsSource(program: Program, remembers: boolean, pool: Pool): string {
  const entry = pool.node(program.entry);
  const block = newBlock(pool);
  const counts = block.constant(NO_COUNTS);
  const taken = `const next = groups[groupOf(I[row * ${INT_COUNT} + ${INTS.node}])](row, ${NEXT.stays});
if (next >= 0) go(row, next);
if (next === ${NEXT.notAwaited}) return false;`;
  return `${block.declaration()}
function begin(row) {
if (!(row >= 0 && row < ROWS)) throw noRow(row);
reset();
const i = row * ${INT_COUNT}, f = row * ${FLOAT_COUNT};
I[i + ${INTS.node}] = ${entry}; I[i + ${INTS.stepSeq}] = 0; I[i + ${INTS.attempt}] = 0;
I[i + ${INTS.status}] = ${STATUS.active}; I[i + ${INTS.pending}] = 0; I[i + ${INTS.exit}] = ${NO_EXIT};
F[f + ${FLOATS.startedAt}] = Q.nowMs; F[f + ${FLOATS.enteredAt}] = Q.nowMs; F[f + ${FLOATS.wakeAt}] = NaN;
Q.vars = M.firstVars; Q.loopCounts = ${counts}; Q.fault = null;
${remembers ? `try { go(row, ${entry}); Y.keep(row); } catch (error) { Y.used = true; throw error; }` : `go(row, ${entry}); if (Y.used) Y.keep(row);`}
}
function advance(row) {
if (!(row >= 0 && row < ROWS)) throw noRow(row);
if (Y.used) Y.recall(row);
reset();
${remembers ? `try { ${taken} Y.keep(row); } catch (error) { Y.used = true; throw error; }` : taken}
return true;
}`;
}

/** Which group a step is in: nearly always the only one. */
function groupOfSource(firsts: readonly number[]): string {
  const tests = firsts.slice(1).map((first, index) => `if (node < ${first}) return ${index};`);
  return `function groupOf(node) {\n${tests.join("\n")}\nreturn ${firsts.length - 1};\n}`;
}

/** Which event types answer a request, a bit each. */
function answerBits(): number {
  return EVENT_TYPES.reduce((bits, type, index) => (answersRequest({ type }) ? bits | (1 << index) : bits), 0);
}

type Ignored = "ignored-inactive" | "ignored-stale" | "ignored-early" | "ignored-not-awaited";

/** Records why nothing happens; a site for each type of event, which is the decision's detail. */
function ignore(code: Ignored, pool: Pool): string {
  const [first = 0] = EVENT_TYPES.map((type) =>
    pool.decision({ code, handle: null, detail: { text: type }, facts: null }),
  );
  return `{ ${recordAt(`${first} + type`)} S.decisionInts = dn; return ${NEXT.notAwaited}; }`;
}

/**
 * What is asked before the present step hears of an event: whether it is stale or early, and the exits that are open everywhere.
 * Every group has it, so that an event is taken in within one function.
 */
function gateSource(program: Program, pool: Pool, block: Block): string {
  const ruleSet = program.ruleSets[EXITS_RULE_SET];
  if (ruleSet === undefined) throw new InvariantError("program.rule-set-missing", { ruleSet: EXITS_RULE_SET });
  return `const type = Q.eventType, visit = Q.eventSeq, answered = Q.eventAttempt;
if (I[i + ${INTS.status}] !== ${STATUS.active}) ${ignore("ignored-inactive", pool)}
if (visit !== ${NO_VISIT} && visit !== seq) ${ignore("ignored-stale", pool)}
if (answered !== ${NO_VISIT} && (answered !== attempt || pending === 0)) ${ignore("ignored-stale", pool)}
if (type === ${eventNumber("timer.fired")} && !(now >= wakeAt)) ${ignore("ignored-early", pool)}
if ((${answerBits()} >> type & 1) === 1) pending = 0;
if (type === ${eventNumber("stop.requested")}) { ${leaveAt("stopped", { code: "stopped" }, pool)} }
if (now >= horizon) { ${leaveAt("horizon", { code: "horizon" }, pool)} }
${strategyExits(ruleSource(ruleSet, block), pool)}`;
}

type Group = { readonly first: number; readonly source: string };

/** The steps in their order, as many to a function as go into it. */
function groupsOf(program: Program, writer: Writer): readonly Group[] {
  const steps = Object.values(program.steps);
  const groups: Group[] = [];
  for (let first = 0; first < steps.length; ) {
    const block = newBlock(writer.pool);
    const written: StepSource[] = [];
    for (let length = 0; length < GROUP_SOURCE_MAX && first + written.length < steps.length; ) {
      const step = steps[first + written.length];
      if (step === undefined) break;
      const source = stepSource({ program, step, pool: writer.pool, block }, writer.carry);
      length += source.enter.length + source.receive.length;
      written.push(source);
    }
    const gate = gateSource(program, writer.pool, block);
    const only = written.length === steps.length;
    const source = groupSource({ first, written, place: groups.length, gate, only }, program, writer.pool);
    groups.push({ first, source: `{ ${block.declaration()}\n${source} }` });
    first += written.length;
  }
  return groups;
}

type Written = {
  readonly first: number;
  readonly written: readonly StepSource[];
  readonly place: number;
  readonly gate: string;
  /** Whether all steps are in this group. */
  readonly only: boolean;
};

/**
 * Runs to completion within a group: takes the event in when `first` is no step, then follows handles until a step waits, the
 * enrollment ends, or the next step is in another group. One step more than the limit, and the enrollment is `faulted`.
 */
function groupSource({ first, written, place, gate, only }: Written, { limits }: Program, pool: Pool): string {
  const cases = (act: keyof StepSource): string =>
    written.map((source, index) => `case ${first + index}: {\n${source[act]}\n}`).join("\n");
  const limit = record(pool, { code: "step-limit" });
  return `groups[${place}] = function (row, first) {
${STATE.load}
${only ? STATE.begin : STATE.goOn}
let next = first;
if (first < 0) {
${gate}
act: switch (node) {
${cases("receive")}
default: throw broken("program.unknown-step", node);
}
if (next === ${NEXT.notAwaited}) ${ignore("ignored-not-awaited", pool)}
}
while (next >= ${first} && next < ${first + written.length}) {
${CANCEL}
if (entered >= ${numeral(limits.stepsPerAdvance)}) {
Q.fault = faultOf(dn); Y.keep(row); ${limit} wakeAt = NaN; I[i + ${INTS.status}] = ${STATUS.faulted}; next = ${NEXT.stays};
break;
}
entered += 1;
node = next; seq += 1; attempt = 0; pending = 0; enteredAt = now; wakeAt = NaN;
act: switch (node) {
${cases("enter")}
}
}
${STATE.save}
${only ? "" : "S.entered = entered;"}
return next;
};`;
}

function stepSource(writing: StepWriting, carry: Carry): StepSource {
  const { step } = writing;
  const { spec } = step;
  switch (spec.kind) {
    case "entry":
      return entrySource(spec, writing);
    case "decide":
      return decideSource(spec, writing);
    case "set":
      return setSource(spec, writing);
    case "repeat":
      return repeatSource(spec, writing);
    case "act":
      return actSource(spec, writing);
    case "split":
      return splitSource(spec, writing);
    case "request":
      return requestSource(spec, writing);
    case "wait":
      return waitSource(spec, writing);
    case "exit":
      return exitSource(spec, writing);
    case "collect":
    case "score":
      return carriedSource(carry(step), writing);
    default:
      throw spec satisfies never;
  }
}
