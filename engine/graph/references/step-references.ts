import type { JsonValue } from "../../model/json";
import type { StrategyNode } from "../../model/strategy";
import { variableFact, variableOfFact } from "../../model/variable";
import { definitionOf } from "../../nodes";
import type { FormField } from "../../nodes/define";

/** Kinds of things a strategy names that stand somewhere else: in the market's pack, in the house, or in the document's own lists. */
export const REFERENCE_KINDS = ["content", "fact", "variable", "lexicon", "agency", "strategy", "rule-pack"] as const;
export type ReferenceKind = (typeof REFERENCE_KINDS)[number];

/** What a name is called from now on; the same name leaves it. `path` is where it stands in the step's data, dotted. */
export type Rename = (kind: ReferenceKind, name: string, path: string) => string;

type Members = { readonly [key: string]: JsonValue };
type Walk = { readonly rename: Rename; readonly path: string };

function isMembers(value: JsonValue | undefined): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function deeper({ rename, path }: Walk, name: string | number): Walk {
  return { rename, path: typeof name === "number" ? `${path}[${name}]` : path === "" ? name : `${path}.${name}` };
}

/** A fact that reads a variable is a name of the variable. */
function factRenamed(fact: string, { rename, path }: Walk): string {
  const variable = variableOfFact(fact);
  return variable === null ? rename("fact", fact, path) : variableFact(rename("variable", variable, path));
}

/** Members called `fact` and `variable` name one wherever they stand, as the compiler expects of specs too. */
function inJson(value: JsonValue, member: string, walk: Walk): JsonValue {
  if (typeof value === "string") {
    if (value === "") return value;
    if (member === "fact") return factRenamed(value, walk);
    return member === "variable" ? walk.rename("variable", value, walk.path) : value;
  }
  if (Array.isArray(value)) {
    const list: readonly JsonValue[] = value;
    return list.map((item, index) => inJson(item, member, deeper(walk, index)));
  }
  if (!isMembers(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inJson(inner, key, deeper(walk, key))]));
}

/** A strategy in use: its inputs are values here, its outputs lead into variables here. Names inside it are its own. */
function inUse(value: JsonValue, walk: Walk): JsonValue {
  if (!isMembers(value)) return value;
  const { strategy, inputs, outputs } = value;
  const into = deeper(walk, "outputs");
  const received = (name: string, outer: JsonValue): JsonValue =>
    typeof outer === "string" && outer !== "" ? walk.rename("variable", outer, deeper(into, name).path) : outer;
  return {
    ...value,
    ...(typeof strategy === "string" && strategy !== ""
      ? { strategy: walk.rename("strategy", strategy, deeper(walk, "strategy").path) }
      : {}),
    ...(inputs === undefined ? {} : { inputs: inJson(inputs, "", deeper(walk, "inputs")) }),
    ...(isMembers(outputs)
      ? { outputs: Object.fromEntries(Object.entries(outputs).map(([name, outer]) => [name, received(name, outer)])) }
      : {}),
  };
}

/** Fields whose value is a name itself, or a list of names. */
const MEMBER_OF_WIDGET: { readonly [widget in FormField["widget"]]?: string } = {
  fact: "fact",
  facts: "fact",
  variable: "variable",
};
const KIND_OF_WIDGET: { readonly [widget in FormField["widget"]]?: ReferenceKind } = {
  content: "content",
  lexicon: "lexicon",
};

function inField(field: FormField, value: JsonValue, walk: Walk): JsonValue {
  if (field.widget === "sub-strategy") return inUse(value, walk);
  const kind = KIND_OF_WIDGET[field.widget] ?? field.names;
  if (kind !== undefined) {
    const named = typeof value === "string" && value.trim() !== "";
    return named ? walk.rename(kind, value, walk.path) : value;
  }
  return inJson(value, MEMBER_OF_WIDGET[field.widget] ?? "", walk);
}

/** The step with other names in the fields of its form. One whose type is not known names nothing that could be told. */
export function stepWithNames(node: StrategyNode, rename: Rename): StrategyNode {
  const form = definitionOf(node.type)?.form ?? [];
  let { data } = node;
  for (const field of form) {
    const [name = "", ...inner] = field.path.split(".");
    const value = data[name];
    if (value === undefined) continue;
    data = { ...data, [name]: inPath(value, inner, { field, walk: { rename, path: name } }) as (typeof data)[string] };
  }
  return { ...node, data };
}

function inPath(
  value: JsonValue,
  [name, ...rest]: readonly string[],
  { field, walk }: { readonly field: FormField; readonly walk: Walk },
): JsonValue {
  if (name === undefined) return inField(field, value, walk);
  const inner = isMembers(value) ? value[name] : undefined;
  if (inner === undefined) return value;
  return { ...(value as Members), [name]: inPath(inner, rest, { field, walk: deeper(walk, name) }) };
}

/** Names in a condition. */
export function conditionWithNames<TCondition>(condition: TCondition, rename: Rename): TCondition {
  return inJson(condition as JsonValue, "", { rename, path: "" }) as TCondition;
}
