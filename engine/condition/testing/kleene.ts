import { type Condition, type ConditionLeaf, isLeaf, type Operator } from "../../model/condition";
import { type Facts, type FactType, type FieldCatalogue, fieldOf } from "../../model/facts";
import { DAY_MS, isLocalDate, type LocalDate } from "../../model/time";

/** What facts are, and what day it is. */
export type World = { readonly fields: FieldCatalogue; readonly today: LocalDate };

/**
 * Kleene's logic as the textbook has it: -1 false, 0 unknown, 1 true; all = minimum, any = maximum, not = minus. Written for
 * tests alone and in another way than the product, so that agreement proves something.
 */
export function truthOf(condition: Condition, facts: Facts, world: World): number {
  if (isLeaf(condition)) return truthOfLeaf(condition, facts, world);
  if ("not" in condition) return -truthOf(condition.not, facts, world);
  const inner = ("all" in condition ? condition.all : condition.any).map((each) => truthOf(each, facts, world));
  return "all" in condition ? Math.min(...inner) : Math.max(...inner);
}

function isUsable(type: FactType, held: unknown): boolean {
  switch (type) {
    case "date":
      return typeof held === "string" && isLocalDate(held);
    case "enum":
    case "text":
      return typeof held === "string";
    case "boolean":
      return typeof held === "boolean";
    default:
      return Number.isFinite(held);
  }
}

function truthOfLeaf({ fact, operator, value }: ConditionLeaf, facts: Facts, { fields, today }: World): number {
  const held = Object.entries(facts).find(([name]) => name === fact)?.[1] ?? null;
  const type = fieldOf(fields, fact)?.type ?? "text";
  const usable = isUsable(type, held);
  if (operator === "isKnown") return (held !== null && usable) === value ? 1 : -1;
  if (held === null || !usable) return 0;
  const values = typeof value === "object" ? value : [value];
  const [first] = values;
  // ISO dates order as texts do, so this needs no integers.
  const text = String(held);
  const days = type === "date" ? (Date.parse(today) - Date.parse(text)) / DAY_MS : Number.NaN;
  const answers: { readonly [operator in Operator]: () => boolean } = {
    contains: () => text.includes(String(first)),
    notContains: () => !text.includes(String(first)),
    startsWith: () => text.startsWith(String(first)),
    matches: () => new RegExp(String(first)).test(text),
    withinLastDays: () => days >= 0 && days <= Number(first),
    beforeLastDays: () => days > Number(first),
    withinNextDays: () => days <= 0 && -days <= Number(first),
    afterNextDays: () => -days > Number(first),
    isKnown: () => first === true,
    equal: () => held === first,
    notEqual: () => held !== first,
    lessThan: () => first !== undefined && held < first,
    lessThanInclusive: () => first !== undefined && held <= first,
    greaterThan: () => first !== undefined && held > first,
    greaterThanInclusive: () => first !== undefined && held >= first,
    in: () => values.includes(held),
    notIn: () => !values.includes(held),
  };
  return answers[operator]() ? 1 : -1;
}
