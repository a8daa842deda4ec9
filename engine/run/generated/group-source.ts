import { EVENT_TYPES } from "../../model/execution";
import { InvariantError } from "../../model/invariant";
import { EXITS_RULE_SET, type Program, type ProgramStep } from "../../model/program";
import { answersRequest } from "../gate";
import { CANCEL, leaveAt, strategyExits } from "./decision-source";
import { type Block, numeral, type Pool } from "./pool";
import { INTS, NO_VISIT } from "./registers";
import { ruleSource } from "./rule-source";
import { ENDED, eventNumber, NO_STEP, record, recordAt, STAND, STATE, STATUS, type StepSource } from "./step-source";

/** First sites of the decisions that say why nothing happens; one for each type of event, which is the decision's detail. */
export type IgnoredSites = {
  readonly inactive: number;
  readonly stale: number;
  readonly early: number;
  readonly notAwaited: number;
};

export function ignoredSites(pool: Pool): IgnoredSites {
  const sitesOf = (code: "ignored-inactive" | "ignored-stale" | "ignored-early" | "ignored-not-awaited"): number => {
    const [first = 0] = EVENT_TYPES.map((type) =>
      pool.decision({ code, handle: null, detail: { text: type }, facts: null }),
    );
    return first;
  };
  return {
    inactive: sitesOf("ignored-inactive"),
    stale: sitesOf("ignored-stale"),
    early: sitesOf("ignored-early"),
    notAwaited: sitesOf("ignored-not-awaited"),
  };
}

/** Steps that share a function, and what each of their blocks holds beside the step's own statements. */
export type Group = {
  readonly program: Program;
  readonly pool: Pool;
  readonly block: Block;
  readonly ignored: IgnoredSites;
  /** Whether the Program writes what few enrollments have, so that it is kept before others are looked at. */
  readonly remembers: boolean;
};

/**
 * What is asked before the present step hears of an event: whether it is stale or early, and the exits that are open everywhere.
 * Then what the step does, and if that comes to its end, that it did not await the event: the row is then as it was.
 */
export function hearSource(receive: string, { program, pool, block, ignored }: Group): string {
  const ruleSet = program.ruleSets[EXITS_RULE_SET];
  if (ruleSet === undefined) throw new InvariantError("program.rule-set-missing", { ruleSet: EXITS_RULE_SET });
  return `const type = Q.eventType, visit = Q.eventSeq, answered = Q.eventAttempt, was = pending;
let ignored = ${ignored.stale};
heard: {
if (visit !== ${NO_VISIT} && visit !== seq) break heard;
if (answered !== ${NO_VISIT} && (answered !== attempt || pending === 0)) break heard;
if (type === ${eventNumber("timer.fired")} && !(now >= wakeAt)) { ignored = ${ignored.early}; break heard; }
if ((${answerBits()} >> type & 1) === 1) pending = 0;
if (type === ${eventNumber("stop.requested")}) { ${leaveAt("stopped", { code: "stopped" }, pool)} }
if (now >= horizon) { ${leaveAt("horizon", { code: "horizon" }, pool)} }
${strategyExits(ruleSource(ruleSet, block), pool)}
${receive}
ignored = ${ignored.notAwaited};
}
pending = was;
${recordAt("ignored + type")}
S.ignored = true;`;
}

/** Which event types answer a request, a bit each. */
function answerBits(): number {
  return EVENT_TYPES.reduce((bits, type, index) => (answersRequest({ type }) ? bits | (1 << index) : bits), 0);
}

/**
 * Stays at the present step: the row is written, and the world says what happens next. Whoever is asked may look at any row and at
 * what the last event left in the sink.
 */
function staySource({ program, remembers }: Group): string {
  return `${STATE.save}
Q.node = node; Q.stepSeq = seq; Q.attempt = attempt; Q.pending = pending; Q.wakeAtMs = wakeAt;
${remembers ? "Y.keep(row);" : ""}
const goesOn = world.next(row);
if (Y.used) Y.recall(row);
if (!goesOn) return ${NO_STEP};
now = Q.nowMs; facts = Q.facts; dn = 0; en = 0; vn = 0; lastSeq = seq + ${numeral(program.limits.stepsPerAdvance)};
if (S.queued) unqueue();`;
}

/** Hears one event after the other, for as long as the account stays where it stands. */
function standSource(receive: string, group: Group): string {
  return `${STAND} ${STATE.saveVisit}
for (;;) {
${staySource(group)}
act: {
${hearSource(receive, group)}
}
}`;
}

const ENTER = `${CANCEL}
seq += 1; attempt = 0; pending = 0; enteredAt = now; wakeAt = NaN;`;

/** The block of a step: it is entered, and where it can be stayed at, its events are heard. There is no way through. */
export function stepBlock(node: number, { enter, receive }: StepSource, group: Group): string {
  if (receive === null) return `{ const node = ${node};\nif (seq >= lastSeq) break fault;\n${ENTER}\n${enter}\n}`;
  return `{ const node = ${node};
entering: {
if (seq >= lastSeq) { if (!resumed) break fault; resumed = false; break entering; }
${ENTER}
act: {
${enter}
}
}
${standSource(receive, group)}
}`;
}

export type Written = {
  readonly first: number;
  readonly written: readonly { readonly step: ProgramStep; readonly source: StepSource; readonly block: string }[];
  /** Place of the group. */
  readonly place: number;
  /** Whether all steps are in this group. */
  readonly only: boolean;
};

/**
 * A group as a function, which runs to completion, and event after event for as long as the world has one. Blocks stand within
 * blocks, a step's statements after the end of its block: to leave a block is to go on to its step, and no value has to be looked
 * at to find the way. Only what comes from outside and what goes round a loop looks for its step in a `switch`.
 */
export function groupSource({ first, written, place, only }: Written, group: Group): string {
  const { pool } = group;
  const end = first + written.length;
  const elsewhere = new Set(written.flatMap(({ step }) => Object.values(step.handles).map(pool.node)));
  const pads = [...elsewhere].filter((node) => node >= end);
  const blocks = [...written.map(({ block }) => block), ...pads.map((node) => `next = ${node}; break life;`)];
  const nodes = [...written.map((_, index) => first + index), ...pads];
  const opened = nodes.map((node) => `B${node}: {`).reverse();
  const closed = blocks.map((block) => `}\n${block}`);
  return `groups[${place}] = function (row, first, world) {
${STATE.load}
${only ? STATE.begin : STATE.goOn}
let resumed = first === ${NO_STEP}, next = first, site = 0, exit = 0, stayedWith = null;
if (resumed) lastSeq = seq;
life: {
left: {
fault: {
run: for (;;) {
${opened.join(" ")}
${dispatchSource({ first, written }, group)}
${closed.join("\n")}
}
}
${FAULT}
${record(pool, { code: "step-limit" })} I[i + ${INTS.status}] = ${STATUS.faulted}; ${STAND} wakeAt = NaN; next = ${NO_STEP};
break life;
}
${LEFT}
}
${STATE.saveVisit} ${STATE.save}
${only ? "" : "S.lastSeq = lastSeq;"}
return next;
};`;
}

/** Looks for the step to enter, or for the one that an account stands at. One that cannot be stayed at awaits nothing. */
function dispatchSource({ first, written }: Pick<Written, "first" | "written">, group: Group): string {
  const cases = written.map((_, index) => `case ${first + index}: break B${first + index};`);
  const stayedAt = cases.filter((_, index) => written[index]?.source.receive !== null);
  const unknown = `if (node >= ${Object.keys(group.program.steps).length}) throw broken("program.unknown-step", node);`;
  return `if (!resumed) switch (next) { ${cases.join(" ")} default: break life; }
const node = I[i + ${INTS.node}];
switch (node) { ${stayedAt.join(" ")} }
${standSource(unknown, group)}`;
}

/** A request of the step that was left is called back even so. That step is the one the last decision was made at; nothing was decided where not even the first may be entered. */
const FAULT = `const node = dn === 0 ? I[i + ${INTS.node}] : D[dn - 1];
${CANCEL} Q.fault = faultOf(dn); Y.keep(row);`;

/** The enrollment ends at the step where an event has found it, which is the one of its row. */
const LEFT = `const node = I[i + ${INTS.node}];
${CANCEL} ${recordAt("site")} I[i + ${INTS.exit}] = exit; ${ENDED}`;
