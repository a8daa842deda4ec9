import { describe, expect, test } from "vitest";
import { compileStrategy } from "../../compile/compile";
import type { Facts, FactValue } from "../../model/facts";
import { LOCALES } from "../../model/locale";
import { EXECUTORS, story } from "../../run/testing/both-executors";
import { issueText } from "../issue-text";
import { samplePack } from "../testing/sample";
import { writeStrategy } from "../write";
import { importJdm } from "./import-jdm";
import { jdmIssueTexts } from "./texts";

const MADE = { id: "strat_jdm", key: "jdm", name: { en: "Imported" } };

type Drawn = { readonly id: string; readonly type: string; readonly content?: object };

/** A decision graph in which the nodes follow each other, unless edges are given. */
function graph(
  nodes: readonly Drawn[],
  more: { readonly edges?: readonly object[]; readonly tests?: readonly object[] } = {},
) {
  const all = [{ id: "in", type: "inputNode" }, ...nodes];
  const edges = all.slice(1).map((node, index) => ({ id: `e${index}`, sourceId: all[index]?.id, targetId: node.id }));
  return JSON.stringify({ nodes: all.map((node) => ({ name: node.id, ...node })), edges, tests: [], ...more });
}

/** What a node may do beside its table. */
const PASS = { passThrough: true };
const COLLECT = { hitPolicy: "collect" };
const LOOP = { executionMode: "loop", inputField: "items" };

type Cells = readonly (string | undefined)[];

/** A table: the fields of its columns, those it writes, and its rows of cells in that order. */
function tableNode(
  id: string,
  { inputs: asked, outputs: set, ...more }: { readonly inputs: readonly string[]; readonly outputs: readonly string[] },
  rows: readonly Cells[],
): Drawn {
  const inputs = asked.map((field, at) => ({ id: `i${at}`, name: field, field }));
  const outputs = set.map((field, at) => ({ id: `o${at}`, name: field, field }));
  const ids = [...inputs, ...outputs].map((column) => column.id);
  const rules = rows.map((cells) =>
    Object.fromEntries(cells.flatMap((cell, at) => (cell === undefined ? [] : [[ids[at], cell]]))),
  );
  return { id, type: "decisionTableNode", content: { hitPolicy: "first", inputs, outputs, rules, ...more } };
}

function refusals(text: string): readonly string[] {
  const read = importJdm(text, MADE);
  return read.ok ? [] : read.error.map(({ code, params }) => `${code} ${params.node ?? ""}${params.at ?? ""}`);
}

/** Runs an imported graph on an account whose fields hold the given values, in both executors. */
async function answers(text: string, facts: Facts) {
  const read = importJdm(text, MADE);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const compiled = compileStrategy(read.value.doc, samplePack);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const ends = await Promise.all(
    EXECUTORS.map(async ([, link]) => (await story(link, compiled.value).start(facts)).state),
  );
  const [first, second] = ends;
  expect(first).toEqual(second);
  const { answers: known } = read.value;
  const answer = known.find(({ exit }) => exit === first?.nodeId);
  return Object.fromEntries((answer?.outputs ?? []).map(({ path, variable }) => [path, first?.vars[variable] ?? null]));
}

describe("a decision table", () => {
  const text = graph([
    tableNode("risk", { inputs: ["person.age", "person.city", ""], outputs: ["result.level", "result.fee"] }, [
      ["[18..30)", "'A', 'B'", "", "'young'", "10"],
      [">= 30 and <= 40", "!= 'A'", "person.vip", "'middle'", "20"],
      ["> 90, < 5", "", "", "'extreme'", ""],
      ["null", "contains($, 'x') or startsWith($, 'y')", "", "'nobody'", "30"],
      ["", "", "", "'rest'", "null"],
    ]),
  ]);
  const run = (age: FactValue, city: FactValue, vip: FactValue = null) =>
    answers(text, { "custom.person_age": age, "custom.person_city": city, "custom.person_vip": vip });

  test("answers as ZEN does, missing values and all", async () => {
    expect(await run(18, "B")).toEqual({ "result.level": "young", "result.fee": 10 });
    expect(await run(30, "B", true)).toEqual({ "result.level": "middle", "result.fee": 20 });
    // Nothing is not 'A', so `!= 'A'` holds for it; but nothing is neither yes nor no.
    expect(await run(35, null, true)).toEqual({ "result.level": "middle", "result.fee": 20 });
    expect(await run(35, null)).toEqual({ "result.level": "rest", "result.fee": null });
    expect(await run(95, null)).toEqual({ "result.level": "extreme", "result.fee": null });
    expect(await run(null, "yes")).toEqual({ "result.level": "nobody", "result.fee": 30 });
    expect(await run(null, null)).toEqual({ "result.level": "rest", "result.fee": null });
  });

  test("becomes a table that reads like the one it came from", () => {
    const read = importJdm(text, MADE);
    const step = read.ok ? read.value.doc.nodes.find(({ id }) => id === "risk") : undefined;
    expect(step?.data).toMatchObject({
      hitPolicy: "first",
      table: {
        inputs: [
          { fact: "custom.person_age", unknown: "fails" },
          { fact: "custom.person_city", unknown: "fails" },
          { id: "also", fact: null },
        ],
        rows: [
          {
            id: "r1",
            cells: {
              c1: { from: 18, fromInclusive: true, to: 30, toInclusive: false },
              c2: { operator: "in", value: ["A", "B"] },
            },
          },
          {
            cells: {
              c1: { from: 30, to: 40, toInclusive: true },
              c2: {
                oneOf: [
                  { operator: "isKnown", value: false },
                  { operator: "notEqual", value: "A" },
                ],
              },
            },
          },
          {
            cells: {
              c1: {
                oneOf: [
                  { operator: "greaterThan", value: 90 },
                  { operator: "lessThan", value: 5 },
                ],
              },
            },
          },
          {},
          { id: "r5", cells: {} },
        ],
      },
    });
    expect(read.ok && read.value.inputs).toEqual([
      { path: "person.age", field: "custom.person_age" },
      { path: "person.city", field: "custom.person_city" },
      { path: "person.vip", field: "custom.person_vip" },
    ]);
    expect(read.ok ? writeStrategy(read.value.doc) : "").toContain('"custom.person_age"');
  });

  test("a row whose value cannot be reckoned is passed over, as one with a cell missing is", async () => {
    const reckoning = graph([
      tableNode("fee", { inputs: ["kind"], outputs: ["fee"] }, [
        ["'a'", "amount / parts"],
        [undefined, "99"],
        ["", "1"],
      ]),
    ]);
    const fee = (amount: FactValue, parts: FactValue) =>
      answers(reckoning, { "custom.kind": "a", "custom.amount": amount, "custom.parts": parts });
    expect(await fee(10, 4)).toEqual({ fee: 2.5 });
    expect(await fee(10, 0)).toEqual({ fee: 1 });
    expect(await fee(null, 4)).toEqual({ fee: 1 });
    const read = importJdm(reckoning, MADE);
    expect(read.ok && read.value.remarks.map(({ code }) => code)).toEqual([
      "jdm.row-without-cell",
      "jdm.binary-fractions",
    ]);
  });

  test("without passing its input on it leaves nothing else behind; a path written again starts anew", async () => {
    const text = graph([
      tableNode("first", { inputs: ["a"], outputs: ["x", "y"], ...PASS }, [["", "1", "2"]]),
      tableNode("second", { inputs: ["x"], outputs: ["y"] }, [["> 5", "3"]]),
    ]);
    expect(await answers(text, {})).toEqual({ y: null });
  });
});

describe("a switch", () => {
  const branches = graph(
    [
      tableNode("score", { inputs: ["dpd_like"], outputs: ["points"], ...PASS }, [
        ["> 10", "1"],
        ["", "2"],
      ]),
      {
        id: "route",
        type: "switchNode",
        content: {
          hitPolicy: "first",
          statements: [
            { id: "s1", condition: "points == 1 and (city == 'A' or city == 'B')" },
            { id: "s2", condition: "not (points >= 2)" },
            { id: "s3", condition: "" },
          ],
        },
      },
      tableNode("left", { inputs: [""], outputs: ["way"], ...PASS }, [["", "'left'"]]),
      tableNode("middle", { inputs: [""], outputs: ["way"] }, [["", "'middle'"]]),
      { id: "out", type: "outputNode" },
    ],
    {
      edges: [
        ["in", "score"],
        ["score", "route"],
        ["route", "left", "s1"],
        ["route", "middle", "s2"],
        ["route", "out", "s3"],
        ["left", "out"],
      ].map(([sourceId, targetId, sourceHandle]) => ({ sourceId, targetId, sourceHandle })),
    },
  );

  test("takes the first statement that holds, and each way has an answer of its own", async () => {
    const run = (value: FactValue, city: FactValue) =>
      answers(branches, { "custom.dpd_like": value, "custom.city": city });
    expect(await run(11, "B")).toEqual({ points: 1, way: "left" });
    expect(await run(11, null)).toEqual({ way: "middle" });
    expect(await run(null, "A")).toEqual({ points: 2 });
  });

  test("is refused where it may end in nothing", () => {
    const open = (statements: readonly object[], edges: readonly object[]) =>
      refusals(
        graph(
          [
            { id: "route", type: "switchNode", content: { statements } },
            { id: "out", type: "outputNode" },
          ],
          { edges },
        ),
      );
    const lead = { sourceId: "in", targetId: "route" };
    expect(open([{ id: "s", condition: "a == 1" }], [lead])).toEqual(["jdm.switch-without-default route"]);
    expect(open([{ id: "s", condition: "" }], [lead])).toEqual(["jdm.switch-way-open route"]);
  });
});

describe("an expression node", () => {
  test("writes values, those of its own before, and one by cases", async () => {
    const text = graph([
      {
        id: "sums",
        type: "expressionNode",
        content: {
          passThrough: true,
          expressions: [
            { key: "total", value: "a + b * 2" },
            { key: "big", value: "$.total > 10" },
            { key: "fee", value: "$.big ? $.total * 0.5 : (a ?? 0)" },
            { key: "most", value: "max([a, b, 7])" },
          ],
        },
      },
    ]);
    expect(await answers(text, { "custom.a": 2, "custom.b": 5 })).toEqual({ total: 12, big: true, fee: 6, most: 7 });
    expect(await answers(text, { "custom.a": 2, "custom.b": 3 })).toEqual({ total: 8, big: false, fee: 2, most: 7 });
  });
});

describe("what is refused", () => {
  const cell = (text: string) => refusals(graph([tableNode("t", { inputs: ["a"], outputs: ["x"] }, [[text, "1"]])]));
  const output = (text: string) => refusals(graph([tableNode("t", { inputs: ["a"], outputs: ["x"] }, [["", text]])]));

  test("is named with node, row and column", () => {
    expect(cell("> b")).toEqual(["jdm.compared-fields t #1 “a”"]);
    expect(cell("len($) > 3")).toEqual(["jdm.function t #1 “a”"]);
    expect(cell("some($, # == 1)")).toEqual(["jdm.function t #1 “a”"]);
    expect(cell("$ == 'b' or 'x' in $")).toEqual(["jdm.list t #1 “a”"]);
    expect(cell("> ")).toEqual(["jdm.syntax t #1 “a”"]);
    expect(cell("1 2")).toEqual(["jdm.syntax t #1 “a”"]);
    expect(cell("'a' or 1 ?? 2")).toEqual(["jdm.operator t #1 “a”"]);
    expect(output("date('now')")).toEqual(["jdm.clock t #1 “x”"]);
    expect(output("{ a: 1 }")).toEqual(["jdm.object t #1 “x”"]);
    expect(output("[1, 2]")).toEqual(["jdm.list t #1 “x”"]);
    expect(output("'a' + '!'")).toEqual(["jdm.text-joined t #1 “x”"]);
    expect(output("$nodes.other.x")).toEqual(["jdm.other-nodes t #1 “x”"]);
    expect(output("2 ^ 3")).toEqual(["jdm.operator t #1 “x”"]);
    expect(output("`a`")).toEqual(["jdm.text-joined t #1 “x”"]);
    expect(output("(".repeat(100))).toEqual(["jdm.too-deep t #1 “x”"]);
  });

  test("is a value of two kinds, one of no kind, and a list where a value is asked", () => {
    const rows = [
      ["1", "1"],
      ["'one'", "2"],
    ];
    expect(refusals(graph([tableNode("t", { inputs: ["a"], outputs: ["x"] }, rows)]))).toEqual([
      "jdm.type-conflict t “a”",
    ]);
    expect(output("somewhere")).toEqual(["jdm.type-unknown t #1 “x”"]);
    const tests = [{ input: { a: ["x"] }, output: {} }];
    const tags = tableNode("t", { inputs: ["a"], outputs: ["x"] }, [["contains($, 'x')", "1"]]);
    expect(refusals(graph([tags], { tests }))).toEqual(["jdm.list t “a”"]);
  });

  test("is a node that does what a strategy cannot", () => {
    const plain = { inputs: ["a"], outputs: ["x"] };
    expect(refusals(graph([tableNode("t", { ...plain, ...COLLECT }, [])]))).toEqual(["jdm.collect t"]);
    expect(refusals(graph([tableNode("t", { ...plain, ...LOOP }, [])]))).toEqual(["jdm.loop t", "jdm.input-field t"]);
    expect(refusals(graph([{ id: "f", type: "functionNode", content: {} }]))).toEqual(["jdm.function-node f"]);
    expect(refusals(graph([{ id: "d", type: "decisionNode", content: {} }]))).toEqual(["jdm.decision-node d"]);
  });

  test("is a shape that is no single way through, and anything that is no decision graph", () => {
    const one = tableNode("t", { inputs: ["a"], outputs: ["x"] }, [["1", "1"]]);
    const other = { ...one, id: "u" };
    const edge = (sourceId: string, targetId: string) => ({ sourceId, targetId });
    expect(refusals(graph([one, other], { edges: [edge("in", "t"), edge("in", "u")] }))).toEqual(["jdm.fork in"]);
    expect(refusals(graph([one], { edges: [edge("in", "t"), edge("t", "t")] }))).toEqual(["jdm.join t"]);
    expect(refusals(graph([one], { edges: [edge("in", "gone")] }))).toEqual(["jdm.edge-nowhere "]);
    expect(refusals('{"nodes":[{"id":"a","name":"a","type":"outputNode"}],"edges":[]}')).toEqual(["jdm.one-input "]);
    for (const text of ["", "[]", "{}", '{"nodes":[]}', '{"__proto__":{}}', "nonsense"]) {
      expect(importJdm(text, MADE).ok).toBe(false);
    }
  });

  test("has a sentence in both languages that leaves no place unfilled", () => {
    expect(Object.keys(jdmIssueTexts.en).sort()).toEqual(Object.keys(jdmIssueTexts["zh-CN"]).sort());
    const read = importJdm(
      graph([tableNode("t", { inputs: ["a"], outputs: ["x"], ...COLLECT }, [["> b", "{}"]])]),
      MADE,
    );
    for (const found of read.ok ? [] : read.error) {
      for (const locale of LOCALES) {
        const said = issueText(found, locale, [jdmIssueTexts]);
        expect(said).not.toContain("{at}");
        expect(said).not.toContain(found.code);
      }
    }
    const [found] = read.ok ? [] : read.error.filter(({ code }) => code === "jdm.compared-fields");
    expect(found === undefined ? "" : issueText(found, "zh-CN", [jdmIssueTexts])).toContain("“t” #1 “a”");
  });
});
