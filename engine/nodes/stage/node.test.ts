import { expect, test } from "vitest";
import type { StrategyVariable } from "../../model/variable";
import type { NodeContext } from "../define";
import { briefly, contextWith } from "../testing/context";
import { stage } from "./node";

function declaring(variable: StrategyVariable): NodeContext {
  const context = contextWith();
  return { ...context, settings: { ...context.settings, variables: [variable] } };
}

test("writes the stage every strategy has", () => {
  expect(stage.compile({ stage: "M2" }, contextWith())).toEqual({
    kind: "set",
    assign: [{ variable: "stage", type: "text", value: { literal: "M2" } }],
    next: "next",
  });
});

test("asks for a name, and for one of the declared stages where the strategy declares them", () => {
  expect(briefly(stage.lint({ stage: "M2" }, contextWith()))).toEqual([]);
  expect(briefly(stage.lint({ stage: " " }, contextWith()))).toEqual(["error stage.name-missing stage"]);
  const values = [{ value: "soft", label: { en: "Soft" } }];
  const stages = declaring({ name: "stage", type: "enum", values, initial: null });
  expect(briefly(stage.lint({ stage: "soft" }, stages))).toEqual([]);
  expect(briefly(stage.lint({ stage: "M2" }, stages))).toEqual(["error value.not-listed stage"]);
  const counted = declaring({ name: "stage", type: "integer", initial: 0 });
  expect(briefly(stage.lint({ stage: "M2" }, counted))).toEqual(["error value.literal-type stage"]);
});
