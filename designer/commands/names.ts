import { type Condition, type FormField, isLeaf, type JsonValue, type StrategyDoc, type StrategyNode } from "#engine";
import { valueAt, withValueAt } from "./data-path";
import { viewOf } from "./step-view";
import type { NodeData } from "./steps";

/** What facts and variables are called from now on. A name that stays is given back as it is. */
export type Names = { readonly fact: (fact: string) => string; readonly variable: (name: string) => string };

type Members = { readonly [key: string]: JsonValue };

function isMembers(value: JsonValue | undefined): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Fields of forms call facts `fact` and variables `variable` wherever they stand, as the compiler expects of specs too. */
function inJson(value: JsonValue, member: string, names: Names): JsonValue {
  if (typeof value === "string") {
    if (member === "fact") return names.fact(value);
    return member === "variable" ? names.variable(value) : value;
  }
  if (Array.isArray(value)) return value.map((item) => inJson(item, member, names));
  if (!isMembers(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inJson(inner, key, names)]));
}

/** A strategy in use: its inputs are values here, its outputs lead into variables here. Names inside it are its own. */
function inUse(value: JsonValue, names: Names): JsonValue {
  if (!isMembers(value)) return value;
  const { inputs, outputs } = value;
  return {
    ...value,
    ...(inputs === undefined ? {} : { inputs: inJson(inputs, "", names) }),
    ...(isMembers(outputs)
      ? {
          outputs: Object.fromEntries(
            Object.entries(outputs).map(([inner, outer]) => [inner, inJson(outer, "variable", names)]),
          ),
        }
      : {}),
  };
}

/** Fields whose value is a name itself, or a list of names. */
const MEMBER_OF_WIDGET: { readonly [widget in FormField["widget"]]?: string } = {
  fact: "fact",
  facts: "fact",
  variable: "variable",
};

function fieldRenamed(field: FormField, value: JsonValue, names: Names): JsonValue {
  if (field.widget === "sub-strategy") return inUse(value, names);
  return inJson(value, MEMBER_OF_WIDGET[field.widget] ?? "", names);
}

/** The step with other names in the fields of its form; the same object when none of them is mentioned. */
export function stepRenamed(node: StrategyNode, names: Names): StrategyNode {
  let hits = 0;
  const counted = (rename: (name: string) => string) => (name: string) => {
    const next = rename(name);
    if (next !== name) hits += 1;
    return next;
  };
  const counting = { fact: counted(names.fact), variable: counted(names.variable) };
  const form = viewOf(node).definition?.form ?? [];
  const data = form.reduce<NodeData>((current, field) => {
    const value = valueAt(current, field.path);
    return value === undefined ? current : withValueAt(current, field.path, fieldRenamed(field, value, counting));
  }, node.data);
  return hits === 0 ? node : { ...node, data };
}

export function conditionRenamed(condition: Condition, fact: Names["fact"]): Condition {
  if (isLeaf(condition)) return { ...condition, fact: fact(condition.fact) };
  if ("not" in condition) return { not: conditionRenamed(condition.not, fact) };
  if ("all" in condition) return { all: condition.all.map((inner) => conditionRenamed(inner, fact)) };
  return { any: condition.any.map((inner) => conditionRenamed(inner, fact)) };
}

/** Whether a step mentions a name; asked by renaming it and seeing whether anything would change. */
export function mentions(
  node: StrategyNode,
  name: { readonly fact: string; readonly variable: string | null },
): boolean {
  const marked = (sought: string | null) => (text: string) => (text === sought ? `${text} ` : text);
  return stepRenamed(node, { fact: marked(name.fact), variable: marked(name.variable) }) !== node;
}

export function conditionMentions(condition: Condition, fact: string): boolean {
  if (isLeaf(condition)) return condition.fact === fact;
  if ("not" in condition) return conditionMentions(condition.not, fact);
  return ("all" in condition ? condition.all : condition.any).some((inner) => conditionMentions(inner, fact));
}

type Scenarios = StrategyDoc["tests"];

/** Scenarios with other names of facts in what they give, and of variables in what they expect. */
export function scenariosRenamed(tests: Scenarios, names: Names): Scenarios {
  const keys = <TValue>(record: { readonly [name: string]: TValue }, rename: (name: string) => string) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [rename(name), value]));
  return tests.map((scenario) => ({
    ...scenario,
    facts: keys(scenario.facts, names.fact),
    expect:
      scenario.expect.vars === undefined
        ? scenario.expect
        : { ...scenario.expect, vars: keys(scenario.expect.vars, names.variable) },
    events: scenario.events.map((event) =>
      "facts" in event && event.facts !== undefined ? { ...event, facts: keys(event.facts, names.fact) } : event,
    ),
  }));
}
