import fc from "fast-check";
import type { FactType, Field } from "../../../model/facts";
import { VALUE_DEPTH_MAX, type ValueOperator, type ValueSpec } from "../../../model/value";
import { valuesOf } from "./conditions";

type Values = fc.Arbitrary<ValueSpec>;

const factsOfTypes = (fields: readonly Field[], types: readonly FactType[]): readonly ValueSpec[] =>
  fields.filter(({ type }) => types.includes(type)).map(({ key }) => ({ fact: key }));
const literals = (...values: readonly (number | string | boolean | null)[]): readonly ValueSpec[] =>
  values.map((literal) => ({ literal }));

/** What a target of a type may be given from the fields: written down, read, reckoned, or unknown. */
export type ValuesInto = (target: Pick<Field, "key" | "type" | "values">) => Values;

function reckoned(operator: readonly ValueOperator[], of: fc.Arbitrary<ValueSpec[]>): Values {
  return fc.record({ operator: fc.constantFrom(...operator), of });
}

/** Amounts and plain numbers, reckoned from each other the way amounts and plain numbers may be. */
function numbersOver(fields: readonly Field[]): { readonly money: Values; readonly number: Values } {
  const depth = {
    maxDepth: VALUE_DEPTH_MAX - 1,
    depthIdentifier: fc.createDepthIdentifier(),
    depthSize: "small",
  } as const;
  return fc.letrec<{ money: ValueSpec; number: ValueSpec }>((tie) => {
    const alike = (kind: "money" | "number") =>
      reckoned(["add", "subtract", "min", "max"], fc.array(tie(kind), { minLength: 1, maxLength: 3 }));
    return {
      money: fc.oneof(
        depth,
        fc.constantFrom(...factsOfTypes(fields, ["money"]), ...literals(0, 100, 50_000)),
        alike("money"),
        reckoned(["multiply", "divide"], fc.tuple(tie("money"), tie("number"))),
      ),
      number: fc.oneof(
        depth,
        fc.constantFrom(
          ...factsOfTypes(fields, ["integer", "number", "percent"]),
          ...literals(1, -2, 0.5, Number.MAX_SAFE_INTEGER),
        ),
        alike("number"),
        reckoned(["multiply", "divide"], fc.tuple(tie("number"), tie("number"))),
        reckoned(["divide"], fc.tuple(tie("money"), tie("money"))),
      ),
    };
  });
}

/** Values for targets of every type, made from the fields. Now and then they make no sense; lint says so. */
export function valuesOver(fields: readonly Field[]): ValuesInto {
  const { money, number } = numbersOver(fields);
  const days = fc.constantFrom(-400, -1, 0, 7, 400).map((todayPlusDays): ValueSpec => ({ todayPlusDays }));
  const known = (types: readonly FactType[]) =>
    fc.constantFrom<ValueSpec>(...literals(null), ...factsOfTypes(fields, types));
  const OF_TYPE: { readonly [type in FactType]: Values } = {
    integer: number,
    number,
    percent: number,
    money,
    date: fc.oneof(days, known(["date"])),
    enum: known(["enum", "text"]),
    text: known(["enum", "text"]),
    boolean: known(["boolean"]),
  };
  return (target) =>
    fc.oneof(fc.constantFrom(...literals(...valuesOf(target))), { weight: 2, arbitrary: OF_TYPE[target.type] });
}
