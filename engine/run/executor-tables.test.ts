import { describe, expect, test } from "vitest";
import { compileStrategy } from "../compile/compile";
import { EXECUTORS, lines, story } from "./testing/both-executors";
import { drawnStrategy } from "./testing/drawn-strategy";
import { SMALL_MARKET } from "./testing/small-market";

const VARIABLES = [
  { name: "fee", type: "money" as const, initial: 7 },
  { name: "score", type: "number" as const, initial: null },
];

/** A table or a card between the entry and the exit; every way on leads out. */
function around(type: string, data: { readonly [member: string]: unknown }, handles: readonly string[]) {
  const doc = drawnStrategy({
    start: {
      type: "start",
      data: { when: { fact: "dpd", operator: "greaterThanInclusive", value: 0 } },
      to: { enter: "step" },
    },
    step: { type, data, to: Object.fromEntries(handles.map((handle) => [handle, "done"])) },
    done: { type: "exit", data: { reason: "completed", label: "" }, to: {} },
  });
  const compiled = compileStrategy({ ...doc, settings: { ...doc.settings, variables: VARIABLES } }, SMALL_MARKET);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

const equal = (value: string | number) => ({ operator: "equal", value });

describe.each(EXECUTORS)("%s executor", (_name, link) => {
  const run = async (
    program: Parameters<typeof story>[1],
    facts: { readonly [fact: string]: string | number | null },
  ) => {
    const outcome = await story(link, program).start(facts);
    return [lines(outcome)[1], outcome.state.vars] as const;
  };

  test("takes the first row that holds, and writes what it sets; a row may have any name", async () => {
    const program = around(
      "table",
      {
        hitPolicy: "first",
        otherwiseExpected: true,
        table: {
          inputs: [
            { id: "stage", fact: "stage" },
            { id: "days", fact: "dpd", unknown: "fails" },
          ],
          outputs: [
            { id: "way", kind: "handle" },
            { id: "score", kind: "variable", variable: "score" },
          ],
          ways: [{ id: "soft" }, { id: "hard" }],
          rows: [
            { id: "constructor", cells: { stage: equal("M1") }, outputs: { way: { way: "soft" } } },
            {
              id: "toString",
              cells: { days: { oneOf: [equal(0), { from: 30, fromInclusive: true, to: 60, toInclusive: false }] } },
              outputs: { way: { way: "hard" }, score: { operator: "multiply", of: [{ fact: "dpd" }, { literal: 2 }] } },
            },
          ],
        },
      },
      ["soft", "hard", "otherwise", "unknown"],
    );
    expect(await run(program, { stage: "M1", dpd: 40 })).toEqual(["step.rule-holds(constructor) -> soft", { fee: 7 }]);
    expect(await run(program, { stage: "M2", dpd: 40 })).toEqual([
      "step.rule-holds(toString) -> hard",
      { fee: 7, score: 80 },
    ]);
    expect(await run(program, { stage: "M2", dpd: 60 })).toEqual(["step.otherwise -> otherwise", { fee: 7 }]);
    expect(await run(program, { stage: null, dpd: 60 })).toEqual(["step.unknown(constructor) -> unknown", { fee: 7 }]);
  });

  test("adds up what every row that holds brings", async () => {
    const program = around(
      "table",
      {
        hitPolicy: "collect",
        table: {
          inputs: [{ id: "days", fact: "dpd" }],
          outputs: [{ id: "fee", kind: "variable", variable: "fee", aggregate: "sum" }],
          ways: [],
          rows: [10, 20, 30].map((value) => ({
            id: `r${value}`,
            cells: { days: { operator: "greaterThan", value } },
            outputs: { fee: { literal: value } },
          })),
        },
      },
      ["some", "none", "unknown"],
    );
    expect(await run(program, { dpd: 25 })).toEqual(["step.collected(r10,r20) -> some", { fee: 30 }]);
    expect(await run(program, { dpd: 5 })).toEqual(["step.collected() -> none", { fee: 0 }]);
  });

  test("adds weighted points and takes the band; an attribute that cannot be told makes the score unknown", async () => {
    const when = { fact: "stage", operator: "equal", value: "M1" };
    const program = around(
      "scorecard",
      {
        card: {
          attributes: [
            { id: "stage", weight: 2, rules: [{ id: "m1", when, points: 10 }], otherwise: 1, unknown: null },
            {
              id: "days",
              weight: 0.5,
              rules: [{ id: "late", when: { fact: "dpd", operator: "greaterThan", value: 30 }, points: -10 }],
              otherwise: 3,
              unknown: 0,
            },
          ],
          bands: [
            { id: "good", atLeast: 15 },
            { id: "poor", atLeast: null },
          ],
        },
        variable: "score",
      },
      ["good", "poor", "unknown"],
    );
    expect(await run(program, { stage: "M1", dpd: 40 })).toEqual(["step.scored(15) -> good", { fee: 7, score: 15 }]);
    expect(await run(program, { stage: "M2", dpd: 5 })).toEqual(["step.scored(3.5) -> poor", { fee: 7, score: 3.5 }]);
    expect((await run(program, { stage: null, dpd: 5 }))[0]).toBe("step.unknown(stage) -> unknown");
  });
});
