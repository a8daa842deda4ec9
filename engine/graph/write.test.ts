import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../model/json";
import type { StrategyDoc } from "../model/strategy";
import { nodeDefinitions } from "../nodes";
import { strategyContentHash } from "./hash";
import { emptyStrategy } from "./new";
import { parseStrategy } from "./parse";
import { readStrategyText } from "./read";
import { drawn, exitStep, startStep, step, strategy } from "./testing/sample";
import { writeStrategy } from "./write";

function reread(text: string): StrategyDoc {
  const read = readStrategyText(text);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

/** The same data with every object's members in the opposite order. */
function backwards(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(backwards);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, backwards(member)]),
  );
}

const name = fc.oneof(
  fc.record({ "zh-CN": fc.string({ unit: "grapheme", maxLength: 12 }) }),
  fc.record({ en: fc.string({ unit: "grapheme", maxLength: 12 }), "zh-CN": fc.string({ maxLength: 5 }) }),
);
const knownData = fc.constantFrom(
  ...nodeDefinitions.flatMap(({ type, version, examples }) => examples.map((data) => ({ type, version, data }))),
);
const FORBIDDEN = ["__proto__", "constructor", "prototype"];
const foreignData = fc
  .dictionary(
    fc.string({ maxLength: 8 }).filter((key) => !FORBIDDEN.includes(key)),
    fc.oneof(
      fc.integer(),
      fc.string({ unit: "grapheme" }),
      fc.boolean(),
      fc.constant(null),
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    ),
    { maxKeys: 5 },
  )
  .map((data) => ({ type: "fax", version: 3, data }));
const anyStep = fc.record({
  made: fc.oneof(knownData, foreignData),
  name: fc.option(name, { nil: undefined }),
  note: fc.option(fc.string({ unit: "grapheme", maxLength: 20 }), { nil: undefined }),
});
const fact = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null));
const facts = fc.dictionary(fc.constantFrom("dpd", "stage", "var.rounds"), fact);
const scenario = fc.record({
  id: fc.constantFrom("a", "b"),
  name,
  startAt: fc.constant("2026-03-02T09:00:00+08:00"),
  facts,
  events: fc.array(fc.record({ type: fc.constant("facts.changed"), facts }), { maxLength: 2 }),
  expect: fc.constant({ exit: "completed" }),
});

const choice = fc.record({ value: fc.constantFrom("soft", "firm"), label: name });
const variable = fc.oneof(
  fc.record({ name: fc.constantFrom("rounds", "constructor"), type: fc.constant("integer"), initial: fc.integer() }),
  fc.record({ name: fc.constant("tone"), type: fc.constant("enum"), label: name, values: fc.array(choice) }),
);
const lenderField = fc.record({
  key: fc.constantFrom("custom.shop", "custom.tone"),
  type: fc.constantFrom("enum", "text"),
  label: name,
  values: fc.array(choice, { maxLength: 2 }),
  origin: fc.constant("column"),
  usableInRules: fc.boolean(),
});
const nodesOf = (steps: readonly { readonly made: object }[]) =>
  steps.map(({ made, ...texts }, index) => ({ id: `n${index}`, ...texts, ...made }));
const inside = fc
  .record({
    key: fc.constantFrom("calls", "letters"),
    name,
    variables: fc.array(variable, { maxLength: 2 }),
    steps: fc.array(anyStep, { minLength: 1, maxLength: 4 }),
  })
  .map(({ steps, ...rest }) => ({
    ...rest,
    entry: { node: "n0" },
    nodes: nodesOf(steps),
    edges: [{ id: "e1", from: { node: "n0", handle: "sent" }, to: "n1" }],
  }));

/** Documents of every step type, with names, notes, lines and positions, as untrusted data. */
const document = fc
  .record({
    name,
    description: fc.option(name, { nil: undefined }),
    steps: fc.array(anyStep, { minLength: 1, maxLength: 8 }),
    targets: fc.array(fc.nat(7), { maxLength: 6 }),
    positions: fc.array(fc.record({ x: fc.integer(), y: fc.double({ min: -1e6, max: 1e6, noNaN: true }) }), {
      maxLength: 8,
    }),
    tests: fc.array(scenario, { maxLength: 2 }),
    strategies: fc.array(inside, { maxLength: 2 }),
    settings: fc.record({
      variables: fc.array(variable, { maxLength: 2 }),
      fields: fc.array(lenderField, { maxLength: 2 }),
    }),
  })
  .map(({ steps, targets, positions, description, ...rest }) =>
    drawn({
      ...rest,
      ...(description === undefined ? {} : { description }),
      nodes: nodesOf(steps),
      edges: targets.map((to, index) => [`n${index}`, "sent", `n${to}`] as const),
      layout: {
        mode: "free",
        positions: Object.fromEntries(positions.map((position, index) => [`n${index}`, position])),
      },
    }),
  );

describe("a strategy's text", () => {
  test("is read and written again byte for byte", () => {
    fc.assert(
      fc.property(document, (value) => {
        const parsed = parseStrategy(value);
        expect(parsed).toMatchObject({ ok: true });
        if (!parsed.ok) return;
        const text = writeStrategy(parsed.value);
        const again = reread(text);
        expect(writeStrategy(again)).toBe(text);
        expect(again).toEqual(parsed.value);
        expect(strategyContentHash(again)).toBe(strategyContentHash(parsed.value));
      }),
    );
  });

  test("does not depend on the order in which members were written", () => {
    fc.assert(
      fc.property(document, (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as JsonValue;
        const [forth, back] = [parseStrategy(plain), parseStrategy(backwards(plain))];
        expect(forth.ok && back.ok && writeStrategy(forth.value) === writeStrategy(back.value)).toBe(true);
      }),
    );
  });

  test("has two spaces, members in reading order and a line feed at the end", () => {
    const text = writeStrategy(strategy());
    expect(text.endsWith("}\n")).toBe(true);
    expect(text.split("\n").slice(0, 8)).toEqual([
      "{",
      '  "$schema": "https://duecourse.org/schemas/strategy-2.schema.json",',
      '  "schemaVersion": 2,',
      '  "id": "strat_sample",',
      '  "key": "sample",',
      '  "name": {',
      '    "zh-CN": "样例",',
      '    "en": "Sample"',
    ]);
  });

  test("says defaults aloud, so that a short document and its full form are one", () => {
    const brief = strategy({
      nodes: [startStep(), step("text", "sms", { contentId: "", waitForDelivery: true }), exitStep("done")],
    });
    const [start, , done] = brief.nodes;
    if (start === undefined || done === undefined) throw new Error("three steps");
    const terse = {
      ...brief,
      nodes: [start, { id: "text", type: "sms", version: 1, data: { waitForDelivery: true, contentId: "" } }, done],
    };
    expect(writeStrategy(terse)).toBe(writeStrategy(brief));
    expect(strategyContentHash(terse)).toBe(strategyContentHash(brief));
  });
});

describe("a strategy's content hash", () => {
  const base = strategy();
  const hash = strategyContentHash(base);

  test("does not change by moving, naming, noting, framing, reordering or renaming lines", () => {
    const changed: StrategyDoc = {
      ...base,
      id: "strat_other",
      key: "other",
      name: { en: "Other" },
      description: { en: "Other" },
      nodes: base.nodes.map((node) => ({ ...node, name: { en: "Renamed" }, note: "why" })).reverse(),
      edges: base.edges.map((edge) => ({ ...edge, id: "line" })),
      frames: [{ id: "f", title: { en: "Frame" }, nodes: ["start"] }],
      notes: [{ id: "n", text: "note", position: { x: 1, y: 2 } }],
      layout: { mode: "free", positions: { start: { x: 5, y: 5 } } },
      tests: [
        {
          id: "case",
          name: { en: "Case" },
          startAt: "2026-03-02T09:00:00+08:00",
          party: "1",
          facts: {},
          events: [],
          expect: {},
        },
      ],
    };
    expect(strategyContentHash(changed)).toBe(hash);
  });

  test.each<[string, (doc: StrategyDoc) => StrategyDoc]>([
    [
      "a step's data",
      (doc) => ({
        ...doc,
        nodes: doc.nodes.map((node) => (node.id === "done" ? { ...node, data: { reason: "escalated" } } : node)),
      }),
    ],
    ["where a way on leads", (doc) => ({ ...doc, edges: doc.edges.map((edge) => ({ ...edge, to: "start" })) })],
    ["a strategy-wide exit", (doc) => ({ ...doc, settings: { ...doc.settings, exits: [] } })],
    ["the zone", (doc) => ({ ...doc, settings: { ...doc.settings, timeZone: "Asia/Taipei" } })],
    ["the entry", (doc) => ({ ...doc, entry: { node: "done" } })],
  ])("changes with %s", (_, change) => {
    expect(strategyContentHash(change(base))).not.toBe(hash);
  });

  test("changes with the order of rules, because the first that holds wins", () => {
    const rules = [
      { id: "a", when: { fact: "dpd", operator: "equal", value: 1 } },
      { id: "b", when: { fact: "dpd", operator: "equal", value: 2 } },
    ];
    const withRules = (ordered: readonly unknown[]): string =>
      strategyContentHash(
        strategy({ nodes: [startStep(), step("who", "branch", { rules: ordered }), exitStep("done")] }),
      );
    expect(withRules(rules)).not.toBe(withRules([...rules].reverse()));
  });
});

test("a new strategy reads back as it was made, for every market", () => {
  for (const market of ["cn", "us", "uk", "eu"] as const) {
    const made = emptyStrategy({ id: "strat_new", key: "new", name: { en: "New" }, market });
    expect(reread(writeStrategy(made))).toEqual(made);
  }
});
