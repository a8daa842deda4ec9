import { type RuleValue, ruleValue } from "../../compile/rule-value";
import { type Condition, type ConditionLeaf, childrenOf, isLeaf } from "../../model/condition";
import type { RuleFactType, RuleSet } from "../../model/program";
import { variableOfFact } from "../../model/variable";
import { linkCondition } from "../predicate";
import { type Block, numeral } from "./pool";
import type { SiteFacts } from "./sink";

/** Rule sets with more questions than this are asked through closures: V8 does not optimise functions of any length. */
export const INLINE_LEAVES_MAX = 200;
/** Lists up to this long are compared one by one, longer ones looked up. */
const INLINE_LIST_MAX = 8;

/** A rule set as source: statements to go before, and two expressions a rule. When neither is true, the rule is unknown. */
export type RuleSource = {
  /** Reads the facts into locals. */
  readonly read: string;
  /** Writes down what was read, for the one decision that is recorded after it. */
  readonly keep: string;
  readonly facts: SiteFacts;
  /** Whether the same facts give the same answer at any time: no variables are read, and no closure is asked, which may look at the clock. */
  readonly byFactsAlone: boolean;
  readonly rules: readonly {
    readonly rule: string;
    readonly outcome: string;
    readonly holds: string;
    readonly fails: string;
  }[];
};

/** `holds` and `fails` as expressions without side effects. */
type Sides = { readonly holds: string; readonly fails: string };

/** A fact in a local: `value` as it came, `compared` as rules compare it (a number that is NaN when unknown, or null). */
type Local = { readonly value: string; readonly compared: string; readonly type: RuleFactType };

type Writing = {
  readonly block: Block;
  readonly locals: ReadonlyMap<string, Local>;
  readonly types: RuleSet["types"];
  /** Told when a question is asked through a closure. */
  readonly asksClosure: () => void;
};

/** Writes a rule set. Its conditions are the authored ones of `order`, as in the linked executor. */
export function ruleSource(ruleSet: RuleSet, block: Block): RuleSource {
  const leaves = ruleSet.order.reduce((sum, { when }) => sum + leavesOf(when), 0);
  if (leaves > INLINE_LEAVES_MAX) return closureSource(ruleSet, block);
  const asked = new Set([...ruleSet.facts, ...ruleSet.order.flatMap(({ when }) => factsOf(when))]);
  const locals = new Map<string, Local>();
  for (const fact of asked) {
    const index = locals.size;
    locals.set(fact, { value: `a${index}`, compared: `n${index}`, type: ruleSet.types[fact] ?? "text" });
  }
  let byFactsAlone = [...asked].every((fact) => variableOfFact(fact) === null);
  const asksClosure = (): void => {
    byFactsAlone = false;
  };
  const writing = { block, locals, types: ruleSet.types, asksClosure };
  const rules = ruleSet.order.map(({ rule, outcome, when }) => ({ rule, outcome, ...sidesOf(when, writing) }));
  const read = [...locals].map(([fact, local]) => readSource(fact, local, block)).join("\n");
  return { read, rules, byFactsAlone, ...keepSource(ruleSet, locals) };
}

function leavesOf(condition: Condition): number {
  return isLeaf(condition) ? 1 : childrenOf(condition).reduce((sum, child) => sum + leavesOf(child), 0);
}

function factsOf(condition: Condition): readonly string[] {
  return isLeaf(condition) ? [condition.fact] : childrenOf(condition).flatMap(factsOf);
}

/**
 * The checks of type also keep out what a name inherits from Object.prototype (`constructor`): those are functions and objects,
 * and no rule type is.
 */
function readSource(fact: string, { value, compared, type }: Local, block: Block): string {
  const variable = variableOfFact(fact);
  const look = variable === null ? `facts[${block.constant(fact)}]` : `Q.vars[${block.constant(variable)}]`;
  const compare = {
    number: `typeof ${value} === "number" && ${value} - ${value} === 0 ? ${value} : NaN`,
    date: `typeof ${value} === "string" ? dateOf(${value}) : NaN`,
    text: `typeof ${value} === "string" ? ${value} : null`,
    boolean: `typeof ${value} === "boolean" ? ${value} : null`,
  }[type];
  return `const ${value} = ${look}, ${compared} = ${compare};`;
}

function isNumeric(type: RuleFactType): boolean {
  return type === "number" || type === "date";
}

function keepSource({ facts }: RuleSet, locals: ReadonlyMap<string, Local>): Pick<RuleSource, "keep" | "facts"> {
  if (facts.length === 0) return { keep: "", facts: null };
  const writes = facts.map((fact, index) => {
    const local = locals.get(fact);
    if (local === undefined) return "";
    const { value, compared, type } = local;
    const kept = isNumeric(type) ? `${compared} === ${compared} ? ${value} : null` : compared;
    return `V[vn + ${index}] = ${kept};`;
  });
  return { keep: `${writes.join(" ")} vn += ${facts.length};`, facts: { list: facts } };
}

/** For rule sets that are too long to be written out. */
function closureSource(ruleSet: RuleSet, block: Block): RuleSource {
  const rules = ruleSet.order.map(({ rule, outcome, when }) => ({
    rule,
    outcome,
    ...closureSides(when, { block, types: ruleSet.types }),
  }));
  return {
    read: "",
    keep: `keepRead(factsReadOf(${block.constant(ruleSet)}, Q));`,
    facts: "object",
    byFactsAlone: false,
    rules,
  };
}

/** A question asked through the linked executor's own closure: 1 is true, 0 false. */
function closureSides(condition: Condition, { block, types }: Pick<Writing, "block" | "types">): Sides {
  const asked = `${block.constant(linkCondition(condition, types))}(Q)`;
  return { holds: `${asked} === 1`, fails: `${asked} === 0` };
}

function sidesOf(condition: Condition, writing: Writing): Sides {
  if (isLeaf(condition)) return leafSides(condition, writing);
  if ("not" in condition) {
    const { holds, fails } = sidesOf(condition.not, writing);
    return { holds: fails, fails: holds };
  }
  const operands = childrenOf(condition).map((operand) => sidesOf(operand, writing));
  const [every, some] = "all" in condition ? (["holds", "fails"] as const) : (["fails", "holds"] as const);
  const joined = {
    [every]: joinedBy(
      "&&",
      operands.map((operand) => operand[every]),
    ),
    [some]: joinedBy(
      "||",
      operands.map((operand) => operand[some]),
    ),
  };
  return { holds: joined.holds ?? "false", fails: joined.fails ?? "false" };
}

/** An empty `all` holds and an empty `any` fails, as everywhere. */
function joinedBy(operator: "&&" | "||", operands: readonly string[]): string {
  if (operands.length === 0) return operator === "&&" ? "true" : "false";
  return `(${operands.join(` ${operator} `)})`;
}

function leafSides(leaf: ConditionLeaf, writing: Writing): Sides {
  const local = writing.locals.get(leaf.fact);
  const sides = local === undefined ? null : inlineSides(leaf, local, writing.block);
  if (sides !== null) return sides;
  writing.asksClosure();
  return closureSides(leaf, writing);
}

/** Operators that stand in the source as they are; `known` is asked where a comparison with "unknown" would not be false itself. */
function inlineSides(leaf: ConditionLeaf, { compared, type }: Local, block: Block): Sides | null {
  const known = isNumeric(type) ? `${compared} === ${compared}` : `${compared} !== null`;
  if (typeof leaf.value === "object") return listSides(leaf, { compared, known, type }, block);
  const bound = ruleValue(type, leaf.value);
  if (bound === null) return null;
  const written = scalarSource(bound, block);
  const equal = `${compared} === ${written}`;
  const unequal = `(${known} && ${compared} !== ${written})`;
  if (leaf.operator === "equal") return { holds: equal, fails: unequal };
  if (leaf.operator === "notEqual") return { holds: unequal, fails: equal };
  const order = ORDERS.get(leaf.operator);
  if (order === undefined || !isNumeric(type)) return null;
  return { holds: `${compared} ${order.holds} ${written}`, fails: `${compared} ${order.fails} ${written}` };
}

/** Both comparisons are false for NaN. */
const ORDERS: ReadonlyMap<string, Sides> = new Map([
  ["lessThan", { holds: "<", fails: ">=" }],
  ["lessThanInclusive", { holds: "<=", fails: ">" }],
  ["greaterThan", { holds: ">", fails: "<=" }],
  ["greaterThanInclusive", { holds: ">=", fails: "<" }],
]);

type Listed = { readonly compared: string; readonly known: string; readonly type: RuleFactType };

function listSides(leaf: ConditionLeaf, { compared, known, type }: Listed, block: Block): Sides | null {
  if (leaf.operator !== "in" && leaf.operator !== "notIn") return null;
  const given: readonly unknown[] = typeof leaf.value === "object" ? leaf.value : [];
  const values = given.flatMap((value) => {
    const bound = ruleValue(type, value as RuleValue);
    return bound === null ? [] : [bound];
  });
  const listed =
    values.length > INLINE_LIST_MAX
      ? `${block.constant(new Set(values))}.has(${compared})`
      : joinedBy(
          "||",
          values.map((value) => `${compared} === ${scalarSource(value, block)}`),
        );
  const unlisted = `(${known} && !${listed.startsWith("(") ? listed : `(${listed})`})`;
  return leaf.operator === "in" ? { holds: listed, fails: unlisted } : { holds: unlisted, fails: listed };
}

/** Numbers and truth values stand in the source, texts never do. */
function scalarSource(value: number | string | boolean, block: Block): string {
  if (typeof value === "string") return block.constant(value);
  return typeof value === "boolean" ? String(value) : numeral(value);
}
