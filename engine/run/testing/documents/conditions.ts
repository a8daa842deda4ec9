import fc from "fast-check";
import { isRelativeDate, operatorsFor, takesList } from "../../../condition/operators";
import { type Condition, type ConditionLeaf, KNOWN_OPERATOR, type Operator } from "../../../model/condition";
import type { FactType, FactValue, Field } from "../../../model/facts";

type Known = NonNullable<FactValue>;

/** Values a fact may have in rules and in accounts alike, so that rules meet their bounds often. */
const VALUES_OF_FACT: { readonly [fact: string]: readonly Known[] } = {
  dpd: [-5, 0, 1, 30, 31, 90],
  score: [-1.5, 0, 0.1, 600],
  region: ["", "华东", "constructor", "east"],
  constructor: ["a", "b"],
  payday: [1, 15, 31],
};
const VALUES_OF_TYPE: { readonly [type in FactType]: readonly Known[] } = {
  integer: [0, 1, 3, 7],
  number: [-1.5, 0, 0.1, 20],
  money: [0, 1, 50_000, 5_000_000],
  percent: [0, 0.24, 0.36, 0.9, 1],
  date: ["2025-12-31", "2026-01-01", "2026-01-09", "2026-02-28", "2027-06-01", "2028-03-01"],
  enum: ["a"],
  text: ["new", "east", "constructor"],
  boolean: [true, false],
};

/** Values of a field that rules and accounts may have. */
export function valuesOf({ key, type, values }: Pick<Field, "key" | "type" | "values">): readonly Known[] {
  if (values !== undefined) return values.map(({ value }) => value);
  return (Object.hasOwn(VALUES_OF_FACT, key) ? VALUES_OF_FACT[key] : undefined) ?? VALUES_OF_TYPE[type];
}

/** Patterns RE2 and JavaScript read alike. */
const PATTERNS = ["^华", "东$", "e.*t", "[a-z]+", "constructor", ""] as const;
const DAYS = [0, 1, 7, 31, 90] as const;

function leafOver(field: Field): fc.Arbitrary<ConditionLeaf> {
  const [first = "equal", ...others] = operatorsFor(field.type);
  const one = fc.constantFrom(...valuesOf(field));
  return fc
    .record({
      operator: fc.constantFrom<Operator>(first, ...others),
      one,
      several: fc.array(one, { minLength: 1, maxLength: 3 }),
      pattern: fc.constantFrom(...PATTERNS),
      days: fc.constantFrom(...DAYS),
      known: fc.boolean(),
    })
    .map((drawn) => ({ fact: field.key, operator: drawn.operator, value: asked(drawn) }));
}

type Drawn = {
  readonly operator: Operator;
  readonly one: Known;
  readonly several: readonly Known[];
  readonly pattern: string;
  readonly days: number;
  readonly known: boolean;
};

function asked({ operator, one, several, pattern, days, known }: Drawn): ConditionLeaf["value"] {
  if (operator === KNOWN_OPERATOR) return known;
  if (isRelativeDate(operator)) return days;
  if (operator === "matches") return pattern;
  return takesList(operator) ? several : one;
}

/** A question about one of the fields, by any operator of its type. */
export function leavesOver(fields: readonly Field[]): fc.Arbitrary<ConditionLeaf> {
  return fc.oneof(...fields.map(leafOver));
}

/** A condition over the fields, nested. */
export function conditionsOver(fields: readonly Field[]): fc.Arbitrary<Condition> {
  const leaf = leavesOver(fields);
  return fc.letrec<{ condition: Condition }>((tie) => {
    const several = fc.array(tie("condition"), { minLength: 1, maxLength: 3 });
    return {
      condition: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf,
        several.map((all) => ({ all })),
        several.map((any) => ({ any })),
        tie("condition").map((not) => ({ not })),
      ),
    };
  }).condition;
}
