import {
  type Condition,
  type ConditionLeaf,
  type ConditionScalar,
  type FactType,
  type Field,
  isLeaf,
  isRelativeDate,
  type Operator,
  operatorsFor,
  takesList,
} from "#engine";

/**
 * A condition as the builder shows it: groups and questions, each of which may be denied. "Not" is a mark on what it
 * denies rather than a level of its own, because that is how people say it.
 */
export type ConditionView =
  | { readonly kind: "leaf"; readonly denied: boolean; readonly leaf: ConditionLeaf }
  | {
      readonly kind: "group";
      readonly denied: boolean;
      readonly join: "all" | "any";
      readonly items: readonly ConditionView[];
    };

/** Indexes of items from the root down. */
export type ViewPath = readonly number[];

type Fields = { readonly [key: string]: Field };

export function viewOfCondition(condition: Condition): ConditionView {
  if (isLeaf(condition)) return { kind: "leaf", denied: false, leaf: condition };
  if ("not" in condition) {
    const inner = viewOfCondition(condition.not);
    return { ...inner, denied: !inner.denied };
  }
  const join = "all" in condition ? "all" : "any";
  const items = "all" in condition ? condition.all : condition.any;
  return { kind: "group", denied: false, join, items: items.map(viewOfCondition) };
}

function plain(view: ConditionView): Condition | null {
  if (view.kind === "leaf") return view.leaf;
  const items = view.items.flatMap((item) => conditionOfView(item) ?? []);
  if (items.length === 0) return null;
  return view.join === "all" ? { all: items } : { any: items };
}

/** The condition a view stands for; null when nothing is asked any more. Groups that became empty are left out. */
export function conditionOfView(view: ConditionView): Condition | null {
  const condition = plain(view);
  return condition === null || !view.denied ? condition : { not: condition };
}

/** The view with what stands at a path replaced, or taken away by null; a group that becomes empty goes too. */
export function editAt(
  view: ConditionView,
  path: ViewPath,
  edit: (found: ConditionView) => ConditionView | null,
): ConditionView | null {
  const [index, ...rest] = path;
  if (index === undefined) return edit(view);
  if (view.kind === "leaf") return view;
  const items = view.items.flatMap((item, position) =>
    position === index ? (editAt(item, rest, edit) ?? []) : [item],
  );
  return items.length === 0 ? null : { ...view, items };
}

/** The root as a group, so that a second question can stand beside a single one. */
export function asGroup(view: ConditionView): Extract<ConditionView, { readonly kind: "group" }> {
  return view.kind === "group" ? view : { kind: "group", denied: false, join: "all", items: [view] };
}

export function addItem(view: ConditionView, path: ViewPath, item: ConditionView): ConditionView {
  const added = editAt(view, path, (found) => {
    const group = asGroup(found);
    return { ...group, items: [...group.items, item] };
  });
  return added ?? item;
}

export function depthOf(view: ConditionView): number {
  const own = view.denied ? 1 : 0;
  if (view.kind === "leaf") return own + 1;
  return own + 1 + Math.max(0, ...view.items.map(depthOf));
}

/** Fields a rule may read, in the order of the catalogue. */
export function usableFields(fields: Fields): readonly Field[] {
  return Object.values(fields).filter((field) => field.usableInRules);
}

const FIRST_VALUE: { readonly [type in FactType]: ConditionScalar } = {
  integer: 0,
  number: 0,
  money: 0,
  percent: 0,
  date: "2026-01-01",
  enum: "",
  text: "",
  boolean: true,
};

function firstValue(field: Field): ConditionScalar {
  const listed = field.values?.[0]?.value;
  if (listed !== undefined) return listed;
  const value = FIRST_VALUE[field.type];
  return typeof value === "number" && field.minimum !== undefined ? Math.max(value, field.minimum) : value;
}

const ORDERED_FIRST: Operator = "greaterThanInclusive";

/** A first question about a field: "at least" where values have an order, "is" where they have none. */
export function firstQuestion(field: Field): ConditionLeaf {
  const operators = operatorsFor(field.type);
  const operator = operators.includes(ORDERED_FIRST) ? ORDERED_FIRST : (operators[0] ?? "equal");
  return { fact: field.key, operator, value: firstValue(field) };
}

/** The question with another field; what was asked of the old one stays where it fits the new one. */
export function withField(leaf: ConditionLeaf, from: Field | undefined, to: Field): ConditionLeaf {
  const sameKind = from !== undefined && from.type === to.type && from.values === undefined && to.values === undefined;
  return sameKind ? { ...leaf, fact: to.key } : firstQuestion(to);
}

/** Whether an operator asks no more than whether there is a value. */
export function asksWhetherKnown(operator: Operator): boolean {
  return operator === "isKnown";
}

/** Whether an operator's value is a pattern. */
export function isPattern(operator: Operator): boolean {
  return operator === "matches";
}

/** A week: where a first question about a date relative to today begins. */
const FIRST_DAYS = 7;

/** Kinds of values operators take; a value goes on only between operators of one kind. */
function valueKind(operator: Operator): "days" | "known" | "value" {
  if (isRelativeDate(operator)) return "days";
  return asksWhetherKnown(operator) ? "known" : "value";
}

/**
 * The question with another operator. A list becomes its first value and one value becomes a list of it; a number of days and
 * "is known" have values of their own, which say nothing about the fact's.
 */
export function withOperator(leaf: ConditionLeaf, operator: Operator, field: Field | undefined): ConditionLeaf {
  const kind = valueKind(operator);
  const single = typeof leaf.value === "object" ? (leaf.value[0] ?? "") : leaf.value;
  if (kind !== valueKind(leaf.operator)) {
    const values = { days: FIRST_DAYS, known: true, value: field === undefined ? "" : firstValue(field) };
    return { ...leaf, operator, value: takesList(operator) ? [values[kind]] : values[kind] };
  }
  if (takesList(operator)) return { ...leaf, operator, value: typeof leaf.value === "object" ? leaf.value : [single] };
  return { ...leaf, operator, value: single };
}
