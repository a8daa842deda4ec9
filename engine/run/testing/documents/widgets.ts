import fc from "fast-check";
import type { FactType, Field } from "../../../model/facts";
import type { JsonValue } from "../../../model/json";
import type { FormField } from "../../../nodes/define";
import { scorecardOver, tableOver, useOver } from "./tables";
import type { World } from "./world";

type Json = fc.Arbitrary<JsonValue>;
type Widget = (field: FormField, world: World) => Json;

/** Plain JSON of what the engine's types call read-only. */
const plain = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value));

/** Those of the values that lie within the field's bounds, and the bounds themselves. */
function within({ minimum, maximum }: FormField, usual: readonly number[]): Json {
  const low = minimum ?? 0;
  const high = maximum ?? Math.max(...usual);
  const inside = usual.filter((value) => value >= low && value <= high);
  return fc.oneof(
    fc.constantFrom(low, ...inside),
    { weight: 5, arbitrary: fc.constantFrom(low, ...inside) },
    fc.constant(high),
  );
}

/** Names of queues, integrations and experiments, and words of people. */
const NAMES = ["m1-team", "north", "constructor"] as const;
const WORDS = ["华东 team", "M2", ""] as const;
const IDS = ["rule-1", "rule-2", "rule-3"] as const;
const ANSWERS = ["yes", "no", "maybe"] as const;
const ARMS = ["champion", "challenger", "third", "fourth"] as const;
const ARMS_WHOLE = 10_000;
/** Names of values answers carry; the last is one every object inherits. */
export const ANSWER_VALUES = ["amount", "date", "flag", "constructor"] as const;

const ofTypes = (fields: readonly Field[], types: readonly FactType[] | undefined): readonly Field[] =>
  types === undefined ? fields : fields.filter(({ type }) => types.includes(type));

const factsOf = ({ factTypes }: FormField, world: World) =>
  fc.constantFrom(...ofTypes(world.fields, factTypes).map(({ key }) => key));

function contentsFor({ channel }: FormField, world: World): Json {
  const fitting = Object.values(world.context.contents).filter(
    (known) => channel === undefined || known.channel === channel,
  );
  // Not chosen: fine where a text may be left out, refused elsewhere.
  return fc.constantFrom("", ...fitting.map(({ id }) => id));
}

/** Weights that make up the whole; an arm may get nothing. */
const weights: Json = fc
  .array(fc.constantFrom<number[]>(0, 1, 3, 9), { minLength: 2, maxLength: ARMS.length })
  .map((parts) => {
    const sum = parts.reduce((left, right) => left + right, 0);
    let left = ARMS_WHOLE;
    return parts.map((part, index) => {
      const weight = index === parts.length - 1 ? left : sum === 0 ? 0 : Math.floor((part * ARMS_WHOLE) / sum);
      left -= weight;
      return { id: ARMS[index] ?? "", weight };
    });
  });

function assignmentsOver(world: World): Json {
  const one = fc.oneof(
    ...world.variables.map((variable) =>
      world.valueInto({ ...variable, key: variable.name }).map((value) => ({ variable: variable.name, value })),
    ),
  );
  return fc.array(one, { minLength: 1, maxLength: 3 }).map(plain);
}

function receivedOver(world: World): Json {
  const one = fc.record({
    name: fc.constantFrom(...ANSWER_VALUES),
    variable: fc.constantFrom(...world.variables.map(({ name }) => name)),
  });
  return fc.uniqueArray(one, { selector: ({ variable }) => variable, maxLength: 3 });
}

function someOf(options: readonly string[], minLength: number): Json {
  return fc.subarray([...options], { minLength });
}

/**
 * What an author may put into each widget of the inspector. A widget nobody can draw yet does not compile, and a new step type is
 * drawn as soon as it is registered: its form says all there is to know.
 */
export const WIDGETS: { readonly [widget in FormField["widget"]]: Widget } = {
  text: () => fc.constantFrom(...NAMES, ...NAMES, ...WORDS),
  integer: (field) => within(field, [0, 1, 2, 3, 7, 24, 30, 90]),
  "duration-minutes": (field) => within(field, [1, 5, 60, 1440, 10_080, 43_200]),
  "local-time": () => fc.constantFrom("00:00", "09:00", "23:59", ""),
  date: () => fc.constantFrom("2025-12-01", "2026-01-05", "2026-02-01", "2026-02-28"),
  choice: ({ options = [] }) => fc.constantFrom(...options),
  toggle: () => fc.boolean(),
  content: contentsFor,
  lexicon: (_field, world) => fc.constantFrom(...world.context.lexicons),
  // Not written yet: fine where a step may do without, refused elsewhere.
  condition: (_field, world) => fc.option(world.condition, { freq: 4 }).map(plain),
  rules: (_field, world) =>
    fc
      .array(world.condition, { maxLength: IDS.length })
      .map((whens) => plain(whens.map((when, index) => ({ id: IDS[index], when })))),
  weights: () => weights,
  "retry-gaps": (field) =>
    fc
      .record(Object.fromEntries((field.options ?? []).map((outcome) => [outcome, within(field, [5, 60, 1440])])), {
        requiredKeys: [],
      })
      .map(plain),
  "event-list": ({ options = [] }) => someOf(options, 1),
  choices: ({ options = [] }) => someOf(options, 0),
  number: (field) => within(field, [-2.5, 0, 0.1, 1, 20]),
  percent: (field) => within(field, [0, 0.01, 0.24, 0.3, 0.5, 0.9, 1]),
  amount: (field) => within(field, [0, 1, 100, 20_000, 5_000_000]),
  fact: factsOf,
  facts: (field, world) => fc.uniqueArray(factsOf(field, world), { maxLength: 4 }),
  variable: ({ factTypes }, world) =>
    fc.constantFrom(
      "",
      ...world.variables.filter(({ type }) => factTypes?.includes(type) ?? true).map(({ name }) => name),
    ),
  value: ({ factTypes: [type = "text"] = [] }, world) => world.valueInto({ key: "value", type }).map(plain),
  "value-map": (_field, world) =>
    fc.dictionary(fc.constantFrom(...ANSWER_VALUES), world.valueInto({ key: "value", type: "money" })).map(plain),
  assignments: (_field, world) => assignmentsOver(world),
  receive: (_field, world) => receivedOver(world),
  answers: () => fc.subarray([...ANSWERS], { minLength: 1 }).map((ids) => ids.map((id) => ({ id }))),
  table: (_field, world) => tableOver(world),
  scorecard: (_field, world) => scorecardOver(world),
  "sub-strategy": (_field, world) => useOver(world),
};
