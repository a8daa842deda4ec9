import { describe, expect, test } from "vitest";
import { type Field, FieldSchema } from "../../model/facts";
import type { NodeContext } from "../define";
import { briefly, contextWith } from "../testing/context";
import { wait } from "./node";

type WaitData = Partial<Parameters<typeof wait.compile>[0]>;

/** Data as they come from a document: with what the schema fills in. */
const read = (data: WaitData): Parameters<typeof wait.compile>[0] => wait.schema.parse(data);

function field(key: string, type: Field["type"], usableInRules = true): readonly [string, Field] {
  return [key, FieldSchema.parse({ key, type, label: { en: key }, origin: "column", usableInRules })];
}

const CALENDAR = { name: "cn", holidays: [], workdays: [], knownUntil: "2026-12-31" };
const CONTEXT: NodeContext = {
  ...contextWith(),
  fields: Object.fromEntries([
    field("dpd", "integer"),
    field("payday", "integer"),
    field("due_date", "date"),
    field("birth_date", "date", false),
  ]),
};

describe("what is waited for", () => {
  test.each<[WaitData, object]>([
    [
      { mode: "duration", durationMinutes: 90 },
      { mode: "duration", durationMs: 5_400_000 },
    ],
    [
      { mode: "duration", durationMinutes: 1440, at: "10:00" },
      { mode: "duration", durationMs: 86_400_000, at: "10:00" },
    ],
    [
      { mode: "duration", durationMinutes: 1440, at: "" },
      { mode: "duration", durationMs: 86_400_000 },
    ],
    [
      { mode: "until-local-time", at: "09:30" },
      { mode: "until-local-time", at: "09:30" },
    ],
    [
      { mode: "until-date", date: "2026-12-31", at: "09:00" },
      { mode: "until-date", date: "2026-12-31", at: "09:00" },
    ],
    [
      { mode: "until-dpd", dpd: 15, at: "10:00" },
      { mode: "until-dpd", dpd: 15, at: "10:00" },
    ],
    [
      { mode: "until-working-day", workingDays: 3, at: "09:00" },
      { mode: "until-working-day", count: 3, at: "09:00" },
    ],
    [
      { mode: "until-payday", offsetDays: 1, at: "10:00" },
      { mode: "until-day-of-month", fact: "payday", offsetDays: 1, at: "10:00" },
    ],
    [
      { mode: "until-fact-date", fact: "due_date", at: "10:00" },
      { mode: "until-fact-date", fact: "due_date", offsetDays: 0, at: "10:00" },
    ],
    [
      {
        mode: "event",
        events: ["reply.received", "payment.posted"],
        deadlineMinutes: 60,
      },
      { mode: "event", events: ["payment.posted", "reply.received"], deadlineMs: 3_600_000 },
    ],
  ])("%j", (data, expected) => {
    expect(briefly(wait.lint(read(data), CONTEXT)).filter((found) => !found.includes("calendar"))).toEqual([]);
    const spec = wait.compile(read(data), contextWith());
    expect(spec.kind === "wait" && spec.wait).toEqual(expected);
  });

  test("what was typed for another way of waiting is kept and does not count", () => {
    const data: WaitData = { mode: "until-local-time", at: "09:00", durationMinutes: 5, dpd: 3, date: "" };
    const spec = wait.compile(read(data), contextWith());
    expect(spec.kind === "wait" && spec.wait).toEqual({ mode: "until-local-time", at: "09:00" });
  });
});

test.each<[WaitData, readonly string[]]>([
  [{ mode: "duration" }, ["error wait.duration-missing durationMinutes"]],
  [{ mode: "until-local-time", at: "" }, ["error wait.time-missing at"]],
  [{ mode: "until-date" }, ["error wait.date-missing date", "error wait.time-missing at"]],
  [{ mode: "until-dpd", at: "09:00" }, ["error wait.dpd-missing dpd"]],
  [{ mode: "event", events: [] }, ["error wait.events-missing events", "error wait.deadline-missing deadlineMinutes"]],
  [{ mode: "duration", durationMinutes: 400 * 1440 }, ["warning wait.beyond-horizon durationMinutes"]],
  [
    { mode: "event", events: ["payment.posted"], deadlineMinutes: 400 * 1440 },
    ["warning wait.beyond-horizon deadlineMinutes"],
  ],
])("%j is pointed out", (data, expected) => {
  expect(briefly(wait.lint(read(data), contextWith()))).toEqual(expected);
});

test("waiting for an event always has a deadline, and no wait is longer than 400 days", () => {
  expect(() => wait.compile(read({ mode: "event", events: ["payment.posted"] }), contextWith())).toThrow(
    "wait.incomplete",
  );
  expect(wait.schema.safeParse({ mode: "duration", durationMinutes: 400 * 1440 + 1 }).success).toBe(false);
  expect(wait.schema.safeParse({ mode: "duration", durationMinutes: 0 }).success).toBe(false);
});

test("ways on follow from how it waits; an account whose days past due are unknown has its own", () => {
  const ids = (data: WaitData) => wait.handles(read(data)).map(({ id }) => id);
  expect(ids({ mode: "duration", durationMinutes: 1 })).toEqual(["elapsed"]);
  expect(ids({ mode: "event", events: [], deadlineMinutes: 1 })).toEqual(["happened", "elapsed"]);
  expect(ids({ mode: "until-dpd", dpd: 1, at: "09:00" })).toEqual(["elapsed", "unknown"]);
});

describe("reckoned from what is known of the account", () => {
  const dated = (fact: string): WaitData => ({ mode: "until-fact-date", fact, at: "10:00" });

  test.each<[WaitData, readonly string[]]>([
    [dated(""), ["error wait.fact-missing fact"]],
    [dated("mood"), ["error condition.fact-unknown fact"]],
    [dated("birth_date"), ["error condition.fact-not-usable fact"]],
    [dated("dpd"), ["error wait.fact-no-date fact"]],
    [{ mode: "until-working-day", at: "09:00" }, ["error wait.working-days-missing workingDays"]],
    [{ mode: "until-payday", offsetDays: 29, at: "10:00" }, ["error wait.payday-offset offsetDays"]],
  ])("%j is pointed out", (data, expected) => {
    const found = briefly(wait.lint(read(data), CONTEXT));
    expect(found.filter((line) => !line.includes("calendar"))).toEqual(expected);
  });

  test("a market without pay days cannot wait for one", () => {
    const found = wait.lint(read({ mode: "until-payday", at: "10:00" }), contextWith());
    expect(briefly(found)).toEqual(["error wait.payday-unknown mode"]);
  });

  test("an account of which the date is unknown has its own way on", () => {
    const ids = (data: WaitData) => wait.handles(read(data)).map(({ id }) => id);
    expect(ids({ mode: "until-payday", at: "10:00" })).toEqual(["elapsed", "unknown"]);
    expect(ids(dated("due_date"))).toEqual(["elapsed", "unknown"]);
    expect(ids({ mode: "until-working-day", workingDays: 1, at: "10:00" })).toEqual(["elapsed"]);
  });

  test("only what is reckoned from a fact is reckoned anew when facts change", () => {
    const recomputeOn = (data: WaitData) => {
      const spec = wait.compile(read({ ...data, recompute: true }), CONTEXT);
      return spec.kind === "wait" ? spec.recomputeOn : null;
    };
    expect(recomputeOn(dated("due_date"))).toEqual(["facts.changed"]);
    expect(recomputeOn({ mode: "until-dpd", dpd: 5, at: "10:00" })).toEqual(["facts.changed"]);
    expect(recomputeOn({ mode: "duration", durationMinutes: 5 })).toBeUndefined();
    expect(wait.compile(read(dated("due_date")), CONTEXT)).not.toHaveProperty("recomputeOn");
  });
});

test("says how far the calendar of working days reaches, and when there is none", () => {
  const data = read({ mode: "until-working-day", workingDays: 3, at: "09:00" });
  expect(briefly(wait.lint(data, CONTEXT))).toEqual(["warning wait.calendar-missing mode"]);
  const found = wait.lint(data, { ...CONTEXT, calendar: CALENDAR });
  expect(briefly(found)).toEqual(["info wait.calendar-ends workingDays"]);
  // 400 days from 27 November 2025 end on 1 January 2027, the first day the calendar does not know.
  expect(found[0]?.params).toEqual({ knownUntil: "2026-12-31", from: "2025-11-27" });
});

test("waits drawn with version 1 go on as they were: reckoned once, on entry", () => {
  const old = { mode: "until-dpd", dpd: 15, at: "10:00" };
  const migrated = wait.schema.parse(wait.migrate[1]?.(old));
  expect(migrated).toEqual({ ...old, recompute: false });
  expect(wait.compile(migrated, CONTEXT)).not.toHaveProperty("recomputeOn");
});
