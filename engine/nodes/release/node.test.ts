import { expect, test } from "vitest";
import { contextWith } from "../testing/context";
import { release } from "./node";

test("lifts holds of one kind", () => {
  expect(release.compile({ hold: "dispute" }, contextWith())).toEqual({
    kind: "act",
    act: { act: "hold.release", hold: "dispute" },
    next: "next",
  });
});

test.each(["deceased", "bankruptcy", "represented", "cease-request", "active-plan"])(
  "a hold for %s is lifted by people, never by a strategy",
  (kind) => {
    expect(release.schema.safeParse({ hold: kind }).success).toBe(false);
  },
);
