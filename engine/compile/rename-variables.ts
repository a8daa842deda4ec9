import { type Condition, isLeaf } from "../model/condition";
import type { StepSpec } from "../model/program";
import { variableFact, variableOfFact } from "../model/variable";

/** New name of a variable. */
export type Rename = (name: string) => string;

/** Members of a spec that hold the name of a fact, and those that hold the name of a variable. */
const FACT_MEMBERS: ReadonlySet<string> = new Set(["fact", "send"]);
const VARIABLE_MEMBERS: ReadonlySet<string> = new Set(["variable"]);
/** Members whose own members are named by the world or the author: an answer may well be called "variable". */
const FOREIGN_MEMBERS: ReadonlySet<string> = new Set(["outcomes"]);

function renamedFact(fact: string, rename: Rename): string {
  const variable = variableOfFact(fact);
  return variable === null ? fact : variableFact(rename(variable));
}

/** A condition that asks the renamed variables. */
export function renamedCondition(condition: Condition, rename: Rename): Condition {
  if (isLeaf(condition)) return { ...condition, fact: renamedFact(condition.fact, rename) };
  if ("not" in condition) return { not: renamedCondition(condition.not, rename) };
  if ("all" in condition) return { all: condition.all.map((inner) => renamedCondition(inner, rename)) };
  return { any: condition.any.map((inner) => renamedCondition(inner, rename)) };
}

/**
 * A spec that reads and writes the renamed variables. Walks plain JSON by the names of its members, so that a new kind of step
 * needs nothing here as long as it calls facts `fact` and variables `variable`.
 */
export function renamedSpec<TSpec extends StepSpec>(spec: TSpec, rename: Rename): TSpec {
  return renamedJson(spec, "", rename) as TSpec;
}

function renamedJson(value: unknown, member: string, rename: Rename): unknown {
  if (typeof value === "string") {
    if (FACT_MEMBERS.has(member)) return renamedFact(value, rename);
    return VARIABLE_MEMBERS.has(member) ? rename(value) : value;
  }
  if (Array.isArray(value)) return value.map((item) => renamedJson(item, member, rename));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      FOREIGN_MEMBERS.has(key) ? inner : renamedJson(inner, key, rename),
    ]),
  );
}
