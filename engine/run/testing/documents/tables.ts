import fc from "fast-check";
import type { ConditionLeaf } from "../../../model/condition";
import type { FactType, Field } from "../../../model/facts";
import type { JsonValue } from "../../../model/json";
import { AGGREGATES } from "../../../model/program";
import type { StrategyVariable } from "../../../model/variable";
import { leavesOver, valuesOf } from "./conditions";
import type { World } from "./world";

type Json = fc.Arbitrary<JsonValue>;

/** Plain JSON of what the engine's types call read-only. */
const plain = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value));

const ORDERED: readonly Field["type"][] = ["integer", "number", "money", "percent", "date"];

function questionAbout(field: Field): Json {
  return leavesOver([field]).map(({ operator, value }: ConditionLeaf) => plain({ operator, value }));
}

function simpleCell(field: Field): Json {
  if (!ORDERED.includes(field.type)) return questionAbout(field);
  const bound = fc.constantFrom(...valuesOf(field));
  const range = fc.record({ from: bound, fromInclusive: fc.boolean(), to: bound, toInclusive: fc.boolean() });
  return fc.oneof({ weight: 2, arbitrary: questionAbout(field) }, range.map(plain));
}

function pairOver(world: World): Json {
  return fc
    .tuple(fc.constantFrom("all", "any"), world.leaf, world.leaf)
    .map(([member, ...leaves]) => plain({ [member]: leaves }));
}

/** A cell of the column: a question about its fact, or a condition of its own where it has none. */
function cellOf(field: Field | null, world: World): Json {
  if (field === null)
    return fc.oneof(
      world.leaf.map(plain),
      world.leaf.map((leaf) => plain({ not: leaf })),
      pairOver(world),
    );
  const simple = simpleCell(field);
  return fc.oneof(
    { weight: 4, arbitrary: simple },
    fc.array(simple, { minLength: 2, maxLength: 3 }).map((oneOf) => plain({ oneOf })),
  );
}

const INPUTS_MAX = 3;
const ROWS_MAX = 4;
const WAYS = ["way-1", "way-2", "way-3"] as const;

/** Columns over facts and over nothing, rows of every sort of cell; outputs that write variables and one that chooses the way on. */
export function tableOver(world: World): Json {
  const column = fc.option(fc.constantFrom(...world.fields), { freq: 5 });
  const inputs = fc.array(column, { minLength: 1, maxLength: INPUTS_MAX });
  const written = fc.uniqueArray(fc.constantFrom(...world.variables), { selector: ({ name }) => name, maxLength: 2 });
  return fc
    .tuple(inputs, written, fc.boolean(), fc.integer({ min: 1, max: WAYS.length }))
    .chain(([fields, variables, decides, ways]) => {
      const cells = fc.tuple(...fields.map((field) => fc.option(cellOf(field, world), { freq: 2 })));
      const values = fc.tuple(
        ...variables.map((variable) => fc.option(world.valueInto({ ...variable, key: variable.name }), { freq: 4 })),
      );
      const way = fc.constantFrom(...WAYS.slice(0, ways));
      return fc.record({
        fields: fc.constant(fields),
        unknown: fc.tuple(...fields.map(() => fc.constantFrom("ask", "ask", "fails"))),
        variables: fc.constant(variables),
        aggregates: fc.tuple(...variables.map(() => fc.constantFrom(...AGGREGATES))),
        decides: fc.constant(decides),
        ways: fc.constant(ways),
        rows: fc.array(fc.record({ cells, values, way }), { minLength: 1, maxLength: ROWS_MAX }),
      });
    })
    .map(({ fields, unknown, variables, aggregates, decides, ways, rows }) =>
      plain({
        inputs: fields.map((field, index) => ({
          id: `in-${index}`,
          fact: field === null ? null : field.key,
          unknown: unknown[index],
        })),
        outputs: [
          ...variables.map(({ name }, index) => ({
            kind: "variable",
            id: `out-${index}`,
            variable: name,
            aggregate: aggregates[index],
          })),
          ...(decides ? [{ kind: "handle", id: "way" }] : []),
        ],
        ways: decides ? WAYS.slice(0, ways).map((id) => ({ id })) : [],
        rows: rows.map((row, index) => ({
          id: `row-${index + 1}`,
          cells: Object.fromEntries(row.cells.map((cell, at) => [`in-${at}`, cell])),
          outputs: {
            ...Object.fromEntries(row.values.map((value, at) => [`out-${at}`, value])),
            ...(decides ? { way: { way: row.way } } : {}),
          },
        })),
      }),
    );
}

const points = fc.constantFrom(-10, 0, 5, 10, 40, 2.5);
const BANDS = ["high", "middle", "low"] as const;
const FLOORS = [20, 5] as const;

/** Attributes with rules, weights and points; bands from the highest to the one without a floor. */
export function scorecardOver(world: World): Json {
  const attribute = fc.record({
    weight: fc.constantFrom(1, 0.1, 2.5, -1, 3),
    rules: fc.array(fc.record({ when: world.condition, points }), { minLength: 0, maxLength: 2 }),
    otherwise: points,
    unknown: fc.constantFrom(null, null, 0, -5),
  });
  return fc
    .record({
      attributes: fc.array(attribute, { minLength: 1, maxLength: 3 }),
      bands: fc.integer({ min: 1, max: BANDS.length }),
    })
    .map(({ attributes, bands }) =>
      plain({
        attributes: attributes.map(({ rules, ...own }, index) => ({
          ...own,
          id: `attribute-${index + 1}`,
          rules: rules.map((rule, at) => ({ ...rule, id: `rule-${at + 1}` })),
        })),
        bands: BANDS.slice(0, bands).map((id, index) => ({
          id,
          atLeast: index === bands - 1 ? null : (FLOORS[index] ?? null),
        })),
      }),
    );
}

/** Types between which values pass without a change of meaning. */
const ALIKE: readonly (readonly FactType[])[] = [
  ["integer", "number", "percent"],
  ["money"],
  ["date"],
  ["enum", "text"],
  ["boolean"],
];

function receiversOf({ type }: StrategyVariable, world: World): readonly string[] {
  const alike = ALIKE.find((types) => types.includes(type)) ?? [];
  return world.variables.filter((outer) => alike.includes(outer.type)).map(({ name }) => name);
}

/** A strategy inside, what goes into its variables, where they go on the way out, and its exits in any order. */
export function useOver(world: World): Json {
  const uses = world.outlines.map((outline) => {
    const inputs = fc.record(
      Object.fromEntries(outline.variables.map((own) => [own.name, world.valueInto({ ...own, key: own.name })])),
      { requiredKeys: [] },
    );
    const receivers = outline.variables.map((own) => [own.name, receiversOf(own, world)] as const);
    const outputs = fc.record(
      Object.fromEntries(
        receivers.filter(([, names]) => names.length > 0).map(([name, names]) => [name, fc.constantFrom(...names)]),
      ),
      { requiredKeys: [] },
    );
    const exits = fc.shuffledSubarray([...outline.exits], { minLength: outline.exits.length });
    return fc
      .record({ inputs, outputs, exits })
      .map((drawn) => plain({ ...drawn, strategy: outline.key, exits: drawn.exits.map((id) => ({ id })) }));
  });
  return fc.oneof(...uses);
}
