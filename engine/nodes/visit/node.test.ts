import { expect, test } from "vitest";
import { briefly, contextWith } from "../testing/context";
import { visit } from "./node";

const tour = { ...visit.initial(), contentId: "visit.late", queue: "华东" };

function specOf(data: typeof tour) {
  const spec = visit.compile(data, contextWith());
  if (spec.kind !== "request") throw new Error("a visit is a request");
  return spec;
}

test("is asked for with how many go, so that the gate can refuse too few", () => {
  expect(specOf(tour).request).toEqual({
    kind: "contact",
    channel: "visit",
    contentId: "visit.late",
    partyRole: "self",
    desk: { queue: "华东", priority: 5, dueMs: 168 * 3_600_000, people: 2 },
  });
});

test("is never drawn for one, nor for a crowd", () => {
  const accepts = (people: number) => visit.schema.safeParse({ ...tour, people }).success;
  expect([1, 2, 5, 6].map(accepts)).toEqual([false, true, true, false]);
  const { people: _, ...unsaid } = tour;
  expect(visit.schema.parse(unsaid)).toMatchObject({ people: 2 });
});

test("is made once: nobody there, moved away and no such address all mean that nobody was met", () => {
  const spec = specOf(tour);
  expect(spec.retry).toBeNull();
  for (const outcome of ["NA", "MOV", "INV"]) expect(Object.hasOwn(spec.outcomes, outcome), outcome).toBe(false);
  expect(spec.exhausted).toBe("exhausted");
});

test("counts whoever would not meet as having refused", () => {
  expect(specOf(tour).outcomes).toMatchObject({ REJ: "refused", RTP: "refused", CBK: "callback", TP: "wrong-party" });
});

test("that nobody will find, or that is given up before it is late, is pointed out", () => {
  const said = (change: Partial<typeof tour>) => briefly(visit.lint({ ...tour, ...change }, contextWith()));
  expect(said({})).toEqual([]);
  expect(said({ queue: "" })).toEqual(["error visit.queue-missing queue"]);
  expect(said({ dueHours: 400 })).toEqual(["warning visit.due-too-late dueHours"]);
  expect(said({ contentId: "letter.late" })).toEqual(["error visit.content-channel contentId"]);
});
