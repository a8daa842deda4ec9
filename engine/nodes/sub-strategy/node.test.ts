import { expect, test } from "vitest";
import { SubStrategySchema } from "../../model/strategy";
import type { NodeContext } from "../define";
import { briefly, contextWith } from "../testing/context";
import { subStrategy } from "./node";

const CALLS = SubStrategySchema.parse({
  key: "calls",
  name: { en: "Calls" },
  entry: { node: "done" },
  variables: [{ name: "limit", type: "integer", initial: 3 }],
  nodes: [{ id: "done", type: "exit", version: 1, data: { reason: "completed" } }],
  edges: [],
});
const CONTEXT: NodeContext = { ...contextWith(), strategies: { calls: CALLS } };

test("its ways on are the exits, by the author's names where there are any", () => {
  const exits = [{ id: "done" }, { id: "nobody", name: { "zh-CN": "无人接听" } }];
  const handles = subStrategy.handles({ use: { strategy: "calls", inputs: {}, outputs: {}, exits } });
  expect(handles.map(({ id, label }) => [id, label])).toEqual([
    ["done", { text: "done" }],
    ["nobody", { text: "无人接听" }],
  ]);
  expect(handles.every(({ required }) => required)).toBe(true);
});

test("compiles to the strategy in place", () => {
  const use = { strategy: "calls", inputs: { limit: { fact: "dpd" } }, outputs: { limit: "stage" }, exits: [] };
  expect(subStrategy.compile({ use }, CONTEXT)).toEqual({
    kind: "embedded",
    strategy: "calls",
    inputs: use.inputs,
    outputs: use.outputs,
  });
});

test("a key every object inherits names no strategy", () => {
  const use = { strategy: "constructor", inputs: {}, outputs: {}, exits: [] };
  expect(briefly(subStrategy.lint({ use }, CONTEXT))).toEqual(["error sub-strategy.not-here use.strategy"]);
});

test("takes no more values than a strategy may have variables", () => {
  const inputs = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`v${index}`, { literal: 1 }]));
  expect(subStrategy.schema.safeParse({ use: { strategy: "calls", inputs, outputs: {}, exits: [] } }).success).toBe(
    false,
  );
});
