import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MONDAY_MORNING_MS as NOW } from "../testing/builders";
import { readEntry, type UnreadEntry } from "./inbox-event";

const entry = (type: string, data: unknown, visit: Partial<UnreadEntry> = { stepSeq: 3, attempt: 1 }): UnreadEntry => ({
  dedupeKey: "e",
  atMs: NOW,
  stepSeq: null,
  attempt: null,
  type,
  data,
  ...visit,
});
const eventOf = (unread: UnreadEntry) => {
  const read = readEntry(unread);
  return read.ok ? read.value.event : read.error;
};

describe("an entry of the inbox", () => {
  const values = { score: 712.5, note: "ok", fit: true, nothing: null };
  const visit = { id: "e", at: NOW, stepSeq: 3, attempt: 1 };

  it.each([
    ["task.completed", { task: "plan", outcome: "accepted", values }, { ...visit, outcome: "accepted", values }],
    ["task.completed", { task: "legal", outcome: "closed" }, { ...visit, outcome: "closed" }],
    ["external.result", { outcome: "low", values }, { ...visit, outcome: "low", values }],
    ["qa.verdict", { outcome: "pass", values: { score: 90 } }, { ...visit, outcome: "pass", values: { score: 90 } }],
  ])("%s is read with what it brings along", (type, data, event) => {
    expect(eventOf(entry(type, data))).toEqual({ type, ...event });
  });

  it("promise.made belongs to no visit", () => {
    const data = { amountMinor: 5, dueDate: "2026-03-06" };
    expect(eventOf(entry("promise.made", data, {}))).toEqual({ id: "e", at: NOW, type: "promise.made", ...data });
  });

  it.each([
    ["task.completed", { task: "plans", outcome: "accepted" }],
    ["task.completed", { task: "plan", outcome: "" }],
    ["external.result", { outcome: "low", values: { a: { b: 1 } } }],
    ["external.result", { outcome: "low", values: { "A b": 1 } }],
    ["external.result", { outcome: "low", values: { a: "\u0000" } }],
    ["external.result", { outcome: "low", values: { a: "\ud800" } }],
    ["external.result", { outcome: "low", values: { a: "x".repeat(1001) } }],
    [
      "external.result",
      { outcome: "low", values: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`v${n}`, n])) },
    ],
    ["external.result", { outcome: "low", values: { a: Number.POSITIVE_INFINITY } }],
    ["promise.made", { amountMinor: 0, dueDate: "2026-03-06" }],
    ["promise.made", { amountMinor: 5, dueDate: "2026-02-30" }],
    ["task.promised", {}],
  ])("%s with %j is set aside, not thrown over", (type, data) => {
    expect(eventOf(entry(type, data))).toMatch(/^inbox\.unreadable:/);
  });

  it("an answer without its visit is set aside", () => {
    expect(eventOf(entry("external.result", { outcome: "low" }, {}))).toMatch(/^inbox\.unreadable:/);
  });

  it("is read or set aside whatever it holds", () => {
    const types = fc.constantFrom("task.completed", "external.result", "qa.verdict", "promise.made", "contact.result");
    fc.assert(
      fc.property(types, fc.jsonValue(), (type, data) =>
        ["string", "object"].includes(typeof eventOf(entry(type, data))),
      ),
    );
  });
});
