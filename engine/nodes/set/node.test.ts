import { describe, expect, test } from "vitest";
import type { StrategyVariable } from "../../model/variable";
import type { NodeContext } from "../define";
import { briefly, contextWith } from "../testing/context";
import { setValue } from "./node";

const VARIABLES: readonly StrategyVariable[] = [
  { name: "rounds", type: "integer", initial: 0 },
  { name: "target", type: "money", initial: null },
];

function withVariables(): NodeContext {
  const context = contextWith();
  return { ...context, settings: { ...context.settings, variables: [...VARIABLES] } };
}

const assign = (variable: string, value: object) => ({ assign: [{ variable, value }] }) as never;

describe("setting values", () => {
  test("compiles with the types the variables were declared with; the stage is there without being declared", () => {
    const data = setValue.schema.parse({
      assign: [
        { variable: "rounds", value: { operator: "add", of: [{ fact: "dpd" }, { literal: 1 }] } },
        { variable: "stage", value: { literal: "M2" } },
      ],
    });
    expect(briefly(setValue.lint(data, withVariables()))).toEqual([]);
    expect(setValue.compile(data, withVariables())).toEqual({
      kind: "set",
      assign: [
        { variable: "rounds", type: "integer", value: { operator: "add", of: [{ fact: "dpd" }, { literal: 1 }] } },
        { variable: "stage", type: "text", value: { literal: "M2" } },
      ],
      next: "next",
    });
  });

  test.each([
    ["nothing to set", { assign: [] } as never, ["error set.nothing assign"]],
    ["no variable chosen", assign("", { literal: 1 }), ["error variable.missing assign[0].variable"]],
    ["a variable nobody declared", assign("mood", { literal: 1 }), ["error variable.unknown assign[0].variable"]],
    ["an inherited name", assign("constructor", { literal: 1 }), ["error variable.unknown assign[0].variable"]],
    ["days for an amount", assign("target", { fact: "dpd" }), ["error value.type assign[0].value"]],
    ["a fact nobody knows", assign("target", { fact: "mood" }), ["error condition.fact-unknown assign[0].value.fact"]],
  ])("%s is pointed out", (_, data, expected) => {
    expect(briefly(setValue.lint(data, withVariables()))).toEqual(expected);
  });
});
