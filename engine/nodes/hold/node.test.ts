import { expect, test } from "vitest";
import { DAY_MS } from "../../model/time";
import { briefly, contextWith } from "../testing/context";
import { hold } from "./node";

test("holds for so many days, or until somebody releases it", () => {
  expect(hold.compile({ hold: "hardship", until: "days", days: 30 }, contextWith())).toEqual({
    kind: "act",
    act: { act: "hold.place", hold: "hardship", forMs: 30 * DAY_MS },
    next: "next",
  });
  // Days typed earlier are kept in the form and do not count.
  expect(hold.compile({ hold: "dispute", until: "released", days: 30 }, contextWith())).toMatchObject({
    act: { forMs: null },
  });
});

test("a hold the law asks for is not to run out by itself", () => {
  const lint = (data: Parameters<typeof hold.lint>[0]) => briefly(hold.lint(data, contextWith()));
  expect(lint({ hold: "deceased", until: "released" })).toEqual([]);
  expect(lint({ hold: "deceased", until: "days", days: 30 })).toEqual(["warning hold.runs-out until"]);
  expect(lint({ hold: "manual", until: "days" })).toEqual(["error hold.days-missing days"]);
});

test("nobody places the hold of a plan by hand: it follows the plan", () => {
  expect(hold.schema.safeParse({ hold: "active-plan", until: "released" }).success).toBe(false);
});
