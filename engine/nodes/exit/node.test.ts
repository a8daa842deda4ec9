import { expect, test } from "vitest";
import { contextWith } from "../testing/context";
import { exit } from "./node";

test("leaves with a reason of the closed list and the author's label", () => {
  expect(exit.compile({ reason: "handed-to-people", label: "转 A 组" }, contextWith())).toEqual({
    kind: "exit",
    reason: "handed-to-people",
    label: "转 A 组",
  });
  expect(exit.compile({ reason: "completed", label: "" }, contextWith())).toMatchObject({ label: null });
  expect(exit.compile({ reason: "completed" }, contextWith())).toMatchObject({ label: null });
});

test("reasons that only the engine may give are refused", () => {
  for (const reason of ["cured", "horizon", "stopped", "not-eligible", "anything"]) {
    expect(exit.schema.safeParse({ reason }).success).toBe(false);
  }
});
