import { fnv1a32 } from "../../experiment/assign";
import { armFact } from "../../model/execution";
import type { ExitReason } from "../../model/exit-reason";
import { actReason } from "../effects";
import { exitReasonOf } from "../exits";
import { valueOfType } from "../values";
import { CANCEL_EFFECT, MADE_DECISION, numeral, type Pool } from "./pool";
import type { RuleSource } from "./rule-source";
import {
  emit,
  emitAt,
  end,
  leaveBy,
  missingUnknown,
  type Recorded,
  record,
  recordAt,
  rulesOf,
  type SpecOf,
  type StepSource,
  type StepWriting,
  say,
  way,
} from "./step-source";

/** A step that decides at once never waits for anything. */
function atOnce(...statements: readonly string[]): StepSource {
  return { enter: statements.filter((statement) => statement !== "").join("\n"), receive: null };
}

type Ended = { readonly reason: ExitReason; readonly label: string | null };

/** Ends the enrollment at the present step. */
function endedBy(ended: Ended, recorded: Recorded, { pool }: StepWriting): string {
  return `${record(pool, recorded)} ${end(pool.exit(ended))}`;
}

export function entrySource(spec: SpecOf<"entry">, writing: StepWriting): StepSource {
  const { read, keep, facts, rules } = rulesOf(writing, spec.ruleSet);
  const enter = way(writing, spec.enter);
  const refused = (code: "not-eligible" | "eligibility-unknown", detail: Recorded["detail"]): string =>
    endedBy({ reason: code, label: null }, { code, detail: detail ?? null, facts }, writing);
  const asked = rules.map(({ rule, holds, fails }) => {
    const detail = { text: rule };
    const entered = leaveBy(enter, { code: "entered", detail, facts }, writing);
    return `if (${holds}) { ${entered} }\nif (!(${fails})) { ${refused("eligibility-unknown", detail)} }`;
  });
  return atOnce(read, keep, ...asked, refused("not-eligible", null));
}

export function decideSource(spec: SpecOf<"decide">, writing: StepWriting): StepSource {
  const { read, keep, facts, rules } = rulesOf(writing, spec.ruleSet);
  const unknown = way(writing, spec.unknown);
  const asked = rules.map(({ rule, outcome, holds, fails }) => {
    const detail = { text: rule };
    const own = spec.sets !== undefined && Object.hasOwn(spec.sets, rule) ? spec.sets[rule] : undefined;
    const sets = own === undefined ? "" : `Q.vars = assigned(Q, ${writing.block.constant(own)});`;
    const held = `${sets} ${leaveBy(way(writing, outcome), { code: "rule-holds", detail, facts }, writing)}`;
    const doubtful = leaveBy(unknown, { code: "unknown", detail, facts }, writing);
    return `if (${holds}) { ${held} }\nif (!(${fails})) { ${doubtful} }`;
  });
  const otherwise = leaveBy(way(writing, spec.otherwise), { code: "otherwise", facts }, writing);
  return atOnce(read, keep, ...asked, otherwise);
}

/** The party's sticky arm when it is known, otherwise the hash's, which an effect then records. */
export function splitSource(spec: SpecOf<"split">, writing: StepWriting): StepSource {
  const { pool, block } = writing;
  const { experimentKey, phase, arms } = spec;
  const taken = arms.map(({ arm, weight, handle }) => {
    const left = leaveBy(way(writing, handle), { code: "split", detail: { text: arm } }, writing);
    return { arm, weight, left };
  });
  const sticky = taken.map(({ arm, left }) => `if (sticky === ${block.constant(arm)}) { ${left} }`);
  let upper = 0;
  const drawn = taken.map(({ arm, weight, left }) => {
    upper += weight;
    const assigned = emit(pool, { form: "constant", effect: { kind: "arm.assigned", experimentKey, phase, arm } });
    return `if (bucket < ${numeral(upper)}) { ${assigned} ${left} }`;
  });
  return atOnce(
    `const sticky = facts[${block.constant(armFact(experimentKey))}];`,
    ...sticky,
    // The part of the hash that is the same for everybody is reckoned here.
    `const bucket = bucketAfter(${numeral(fnv1a32(`${experimentKey}:${phase}`))}, Q.subject.partyId);`,
    ...drawn,
    `throw broken("experiment.weights", node);`,
  );
}

export function setSource(spec: SpecOf<"set">, writing: StepWriting): StepSource {
  const { block } = writing;
  const next = way(writing, spec.next);
  const detail = { text: spec.assign.map(({ variable }) => variable).join(",") };
  const forget =
    spec.forgets === undefined
      ? ""
      : `Q.loopCounts = withoutRoundsUnder(Q.loopCounts, ${block.constant(spec.forgets)});`;
  const literal = spec.assign.flatMap(({ variable, type, value }) =>
    "literal" in value ? [`[${block.constant(variable)}]: ${block.constant(valueOfType(type, value.literal))}`] : [],
  );
  if (literal.length === spec.assign.length) {
    const vars = literal.length === 0 ? "" : `Q.vars = { ...Q.vars, ${literal.join(", ")} };`;
    return atOnce(vars, forget, leaveBy(next, { code: "set", detail }, writing));
  }
  const values = block.constant(spec.assign.map(({ value }) => value));
  return atOnce(
    `keepRead(factsReadOfValues(${values}, Q));`,
    `Q.vars = assigned(Q, ${block.constant(spec.assign)});`,
    forget,
    leaveBy(next, { code: "set", detail, facts: "object" }, writing),
  );
}

const NO_RULES: RuleSource = { read: "", keep: "", facts: null, byFactsAlone: true, rules: [] };

export function repeatSource(spec: SpecOf<"repeat">, writing: StepWriting): StepSource {
  const { block, step } = writing;
  const { read, keep, rules, facts } = spec.whileRuleSet === null ? NO_RULES : rulesOf(writing, spec.whileRuleSet);
  const [again, done] = [way(writing, spec.again), way(writing, spec.done)];
  const unknown = spec.unknown === null ? null : way(writing, spec.unknown);
  const [id, maxTimes] = [block.constant(step.id), numeral(spec.maxTimes)];
  // Only a rule that holds, or none at all, lets it go round.
  const decided = rules.map(({ rule, holds, fails }) => {
    const doubtful = { code: "unknown", detail: { text: rule }, facts } as const;
    const left = unknown === null ? missingUnknown() : leaveBy(unknown, doubtful, writing);
    return `if (!(${fails})) { if (!(${holds})) { ${left} } break asked; }`;
  });
  const nothingHolds = leaveBy(done, { code: "otherwise", facts }, writing);
  const usedUp = { code: "repeats-used-up", detail: { text: String(spec.maxTimes) }, facts } as const;
  return atOnce(
    read,
    keep,
    `const counted = roundsOf(Q.loopCounts, ${id}), others = withoutRounds(Q.loopCounts, ${id});`,
    "Q.loopCounts = others;",
    spec.whileRuleSet === null ? "" : `asked: { ${decided.join("\n")}\n${nothingHolds} }`,
    `if (counted >= ${maxTimes}) { ${leaveBy(done, usedUp, writing)} }`,
    `Q.loopCounts = { ...others, [${id}]: counted + 1 };`,
    say(`counted + 1 + "/" + ${maxTimes}`),
    leaveBy(again, { code: "repeated", detail: "said", facts }, writing),
  );
}

export function actSource(spec: SpecOf<"act">, writing: StepWriting): StepSource {
  const { code, detail } = actReason(spec.act);
  const left = leaveBy(way(writing, spec.next), { code, detail: { text: detail } }, writing);
  return atOnce(emit(writing.pool, { form: "act", act: spec.act }), left);
}

export function exitSource({ reason, label }: SpecOf<"exit">, writing: StepWriting): StepSource {
  return atOnce(endedBy({ reason, label }, { code: "exit", detail: { text: reason } }, writing));
}

/** A step that a closure carries, which makes one decision and answers the place of the next step. */
export function carriedSource(carry: (stepSeq: number) => number, { block }: StepWriting): StepSource {
  return atOnce(`next = ${block.constant(carry)}(seq);`, `${recordAt(MADE_DECISION)} continue run;`);
}

export const CANCEL = `if (pending === 1) { ${emitAt(CANCEL_EFFECT)} pending = 0; }`;

/** Leaves the strategy from wherever the account stands, before its step has heard of the event. */
export function leaveAt(reason: ExitReason, recorded: Recorded, pool: Pool): string {
  const site = pool.decision({ handle: null, detail: null, facts: null, ...recorded });
  return `site = ${site}; exit = ${pool.exit({ reason, label: null })}; break left;`;
}

/**
 * The strategy's own exits, top to bottom; the first that holds is taken. Facts are a value that nobody changes: an account that is
 * still there with the very same ones is not asked again.
 */
export function strategyExits({ read, keep, facts, byFactsAlone, rules }: RuleSource, pool: Pool): string {
  const asked = rules.map(({ rule, outcome, holds }) => {
    const left = leaveAt(exitReasonOf(outcome), { code: "strategy-exit", detail: { text: rule }, facts }, pool);
    return `if (${holds}) { ${keep} ${left} }`;
  });
  if (rules.length === 0) return "";
  const all = [read, ...asked].join("\n");
  return byFactsAlone ? `if (facts !== stayedWith) {\n${all}\nstayedWith = facts;\n}` : all;
}
