import type { Decision } from "../model/execution";
import { counterOfFact, type FactValue, type Field, type FieldCatalogue, fieldOf } from "../model/facts";
import { drawnStepId, EXITS_RULE_SET, type Program, type RuleSet, type StepSpec } from "../model/program";
import { type EpochMs, isLocalDate, type LocalDate } from "../model/time";
import { variableOfFact } from "../model/variable";
import type { RuleInput } from "../run/rule-input";
import { type ExplainedRule, explainRules } from "./leaves";
import { type Recorded, type Replay, replayDecision } from "./replay";

/** Where a fact came from, and as of when it holds. */
export type FactSource =
  /** A column of the lender's file, as of the file's data date. */
  | { readonly kind: "file"; readonly asOf: LocalDate | null }
  /** Reckoned by the engine at the moment of the decision. */
  | { readonly kind: "derived"; readonly atMs: EpochMs }
  /** Counted over the party's past up to the moment of the decision. */
  | { readonly kind: "history"; readonly atMs: EpochMs }
  /** Written by a step of the strategy; null = still what it was in the beginning. */
  | { readonly kind: "variable"; readonly step: string | null; readonly atMs: EpochMs }
  | { readonly kind: "experiment"; readonly atMs: EpochMs }
  /** No catalogue knows it any more. */
  | { readonly kind: "unlisted" };

export type ExplainedFact = { readonly fact: string; readonly value: FactValue; readonly source: FactSource };

/** One way on the account took before the decision. */
export type PathStep = {
  /** Visit of the step; a step that is passed twice has two. */
  readonly stepSeq: number;
  readonly step: string;
  /** Step on the author's canvas; the same, unless the step is part of a compound one. */
  readonly drawnStep: string;
  readonly handle: string;
  readonly code: Decision["code"];
  readonly atMs: EpochMs;
};

/** Everything that can be said about why an enrollment did what it did at one point. */
export type Explanation = {
  readonly strategy: {
    readonly key: string;
    readonly format: number;
    readonly contentHash: string;
    readonly programHash: string;
  };
  readonly decision: Decision;
  readonly drawnStep: string;
  readonly path: readonly PathStep[];
  /** Rules the step asked, in order, with every leaf; several sets for a scorecard. Empty where no rule decided. */
  readonly ruleSets: readonly { readonly id: string; readonly rules: readonly ExplainedRule[] }[];
  readonly facts: readonly ExplainedFact[];
  readonly replay: Replay;
};

export type ExplainSetting = {
  readonly fields: FieldCatalogue;
  /** Data date of the file the account came with. */
  readonly dataDate: LocalDate | null;
};

/**
 * Explains one recorded decision by running the reference executor over what was recorded with it. Null when there is no decision
 * at that index. A replay that differs is part of the answer and never hidden.
 */
export async function explainDecision(
  recorded: Recorded,
  index: number,
  setting: ExplainSetting,
): Promise<Explanation | null> {
  const decision = recorded.decisions[index];
  if (decision === undefined) return null;
  const { program } = recorded;
  const input = inputOf(decision, program);
  const asked = ruleSetsOf(decision, program);
  const ruleSets = await Promise.all(
    asked.map(async (ruleSet) => ({ id: ruleSet.id, rules: await explainRules(ruleSet, input) })),
  );
  return {
    strategy: {
      key: program.strategyKey,
      format: program.format,
      contentHash: program.contentHash,
      programHash: program.hash,
    },
    decision,
    drawnStep: drawnStepId(decision.nodeId),
    path: pathTo(recorded.decisions.slice(0, index)),
    ruleSets,
    facts: Object.entries(decision.factsRead).map(([fact, value]) => ({
      fact,
      value,
      source: sourceOf(fact, { recorded, index, setting }),
    })),
    replay: await replayDecision(recorded, index),
  };
}

/** What the rules were asked over, as far as it was recorded. */
function inputOf({ factsRead, atMs }: Decision, program: Program): RuleInput {
  const facts: { [fact: string]: FactValue } = {};
  const vars: { [name: string]: FactValue } = {};
  for (const [fact, value] of Object.entries(factsRead)) {
    const variable = variableOfFact(fact);
    if (variable === null) facts[fact] = value;
    else vars[variable] = value;
  }
  return { facts, vars, nowMs: atMs, timeZone: program.settings.timeZone };
}

/** Codes of decisions that a rule set made. */
const BY_RULES: ReadonlySet<Decision["code"]> = new Set([
  "entered",
  "not-eligible",
  "eligibility-unknown",
  "rule-holds",
  "otherwise",
  "unknown",
  "collected",
  "scored",
  "repeated",
  "repeats-used-up",
  "watch-holds",
  "watch-checked",
]);

function ruleSetsOf({ code, nodeId }: Decision, program: Program): readonly RuleSet[] {
  const ids =
    code === "strategy-exit" ? [EXITS_RULE_SET] : BY_RULES.has(code) ? ruleSetIdsOf(program.steps[nodeId]?.spec) : [];
  return ids.flatMap((id) => (Object.hasOwn(program.ruleSets, id) ? (program.ruleSets[id] ?? []) : []));
}

function ruleSetIdsOf(spec: StepSpec | undefined): readonly string[] {
  switch (spec?.kind) {
    case "entry":
    case "decide":
    case "collect":
      return [spec.ruleSet];
    case "score":
      return spec.attributes.map(({ ruleSet }) => ruleSet);
    case "repeat":
      return spec.whileRuleSet === null ? [] : [spec.whileRuleSet];
    case "request":
    case "wait":
      return spec.watch === undefined ? [] : [spec.watch.ruleSet];
    default:
      return [];
  }
}

function pathTo(decisions: readonly Decision[]): readonly PathStep[] {
  return decisions.flatMap(({ stepSeq, nodeId, handle, code, atMs }) =>
    handle === null ? [] : [{ stepSeq, step: nodeId, drawnStep: drawnStepId(nodeId), handle, code, atMs }],
  );
}

type Place = { readonly recorded: Recorded; readonly index: number; readonly setting: ExplainSetting };

function sourceOf(fact: string, { recorded, index, setting }: Place): FactSource {
  const { decisions, startedAtMs } = recorded;
  const atMs = decisions[index]?.atMs ?? startedAtMs;
  const variable = variableOfFact(fact);
  if (variable !== null) return writerOf(variable, recorded, index);
  if (fact.startsWith("arm.")) return { kind: "experiment", atMs };
  if (counterOfFact(fact) !== null) return { kind: "history", atMs };
  const field = fieldOf(setting.fields, fact);
  return field === undefined ? { kind: "unlisted" } : sourceOfField(field, atMs, setting.dataDate);
}

function sourceOfField({ origin }: Field, atMs: EpochMs, dataDate: LocalDate | null): FactSource {
  if (origin !== "column") return { kind: origin, atMs };
  return { kind: "file", asOf: dataDate !== null && isLocalDate(dataDate) ? dataDate : null };
}

/** The last step before the decision that may have written the variable and was left. */
function writerOf(variable: string, { program, decisions, startedAtMs }: Recorded, index: number): FactSource {
  for (let at = index - 1; at >= 0; at -= 1) {
    const decision = decisions[at];
    if (decision === undefined || decision.handle === null) continue;
    if (!variablesWrittenBy(program.steps[decision.nodeId]?.spec, decision).includes(variable)) continue;
    return { kind: "variable", step: decision.nodeId, atMs: decision.atMs };
  }
  return { kind: "variable", step: null, atMs: startedAtMs };
}

function variablesWrittenBy(spec: StepSpec | undefined, { code, detail }: Decision): readonly string[] {
  switch (spec?.kind) {
    case "set":
      return spec.assign.map(({ variable }) => variable);
    case "decide":
      return code === "rule-holds" && detail !== null
        ? (spec.sets?.[detail] ?? []).map(({ variable }) => variable)
        : [];
    case "collect":
      return code === "collected" ? spec.outputs.map(({ variable }) => variable) : [];
    case "score":
      return code === "scored" && spec.variable !== null ? [spec.variable] : [];
    case "request":
      return code === "outcome" || code === "exhausted" ? (spec.receive ?? []).map(({ variable }) => variable) : [];
    default:
      return [];
  }
}
