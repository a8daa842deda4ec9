import type { Program, ProgramStep, StepSpec } from "../../model/program";
import {
  actSource,
  carriedSource,
  decideSource,
  entrySource,
  exitSource,
  repeatSource,
  setSource,
  splitSource,
} from "./decision-source";
import { type Group, groupSource, type IgnoredSites, ignoredSites, stepBlock, type Written } from "./group-source";
import { newBlock, numeral, type Pool } from "./pool";
import { FLOAT_COUNT, FLOATS, INT_COUNT, INTS, NO_COUNTS, NO_EXIT } from "./registers";
import { NO_STEP, recordAt, STATUS, type StepSource, type StepWriting } from "./step-source";
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

type Parts = Writer & { readonly ignored: IgnoredSites };
type Numbered = { readonly first: number; readonly source: string };

/** The source of one Program's executor: a function body over `M` (rows, frame, sink), `L` (shared functions), `C` (constants). */
export function executorSource(program: Program, rows: number, writer: Writer): string {
  const ignored = ignoredSites(writer.pool);
  const remembers = Object.values(program.steps).some(({ spec }) => writesMemory(spec));
  const groups = groupsOf(program, remembers, { ...writer, ignored });
  return [
    PRELUDE,
    callsSource(program, remembers, { ...writer, ignored }),
    `const H = ${numeral(program.limits.horizonMs)}, ROWS = ${numeral(rows)}, groups = [];`,
    groupOfSource(groups.map(({ first }) => first)),
    ...groups.map(({ source }) => source),
    "return { begin, advance, live, liveOn };",
  ].join("\n");
}

const PRELUDE = `"use strict";
const { ints: I, floats: F, frame: Q, sink: S, memory: Y } = M;
const { decisions: D, effects: W, notAfterMs: N, values: V } = S;
const { wakeAtOf, factsReadByWait, factsReadOf, factsReadOfValues, assigned, receivedInto, bucketAfter, dateOf } = L;
const { keepRead, keepMade, roundsOf, withoutRounds, withoutRoundsUnder, broken, noRow, faultOf } = L;
function unqueue() {
S.readCount = 0; S.madeCount = 0; S.madeEffectCount = 0; S.queued = false;
}
function reset() {
S.decisionInts = 0; S.effectInts = 0; S.valueCount = 0;
if (S.queued) unqueue();
}
const once = { left: false, next: function () { const left = once.left; once.left = false; return left; } };
function go(row, first, world) {
let next = first;
while (next >= 0) next = groups[groupOf(next)](row, next, world);
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
 * The calls. A strategy that remembers nothing never asks whether there is something to keep. What a call that throws has left in
 * the frame must not be taken for another row's.
 */
function callsSource({ entry, limits }: Program, remembers: boolean, { pool, ignored }: Parts): string {
  const first = pool.node(entry);
  const block = newBlock(pool);
  const counts = block.constant(NO_COUNTS);
  const most = numeral(limits.stepsPerAdvance);
  const kept = (act: string): string =>
    remembers ? `try { ${act} Y.keep(row); } catch (error) { Y.used = true; throw error; }` : act;
  const resume = kept(`const next = groups[groupOf(I[i + ${INTS.node}])](row, ${NO_STEP}, world);
if (next >= 0) go(row, next, world);`);
  return `${block.declaration()}
function live(row, world) {
if (!(row >= 0 && row < ROWS)) throw noRow(row);
reset();
const i = row * ${INT_COUNT}, f = row * ${FLOAT_COUNT};
I[i + ${INTS.node}] = ${first}; I[i + ${INTS.stepSeq}] = 0; I[i + ${INTS.attempt}] = 0;
I[i + ${INTS.status}] = ${STATUS.active}; I[i + ${INTS.pending}] = 0; I[i + ${INTS.exit}] = ${NO_EXIT};
F[f + ${FLOATS.startedAt}] = Q.nowMs; F[f + ${FLOATS.enteredAt}] = Q.nowMs; F[f + ${FLOATS.wakeAt}] = NaN;
Q.vars = M.firstVars; Q.loopCounts = ${counts}; Q.fault = null; S.lastSeq = ${most};
if (Y.used) Y.keep(row);
${kept(`go(row, ${first}, world);`)}
}
function begin(row) { once.left = false; live(row, once); }
function taken(row) {
if (!(row >= 0 && row < ROWS)) throw noRow(row);
if (Y.used) Y.recall(row);
reset();
}
function liveOn(row, world) {
taken(row);
const i = row * ${INT_COUNT};
if (I[i + ${INTS.status}] !== ${STATUS.active}) return;
${resume}
}
function advance(row) {
taken(row);
const i = row * ${INT_COUNT}, world = once;
if (I[i + ${INTS.status}] !== ${STATUS.active}) { const type = Q.eventType, seq = I[i + ${INTS.stepSeq}], node = I[i + ${INTS.node}];
let dn = 0; ${recordAt(`${ignored.inactive} + type`)} S.decisionInts = dn; return false; }
S.ignored = false; once.left = true;
${resume}
return !S.ignored;
}`;
}

/** Which group a step is in: nearly always the only one. */
function groupOfSource(firsts: readonly number[]): string {
  const tests = firsts.slice(1).map((first, index) => `if (node < ${first}) return ${index};`);
  return `function groupOf(node) {\n${tests.join("\n")}\nreturn ${firsts.length - 1};\n}`;
}

/** The steps in their order, as many to a function as go into it. */
function groupsOf(program: Program, remembers: boolean, { pool, carry, ignored }: Parts): readonly Numbered[] {
  const steps = pool.sites.nodeIds.flatMap((id) => program.steps[id] ?? []);
  const groups: Numbered[] = [];
  for (let first = 0; first < steps.length; ) {
    const block = newBlock(pool);
    const group: Group = { program, pool, block, ignored, remembers };
    const written: Written["written"][number][] = [];
    for (let length = 0; length < GROUP_SOURCE_MAX && first + written.length < steps.length; ) {
      const step = steps[first + written.length];
      if (step === undefined) break;
      const source = stepSource({ program, step, pool, block }, carry);
      const text = stepBlock(first + written.length, source, group);
      length += text.length;
      written.push({ step, source, block: text });
    }
    const only = written.length === steps.length;
    const source = groupSource({ first, written, place: groups.length, only }, group);
    groups.push({ first, source: `{ ${block.declaration()}\n${source} }` });
    first += written.length;
  }
  return groups;
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
