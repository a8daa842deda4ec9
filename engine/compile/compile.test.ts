import fc from "fast-check";
import { Engine } from "json-rules-engine";
import { describe, expect, test } from "vitest";
import { canonicalHash } from "../model/json";
import type { StrategyDoc } from "../model/strategy";
import { strategyArbitrary } from "../run/testing/documents/document";
import { WIDE_MARKET } from "../run/testing/documents/wide-market";
import { type DrawnStep, drawnStrategy, PAST_DUE, programOf } from "../run/testing/drawn-strategy";
import { SMALL_MARKET } from "../run/testing/small-market";
import { compileStrategy } from "./compile";

const STEPS: { readonly [id: string]: DrawnStep } = {
  start: { type: "start", data: { when: PAST_DUE }, to: { enter: "stage" } },
  stage: {
    type: "branch",
    data: { rules: [{ id: "early", when: { fact: "dpd", operator: "lessThan", value: 31 } }] },
    to: { early: "remind", otherwise: "done", unknown: "done" },
  },
  remind: {
    type: "sms",
    data: { contentId: "sms.reminder", waitForDelivery: false, giveUpHours: 24 },
    to: { sent: "done" },
  },
  done: { type: "exit", data: { reason: "completed" }, to: {} },
};

/** The same document with members and steps in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reordered(member)]),
  );
}

function shuffled(doc: StrategyDoc): StrategyDoc {
  const copy = reordered(doc) as StrategyDoc;
  return { ...copy, nodes: [...copy.nodes].reverse(), edges: [...copy.edges].reverse() };
}

describe("compiling a strategy", () => {
  test("gives the same bytes whatever order steps, lines and members are listed in", () => {
    fc.assert(
      fc.property(strategyArbitrary, (doc) => {
        const program = programOf(doc, WIDE_MARKET);
        expect(JSON.stringify(programOf(shuffled(doc), WIDE_MARKET))).toBe(JSON.stringify(program));
        const { hash, ...body } = program;
        expect(canonicalHash(body)).toBe(hash);
        expect(JSON.parse(JSON.stringify(program))).toEqual(program);
      }),
      { numRuns: 60, seed: 20_261_124 },
    );
  });

  test("names, notes and positions change nothing; a rule's bound does", () => {
    const program = programOf(drawnStrategy(STEPS));
    const doc = drawnStrategy(STEPS);
    const renamed: StrategyDoc = {
      ...doc,
      name: { en: "Renamed" },
      layout: { mode: "free", positions: { start: { x: 7, y: 7 } } },
      nodes: doc.nodes.map((node) => ({ ...node, name: { en: `${node.id}!` } })),
    };
    expect(programOf(renamed).hash).toBe(program.hash);
    const stage: DrawnStep = {
      type: "branch",
      data: { rules: [{ id: "early", when: { fact: "dpd", operator: "lessThan", value: 32 } }] },
      to: { early: "remind", otherwise: "done", unknown: "done" },
    };
    expect(programOf(drawnStrategy({ ...STEPS, stage })).hash).not.toBe(program.hash);
  });

  test("pins the texts the steps use, and only those", () => {
    const program = programOf(drawnStrategy(STEPS));
    expect(Object.keys(program.contents)).toEqual(["sms.reminder"]);
    expect(program.contents["sms.reminder"]).toEqual(SMALL_MARKET.contents["sms.reminder"]);
  });

  test("a text written for the strategy goes before the market's", () => {
    const market = SMALL_MARKET.contents["sms.reminder"];
    if (market === undefined) throw new Error("the market's text has gone");
    const program = programOf({ ...drawnStrategy(STEPS), contents: [{ ...market, text: { en: "Ours" } }] });
    expect(program.contents["sms.reminder"]?.text).toEqual({ en: "Ours" });
  });

  test("always has the strategy-wide exits, even when there are none", () => {
    expect(programOf(drawnStrategy(STEPS, { exits: [] })).ruleSets.$exits).toEqual({
      id: "$exits",
      order: [],
      rules: [],
      facts: [],
      types: {},
    });
  });

  test("every rule set loads in a stock json-rules-engine and answers", async () => {
    const docs = fc.sample(strategyArbitrary, { numRuns: 20, seed: 20_261_124 });
    for (const { ruleSets } of docs.map((doc) => programOf(doc, WIDE_MARKET))) {
      for (const { rules, facts, derived = {} } of Object.values(ruleSets)) {
        const asked = [...facts, ...Object.keys(derived)];
        const { events } = await new Engine(JSON.parse(JSON.stringify(rules))).run(
          Object.fromEntries(asked.map((fact) => [fact, null])),
        );
        // Everything is unknown, so nothing may fire on either side.
        expect(events).toEqual([]);
      }
    }
  });

  test.each([
    ["an unknown step type", { ...STEPS, done: { type: "teleport", data: {}, to: {} } }, "done"],
    ["a way out that leads nowhere", { ...STEPS, remind: { ...STEPS.remind, to: {} } as DrawnStep }, "remind"],
    [
      "a step that is not filled in",
      { ...STEPS, remind: { ...STEPS.remind, data: { contentId: "", waitForDelivery: false } } as DrawnStep },
      "remind",
    ],
  ])("refuses %s, and says where", (_title, steps, nodeId) => {
    const compiled = compileStrategy(drawnStrategy(steps), SMALL_MARKET);
    expect(compiled.ok).toBe(false);
    if (compiled.ok) return;
    expect(compiled.error.every((found) => found.severity === "error")).toBe(true);
    expect(compiled.error.map((found) => found.nodeId)).toContain(nodeId);
  });
});
