import { describe, expect, test } from "vitest";
import { compileStrategy } from "../compile/compile";
import type { StrategyDoc } from "../model/strategy";
import { lintStrategy } from "./lint";
import { parseStrategy } from "./parse";
import { drawn, exitStep, samplePack, startStep, step, strategy } from "./testing/sample";

type Edge = readonly [from: string, handle: string, to: string];

function edgesOf(edges: readonly Edge[]) {
  return edges.map(([node, handle, to], index) => ({ id: `i${index + 1}`, from: { node, handle }, to }));
}

const DAY = { mode: "duration", durationMinutes: 1440 };

/** A strategy inside: waits a day and leaves by `done`. */
function inside(key: string, more: { readonly [member: string]: unknown } = {}) {
  return {
    key,
    name: { "zh-CN": key, en: key },
    entry: { node: "pause" },
    nodes: [step("pause", "wait", DAY), exitStep("done")],
    edges: edgesOf([["pause", "elapsed", "done"]]),
    ...more,
  };
}

function using(key: string, use: { readonly [member: string]: unknown } = {}) {
  return { use: { strategy: key, inputs: {}, outputs: {}, exits: [{ id: "done" }], ...use } };
}

type Made = {
  readonly use?: { readonly [member: string]: unknown };
  readonly settings?: { readonly [member: string]: unknown };
};

function whole(strategies: readonly unknown[], { use = using("inner"), settings = {} }: Made = {}): StrategyDoc {
  return strategy({
    nodes: [startStep(), step("use", "sub-strategy", use), exitStep("end")],
    edges: [
      ["start", "enter", "use"],
      ["use", "done", "end"],
    ],
    settings,
    strategies,
  });
}

function problems(doc: StrategyDoc): readonly string[] {
  return lintStrategy(doc, samplePack).map(({ severity, code, path, nodeId }) =>
    [severity[0], code, path, nodeId].filter((part) => part !== undefined).join(" "),
  );
}

describe("a strategy inside another", () => {
  test("that is drawn and used as it should be has no issues, and compiles", () => {
    const doc = whole([inside("inner")]);
    expect(problems(doc)).toEqual([]);
    expect(compileStrategy(doc, samplePack).ok).toBe(true);
  });

  test("is looked at like the whole one; a problem says where by its path, for its ids are its own", () => {
    const broken = inside("inner", {
      nodes: [
        step("pause", "wait", { mode: "duration" }),
        step("which", "branch", { rules: [{ id: "x", when: { fact: "mood", operator: "equal", value: 1 } }] }),
        step("lost", "wait", DAY),
        exitStep("done"),
      ],
      edges: edgesOf([
        ["pause", "elapsed", "which"],
        ["which", "x", "done"],
        ["which", "otherwise", "done"],
        ["lost", "elapsed", "gone"],
      ]),
    });
    expect(problems(whole([broken]))).toEqual([
      "e graph.edge-to-nowhere strategies[0].edges[3].to",
      "e wait.duration-missing strategies[0].nodes[0].data.durationMinutes",
      "e graph.dangling-handle strategies[0].nodes[1]",
      "e condition.fact-unknown strategies[0].nodes[1].data.rules[0].when.fact",
      "w graph.unreachable-step strategies[0].nodes[2]",
    ]);
  });

  test("begins at a step that exists, has no entry of its own, and has an exit", () => {
    expect(problems(whole([inside("inner", { entry: { node: "gone" } })]))).toContain(
      "e graph.entry-missing strategies[0].entry.node",
    );
    const entered = inside("inner", {
      entry: { node: "start" },
      nodes: [startStep(), exitStep("done")],
      edges: edgesOf([["start", "enter", "done"]]),
    });
    expect(problems(whole([entered]))).toEqual(["e graph.entry-inside strategies[0].nodes[0]"]);
    const endless = inside("inner", {
      nodes: [step("pause", "wait", DAY)],
      edges: edgesOf([["pause", "elapsed", "pause"]]),
    });
    expect(problems(whole([endless]))).toContain("e graph.no-exit strategies[0].nodes");
  });

  test("sees its own variables and none of those around it", () => {
    const asks = (fact: string) =>
      inside("inner", {
        variables: [{ name: "own", type: "integer" }],
        nodes: [
          step("pause", "repeat", { maxTimes: 1, when: { fact, operator: "equal", value: 1 } }),
          step("wait", "wait", DAY),
          exitStep("done"),
        ],
        edges: edgesOf([
          ["pause", "again", "wait"],
          ["pause", "done", "done"],
          ["pause", "unknown", "done"],
          ["wait", "elapsed", "pause"],
        ]),
      });
    const settings = { variables: [{ name: "outer", type: "integer" }] };
    expect(problems(whole([asks("var.own")], { settings }))).toEqual([]);
    expect(problems(whole([asks("var.outer")], { settings }))).toEqual([
      "e condition.fact-unknown strategies[0].nodes[0].data.when.fact",
    ]);
    const stage = inside("inner", { variables: [{ name: "stage", type: "text" }] });
    expect(problems(whole([stage]))).toEqual(["e graph.stage-inside strategies[0].variables[0].name"]);
  });
});

describe("using a strategy inside", () => {
  test("needs one that is here", () => {
    expect(problems(whole([], { use: using("") }))).toEqual([
      "e sub-strategy.not-chosen nodes[1].data.use.strategy use",
    ]);
    expect(problems(whole([], { use: using("gone") }))).toEqual([
      "e sub-strategy.not-here nodes[1].data.use.strategy use",
    ]);
  });

  test("leaves by its exits and by nothing else", () => {
    const two = inside("inner", {
      nodes: [step("pause", "wait", { mode: "until-dpd", dpd: 5, at: "09:00" }), exitStep("done"), exitStep("lost")],
      edges: edgesOf([
        ["pause", "elapsed", "done"],
        ["pause", "unknown", "lost"],
      ]),
    });
    expect(problems(whole([two]))).toEqual(["e graph.exit-without-way nodes[1].data use"]);
    const use = using("inner", { exits: [{ id: "done" }, { id: "more" }] });
    expect(problems(whole([inside("inner")], { use }))).toEqual([
      "e graph.dangling-handle nodes[1] use",
      "e graph.way-without-exit nodes[1].data use",
    ]);
    const twice = using("inner", { exits: [{ id: "done" }, { id: "done" }] });
    expect(problems(whole([inside("inner")], { use: twice }))).toEqual([
      "e sub-strategy.exit-twice nodes[1].data.use.exits[1].id use",
    ]);
  });

  test("takes in and gives out what fits", () => {
    const inner = inside("inner", {
      variables: [
        { name: "least", type: "money" },
        { name: "made", type: "integer" },
      ],
    });
    const settings = {
      variables: [
        { name: "calls", type: "integer" },
        { name: "note", type: "text" },
      ],
    };
    const found = (use: { readonly [member: string]: unknown }) =>
      problems(whole([inner], { use: using("inner", use), settings }));
    expect(found({ inputs: { least: { fact: "total_outstanding" } }, outputs: { made: "calls" } })).toEqual([]);
    expect(found({ inputs: { least: { fact: "dpd" } } })).toEqual(["e value.type nodes[1].data.use.inputs.least use"]);
    expect(found({ inputs: { mood: { literal: 1 } } })).toEqual([
      "e sub-strategy.input-unknown nodes[1].data.use.inputs.mood use",
    ]);
    expect(found({ outputs: { made: "note" } })).toEqual(["e value.type nodes[1].data.use.outputs.made use"]);
    expect(found({ outputs: { made: "gone" } })).toEqual(["e variable.unknown nodes[1].data.use.outputs.made use"]);
    expect(found({ outputs: { made: "" } })).toEqual(["e variable.missing nodes[1].data.use.outputs.made use"]);
    expect(found({ outputs: { mood: "calls" } })).toEqual([
      "e sub-strategy.output-unknown nodes[1].data.use.outputs.mood use",
    ]);
  });

  function chain(length: number, last: { readonly [member: string]: unknown } = {}) {
    return Array.from({ length }, (_, index) => {
      const key = index === 0 ? "inner" : `level-${index + 1}`;
      if (index === length - 1) return inside(key, last);
      return inside(key, {
        nodes: [step("pause", "sub-strategy", using(`level-${index + 2}`)), exitStep("done")],
        edges: edgesOf([["pause", "done", "done"]]),
      });
    });
  }

  test("is bounded in depth", () => {
    expect(problems(whole(chain(3)))).toEqual([]);
    expect(compileStrategy(whole(chain(3)), samplePack).ok).toBe(true);
    expect(problems(whole(chain(4)))).toEqual(["e graph.strategies-too-deep strategies"]);
  });

  test("is bounded in what it amounts to", () => {
    const many = (to: string) => {
      const nodes = Array.from({ length: 200 }, (_, index) =>
        step(index === 0 ? "pause" : `n${index}`, "sub-strategy", using(to)),
      );
      const edges = nodes.map(
        (_, index): Edge => [
          index === 0 ? "pause" : `n${index}`,
          "done",
          index + 1 < nodes.length ? `n${index + 1}` : "done",
        ],
      );
      return { nodes: [...nodes, exitStep("done")], edges: edgesOf(edges) };
    };
    const doc = whole([inside("inner", many("second")), inside("second", many("third")), inside("third")]);
    expect(problems(doc)).toEqual(["e graph.strategies-too-large strategies"]);
  });

  test("never goes in a circle", () => {
    const circle = [
      ...chain(2, {
        nodes: [step("pause", "sub-strategy", using("inner")), exitStep("done")],
        edges: edgesOf([["pause", "done", "done"]]),
      }),
    ];
    expect(problems(whole(circle))).toEqual(["e graph.strategy-circle strategies[0].key"]);
    const [found] = lintStrategy(whole(circle), samplePack);
    expect(found?.params.strategies).toBe("inner → level-2 → inner");
    const itself = inside("inner", {
      nodes: [step("pause", "sub-strategy", using("inner")), exitStep("done")],
      edges: edgesOf([["pause", "done", "done"]]),
    });
    expect(problems(whole([itself]))).toEqual(["e graph.strategy-circle strategies[0].key"]);
  });

  test("keys are unique, and what nothing uses is pointed out, used by something unused or not", () => {
    expect(problems(whole([inside("inner"), inside("inner")]))).toEqual([
      "e graph.duplicate-strategy-key strategies[1].key",
    ]);
    const spare = inside("spare", {
      nodes: [step("pause", "sub-strategy", using("other")), exitStep("done")],
      edges: edgesOf([["pause", "done", "done"]]),
    });
    expect(problems(whole([inside("inner"), spare, inside("other")]))).toEqual([
      "w graph.strategy-unused strategies[1].key",
      "w graph.strategy-unused strategies[2].key",
    ]);
  });
});

describe("loops through a strategy inside", () => {
  const looping = (inner: unknown) =>
    problems(
      strategy({
        nodes: [
          startStep(),
          step("use", "sub-strategy", using("inner", { exits: [{ id: "done" }, { id: "out" }] })),
          step("rounds", "repeat", { maxTimes: 3, when: null }),
          exitStep("end"),
        ],
        edges: [
          ["start", "enter", "use"],
          ["use", "done", "rounds"],
          ["rounds", "again", "use"],
          ["rounds", "done", "end"],
          ["use", "out", "end"],
        ],
        strategies: [inner],
      }),
    );
  const RULES = { rules: [{ id: "late", when: { fact: "dpd", operator: "greaterThan", value: 10 } }] };
  const through = (first: unknown, edges: readonly Edge[], more: readonly unknown[] = []) =>
    inside("inner", {
      nodes: [first, ...more, exitStep("done"), exitStep("out")],
      edges: edgesOf(edges),
    });

  test("are as slow as the fastest way through it", () => {
    const branch = step("pause", "branch", RULES);
    const waiting: readonly Edge[] = [
      ["pause", "late", "day"],
      ["day", "elapsed", "done"],
      ["pause", "otherwise", "out"],
      ["pause", "unknown", "out"],
    ];
    // One way waits, the other leaves at once, and that one leads out of the loop only by name: the loop may go round on the spot.
    expect(looping(through(branch, waiting, [step("day", "wait", DAY)]))).toEqual([
      "e graph.instant-loop nodes[1] use",
    ]);
    const always: readonly Edge[] = [
      ["pause", "elapsed", "which"],
      ["which", "late", "done"],
      ["which", "otherwise", "out"],
      ["which", "unknown", "out"],
    ];
    expect(looping(through(step("pause", "wait", DAY), always, [step("which", "branch", RULES)]))).toEqual([]);
    const prompt: readonly Edge[] = [
      ["pause", "delivered", "done"],
      ["pause", "failed", "done"],
      ["pause", "expired", "out"],
      ["pause", "blocked", "out"],
    ];
    const sms = step("pause", "sms", { contentId: "sms.reminder", waitForDelivery: true });
    expect(looping(through(sms, prompt))).toEqual(["w graph.prompt-loop nodes[1] use"]);
  });
});

test("steps inside are read like all others: brought up to date, checked, reserved ids refused", () => {
  const old = inside("inner");
  expect(whole([old]).strategies[0]?.nodes[0]).toMatchObject({ version: 2, data: { ...DAY, recompute: false } });
  const parsed = parseStrategy(
    drawn({
      strategies: [
        inside("inner", {
          nodes: [step("pause", "wait", { ...DAY, durationMinutes: 0 }), exitStep("toString")],
        }),
      ],
    }),
  );
  expect(parsed.ok ? [] : parsed.error.map(({ code, path, nodeId }) => [code, path, nodeId])).toEqual([
    ["shape.too-small", "strategies[0].nodes[0].data.durationMinutes", undefined],
    ["shape.reserved-name", "strategies[0].nodes[1].id", undefined],
  ]);
});
