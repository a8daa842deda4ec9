import { describe, expect, it } from "vitest";
import { compileStrategy } from "../compile/compile";
import { parseStrategy } from "../graph/parse";
import { samplePack, startStep, step, strategy } from "../graph/testing/sample";
import { everydayAccount, factsAsked } from "./everyday-account";
import { createWalker } from "./walk";

describe("an invented account", () => {
  const made = strategy({
    nodes: [
      startStep(),
      step("fork", "branch", {
        rules: [
          { id: "rate", when: { fact: "annual_rate", operator: "greaterThan", value: 0.3 } },
          { id: "stage", when: { fact: "bucket", operator: "equal", value: "M1" } },
          { id: "product", when: { fact: "product_type", operator: "equal", value: "card" } },
        ],
      }),
      step("done", "exit", { reason: "completed" }),
    ],
    edges: [
      ["start", "enter", "fork"],
      ["fork", "rate", "done"],
      ["fork", "stage", "done"],
      ["fork", "product", "done"],
      ["fork", "otherwise", "done"],
      ["fork", "unknown", "done"],
    ],
  });

  it("has what the strategy asks for, is nothing special, and leaves unknown what nobody can guess", () => {
    const compiled = compileStrategy(made, samplePack);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
    expect(factsAsked(compiled.value)).toEqual(["account_status", "annual_rate", "bucket", "dpd", "product_type"]);
    expect(everydayAccount(compiled.value, samplePack.fields)).toMatchObject({
      dpd: 12,
      bucket: "M1",
      account_status: "open",
      annual_rate: 0.24,
      product_type: null,
    });
  });

  it("comes in and walks to where the world must answer", async () => {
    const read = parseStrategy(made);
    if (!read.ok) throw new Error("not read");
    const compiled = compileStrategy(read.value, samplePack);
    if (!compiled.ok) throw new Error("not compiled");
    const facts = everydayAccount(compiled.value, samplePack.fields);
    const told = await createWalker(compiled.value)({ startMs: Date.UTC(2026, 2, 2), party: "1", facts, events: [] });
    expect(told.moments[0]?.decisions.map(({ handle }) => handle)).toEqual(["enter", "stage", null]);
  });
});
