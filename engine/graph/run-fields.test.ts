import { expect, test } from "vitest";
import { compileStrategy } from "../compile/compile";
import { LOCALES } from "../model/locale";
import type { StrategyDoc } from "../model/strategy";
import { variableFact } from "../model/variable";
import { nodeDefinitions } from "../nodes";
import { strategyOf } from "../nodes/testing/work-story";
import { marketPack } from "../packs";
import { type DrawnSteps, drawnStrategy, PAST_DUE } from "../run/testing/drawn-strategy";
import { SMALL_MARKET } from "../run/testing/small-market";
import { compiledStep, specsOf } from "./compiled-step";
import { lintViews } from "./lint-view";
import { runFields } from "./run-fields";

const use = (strategy: string) => ({ use: { strategy, inputs: {}, outputs: {}, exits: [{ id: "done" }] } });
const done = { type: "exit", data: { reason: "completed" }, to: {} };
const CALLS: DrawnSteps = { done };
const ROUNDS: DrawnSteps = { again: { type: "sub-strategy", data: use("calls"), to: { done: "done" } }, done };
const TRIES = { name: "tries", type: "integer", label: { "zh-CN": "次数", en: "tries so far" }, initial: 0 } as const;

function named(doc: StrategyDoc, names: { readonly [node: string]: string }): StrategyDoc {
  const nodes = doc.nodes.map((node) => {
    const name = names[node.id];
    return name === undefined ? node : { ...node, name: { en: name } };
  });
  return { ...doc, nodes };
}

const DOC = named(
  drawnStrategy(
    {
      start: { type: "start", data: { when: PAST_DUE }, to: { enter: "first" } },
      first: { type: "sub-strategy", data: use("calls"), to: { done: "second" } },
      second: { type: "sub-strategy", data: use("rounds"), to: { done: "done" } },
      done,
    },
    {
      strategies: [
        { key: "calls", steps: CALLS, variables: [TRIES] },
        { key: "rounds", steps: ROUNDS },
      ],
    },
  ),
  { first: "Call at noon" },
);

test("a variable of a strategy in use is named by the step that uses it", () => {
  const fields = runFields(DOC, SMALL_MARKET);
  expect(fields["var.first/tries"]?.label).toEqual({
    "zh-CN": "Call at noon · 次数",
    en: "Call at noon · tries so far",
  });
  expect(fields["var.first/tries"]?.type).toBe("integer");
  expect(fields["var.second/again/tries"]?.label.en).toBe("Sub-strategy · Sub-strategy · tries so far");
});

test("everything a Program of it writes has a name", () => {
  const compiled = compileStrategy(DOC, SMALL_MARKET);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const written = Object.values(compiled.value.steps).flatMap(({ spec }) => (spec.kind === "set" ? spec.assign : []));
  expect(written.map(({ variable }) => variable).toSorted()).toEqual(["first/tries", "second/again/tries"]);
  const fields = runFields(DOC, SMALL_MARKET);
  for (const { variable } of written) expect(fields[variableFact(variable)]).toBeDefined();
});

test("a strategy that uses itself is named once, not for ever", () => {
  const [calls] = DOC.strategies;
  const inside = { id: "self", type: "sub-strategy", version: 1, data: use("calls") };
  const selfish = { ...DOC, strategies: calls === undefined ? [] : [{ ...calls, nodes: [...calls.nodes, inside] }] };
  const keys = Object.keys(runFields(selfish, SMALL_MARKET)).filter((key) => key.includes("/"));
  expect(keys).toEqual(["var.first/tries"]);
});

test.each(nodeDefinitions.map((definition) => ({ type: definition.type, definition })))(
  "whatever $type keeps for itself it names in both languages, and names nothing else",
  ({ definition }) => {
    const kept = new Set<string>();
    for (const data of definition.examples) {
      const { whole } = lintViews(strategyOf(definition, data), marketPack("cn"));
      const step = whole.byId.get("step");
      const compiled = step === undefined ? null : compiledStep(whole, step);
      for (const spec of compiled === null ? [] : specsOf(compiled)) {
        if (spec.kind !== "set") continue;
        for (const { variable } of spec.assign)
          if (variable.startsWith("step/")) kept.add(variable.slice("step/".length));
      }
    }
    for (const locale of LOCALES) {
      expect(Object.keys(definition.texts[locale].variables ?? {}).toSorted()).toEqual([...kept].toSorted());
    }
  },
);

test("names the amounts of a payment plan", () => {
  const plan = nodeDefinitions.find(({ type }) => type === "plan");
  const [data] = plan?.examples ?? [];
  if (plan === undefined || data === undefined) throw new Error("there is no payment plan");
  const fields = runFields(strategyOf(plan, data), marketPack("cn"));
  expect(fields["var.step/down_payment"]?.label).toEqual({
    "zh-CN": "分期还款 · 首付款",
    en: "Payment plan · down payment",
  });
  expect(fields["var.step/down_payment"]?.type).toBe("money");
});
