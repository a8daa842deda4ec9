import type { Answer } from "../compile/machine-action";
import { armOf } from "../experiment/assign";
import { armFact } from "../model/execution";
import type { FactValue } from "../model/facts";
import { InvariantError } from "../model/invariant";
import type { ScoreAttribute } from "../model/program";
import { aggregated } from "./aggregate";
import { actEffect, actReason } from "./effects";
import { factsReadOf, factsReadOfAll, factsReadOfValues } from "./facts-read";
import { withoutRoundsUnder } from "./loop-counts";
import type { MachineEvent } from "./reference-machine";
import { askRules } from "./reference-rules";
import { inputOf, type ParamsOf, ruleSetOf, type Walk } from "./reference-walk";
import { assigned, valueIn, valueOfType } from "./values";

/** The first rule that is not false decides: one that is unknown may not be passed over for the next, it might have held. */
export async function evaluate(walk: Walk, params: ParamsOf<"evaluate">): Promise<MachineEvent> {
  const ruleSet = ruleSetOf(walk, params.ruleSet);
  const input = inputOf(walk);
  const decisive = (await askRules(ruleSet, input)).find(({ truth }) => truth !== "fails");
  const answer: Answer =
    decisive === undefined ? params.otherwise : params[decisive.truth === "holds" ? "holds" : "unknown"];
  const handle = answer.handle ?? decisive?.outcome;
  if (handle === undefined) throw new InvariantError("program.answer-without-handle", { ruleSet: ruleSet.id });
  if (decisive?.truth === "holds") {
    walk.state = { ...walk.state, vars: assigned(input, ownOf(params.sets, decisive.rule) ?? []) };
  }
  const factsRead = factsReadOf(ruleSet, input);
  return { type: "decided", handle, code: answer.code, detail: decisive?.rule ?? null, factsRead };
}

/** What belongs to a rule, and not what every object has of that name. */
function ownOf<TValue>(byRule: { readonly [rule: string]: TValue } | undefined, rule: string): TValue | undefined {
  return byRule !== undefined && Object.hasOwn(byRule, rule) ? byRule[rule] : undefined;
}

export async function collect(walk: Walk, params: ParamsOf<"collect">): Promise<MachineEvent> {
  const ruleSet = ruleSetOf(walk, params.ruleSet);
  const input = inputOf(walk);
  const verdicts = await askRules(ruleSet, input);
  const factsRead = factsReadOf(ruleSet, input);
  const doubtful = verdicts.find(({ truth }) => truth === "unknown");
  if (doubtful !== undefined) {
    return { type: "decided", handle: params.unknown, code: "unknown", detail: doubtful.rule, factsRead };
  }
  const held = verdicts.filter(({ truth }) => truth === "holds").map(({ rule }) => rule);
  const vars: { [name: string]: FactValue } = { ...walk.state.vars };
  for (const output of params.outputs) {
    const contributions = held.flatMap((rule) => {
      const value = ownOf(output.values, rule);
      return value === undefined ? [] : [valueIn(input, value)];
    });
    vars[output.variable] = aggregated(output, contributions);
  }
  walk.state = { ...walk.state, vars };
  const handle = held.length === 0 ? params.none : params.some;
  return { type: "decided", handle, code: "collected", detail: held.join(","), factsRead };
}

export async function score(walk: Walk, params: ParamsOf<"score">): Promise<MachineEvent> {
  const input = inputOf(walk);
  const ruleSets = params.attributes.map((attribute) => ruleSetOf(walk, attribute.ruleSet));
  const factsRead = factsReadOfAll(ruleSets, input);
  let total = 0;
  for (const attribute of params.attributes) {
    const points = await pointsOf(walk, attribute);
    if (points === null) {
      return { type: "decided", handle: params.unknown, code: "unknown", detail: attribute.id, factsRead };
    }
    total += attribute.weight * points;
  }
  const band = params.bands.find(({ atLeast }) => atLeast === null || total >= atLeast);
  if (band === undefined) throw new InvariantError("program.band-missing", { node: walk.state.nodeId });
  if (params.variable !== null) {
    const vars = { ...walk.state.vars, [params.variable]: valueOfType("number", total) };
    walk.state = { ...walk.state, vars };
  }
  return { type: "decided", handle: band.handle, code: "scored", detail: String(total), factsRead };
}

async function pointsOf(walk: Walk, attribute: ScoreAttribute): Promise<number | null> {
  const verdicts = await askRules(ruleSetOf(walk, attribute.ruleSet), inputOf(walk));
  const decisive = verdicts.find(({ truth }) => truth !== "fails");
  if (decisive === undefined) return attribute.otherwise;
  return decisive.truth === "unknown" ? attribute.unknown : (ownOf(attribute.points, decisive.rule) ?? 0);
}

export function assign(walk: Walk, params: ParamsOf<"assign">): MachineEvent {
  const input = inputOf(walk);
  const values = params.assign.map(({ value }) => value);
  const loopCounts = withoutRoundsUnder(walk.state.loopCounts, params.forgets);
  walk.state = { ...walk.state, vars: assigned(input, params.assign), loopCounts };
  const detail = params.assign.map(({ variable }) => variable).join(",");
  return { type: "decided", handle: params.next, code: "set", detail, factsRead: factsReadOfValues(values, input) };
}

export async function repeat(walk: Walk, params: ParamsOf<"repeat">): Promise<MachineEvent> {
  const { nodeId, loopCounts } = walk.state;
  const rounds = Object.hasOwn(loopCounts, nodeId) ? (loopCounts[nodeId] ?? 0) : 0;
  const { [nodeId]: _counted, ...others } = loopCounts;
  const leave = (answer: Omit<Extract<MachineEvent, { readonly type: "decided" }>, "type">): MachineEvent => {
    walk.state = { ...walk.state, loopCounts: others };
    return { type: "decided", ...answer };
  };
  let factsRead = {};
  if (params.whileRuleSet !== null) {
    const ruleSet = ruleSetOf(walk, params.whileRuleSet);
    const input = inputOf(walk);
    factsRead = factsReadOf(ruleSet, input);
    const decisive = (await askRules(ruleSet, input)).find(({ truth }) => truth !== "fails");
    if (decisive === undefined) return leave({ handle: params.done, code: "otherwise", detail: null, factsRead });
    if (decisive.truth === "unknown") {
      const handle = params.unknown;
      if (handle === null) throw new InvariantError("program.unknown-handle-missing", { node: nodeId });
      return leave({ handle, code: "unknown", detail: decisive.rule, factsRead });
    }
  }
  if (rounds >= params.maxTimes) {
    return leave({ handle: params.done, code: "repeats-used-up", detail: String(params.maxTimes), factsRead });
  }
  walk.state = { ...walk.state, loopCounts: { ...others, [nodeId]: rounds + 1 } };
  const detail = `${rounds + 1}/${params.maxTimes}`;
  return { type: "decided", handle: params.again, code: "repeated", detail, factsRead };
}

export function act(walk: Walk, params: ParamsOf<"act">): MachineEvent {
  walk.effects.push(actEffect(params.act, walk.context.nowMs));
  return { type: "decided", handle: params.next, ...actReason(params.act), factsRead: {} };
}

export function drawArm(walk: Walk, { experimentKey, phase, arms }: ParamsOf<"drawArm">): MachineEvent {
  const { facts, subject } = walk.context;
  const fact = armFact(experimentKey);
  const sticky = Object.hasOwn(facts, fact) ? facts[fact] : null;
  const known = arms.find(({ arm }) => arm === sticky);
  const arm = known?.arm ?? armOf({ experimentKey, phase, arms, partyId: subject.partyId });
  if (known === undefined) walk.effects.push({ kind: "arm.assigned", experimentKey, phase, arm });
  const handle = arms.find((candidate) => candidate.arm === arm)?.handle;
  if (handle === undefined) throw new InvariantError("program.arm-unknown", { experimentKey, arm });
  return { type: "decided", handle, code: "split", detail: arm, factsRead: {} };
}
