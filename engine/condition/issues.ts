import {
  CONDITION_DEPTH_MAX,
  CONDITION_LEAVES_MAX,
  type Condition,
  type ConditionLeaf,
  type ConditionScalar,
  isLeaf,
  KNOWN_OPERATOR,
  RELATIVE_DAYS_MAX,
} from "../model/condition";
import { type FactType, type Field, type FieldCatalogue, fieldOf } from "../model/facts";
import { type Issue, issue } from "../model/issue";
import { isLocalDate } from "../model/time";
import { isRelativeDate, operatorsFor, takesList } from "./operators";
import { patternProblem } from "./pattern";

/** The code of what is wrong with one value for a fact of a type, or null. Nothing is ever coerced: "30" is no number. */
function valueProblem(value: ConditionScalar, factType: FactType): string | null {
  switch (factType) {
    case "integer":
      return Number.isInteger(value) ? null : "condition.value-type";
    case "money":
      // Minor units: 500.5 fen would be a float in disguise.
      if (typeof value !== "number") return "condition.value-type";
      return Number.isSafeInteger(value) ? null : "condition.money-not-whole";
    case "number":
    case "percent":
      return typeof value === "number" ? null : "condition.value-type";
    case "date":
      if (typeof value !== "string") return "condition.value-type";
      return isLocalDate(value) ? null : "condition.date-invalid";
    case "enum":
    case "text":
      return typeof value === "string" ? null : "condition.value-type";
    case "boolean":
      return typeof value === "boolean" ? null : "condition.value-type";
    default:
      factType satisfies never;
      return null;
  }
}

function scalarIssues(value: ConditionScalar, field: Field, path: string): readonly Issue[] {
  const problem = valueProblem(value, field.type);
  if (problem !== null) return [issue(problem, { path }, { fact: field.key, type: field.type, value })];
  if (field.values !== undefined && !field.values.some((known) => known.value === value)) {
    return [issue("condition.value-not-listed", { path }, { fact: field.key, value })];
  }
  if (typeof value !== "number") return [];
  const place = { path, severity: "warning" as const };
  const { minimum, maximum } = field;
  if (minimum !== undefined && value < minimum) {
    return [issue("condition.value-below", place, { fact: field.key, value, minimum })];
  }
  if (maximum !== undefined && value > maximum) {
    return [issue("condition.value-above", place, { fact: field.key, value, maximum })];
  }
  return [];
}

function leafIssues(leaf: ConditionLeaf, fields: FieldCatalogue, path: string): readonly Issue[] {
  const { fact, operator, value } = leaf;
  const field = fieldOf(fields, fact);
  if (field === undefined) return [issue("condition.fact-unknown", { path: `${path}.fact` }, { fact })];
  if (!field.usableInRules) return [issue("condition.fact-not-usable", { path: `${path}.fact` }, { fact })];
  if (!operatorsFor(field.type).includes(operator)) {
    return [issue("condition.operator-invalid", { path: `${path}.operator` }, { fact, operator, type: field.type })];
  }
  const valuePath = `${path}.value`;
  if (takesList(operator)) {
    if (!Array.isArray(value)) return [issue("condition.list-expected", { path: valuePath }, { fact, operator })];
    return value.flatMap((item: ConditionScalar, index) => scalarIssues(item, field, `${valuePath}[${index}]`));
  }
  if (typeof value === "object") return [issue("condition.single-expected", { path: valuePath }, { fact, operator })];
  return singleIssues(leaf, value, { field, path: valuePath });
}

type ValuePlace = { readonly field: Field; readonly path: string };

function singleIssues({ fact, operator }: ConditionLeaf, value: ConditionScalar, { field, path }: ValuePlace) {
  if (operator === KNOWN_OPERATOR) {
    return typeof value === "boolean"
      ? []
      : [issue("condition.value-type", { path }, { fact, type: "boolean", value })];
  }
  if (isRelativeDate(operator)) {
    const inRange = Number.isInteger(value) && Number(value) >= 0 && Number(value) <= RELATIVE_DAYS_MAX;
    return inRange ? [] : [issue("condition.days-invalid", { path }, { fact, value, limit: RELATIVE_DAYS_MAX })];
  }
  if (operator === "matches" && typeof value === "string") {
    const reason = patternProblem(value);
    return reason === null ? [] : [issue("condition.pattern-invalid", { path }, { fact, pattern: value, reason })];
  }
  return scalarIssues(value, field, path);
}

type Walk = { readonly fields: FieldCatalogue; readonly found: Issue[]; leaves: number; tooDeepAt: string | null };

function walk(condition: Condition, at: { readonly path: string; readonly depth: number }, state: Walk): void {
  if (at.depth > CONDITION_DEPTH_MAX) {
    state.tooDeepAt ??= at.path;
    return;
  }
  if (isLeaf(condition)) {
    state.leaves += 1;
    if (state.leaves <= CONDITION_LEAVES_MAX) state.found.push(...leafIssues(condition, state.fields, at.path));
    return;
  }
  const depth = at.depth + 1;
  if ("not" in condition) {
    walk(condition.not, { path: `${at.path}.not`, depth }, state);
    return;
  }
  const [member, children] = "all" in condition ? ["all", condition.all] : ["any", condition.any];
  children.forEach((child, index) => {
    walk(child, { path: `${at.path}.${member}[${index}]`, depth }, state);
  });
}

/**
 * What is wrong with a condition: facts the market does not know or forbids in rules, operators and values that do not
 * fit the fact's type, and the bounds on depth and leaves. `path` is where the condition stands.
 */
export function conditionIssues(condition: Condition, fields: FieldCatalogue, path: string): readonly Issue[] {
  const state: Walk = { fields, found: [], leaves: 0, tooDeepAt: null };
  walk(condition, { path, depth: 1 }, state);
  if (state.tooDeepAt !== null) {
    state.found.push(issue("condition.too-deep", { path: state.tooDeepAt }, { limit: CONDITION_DEPTH_MAX }));
  }
  if (state.leaves > CONDITION_LEAVES_MAX) {
    state.found.push(issue("condition.too-many", { path }, { count: state.leaves, limit: CONDITION_LEAVES_MAX }));
  }
  return state.found;
}
