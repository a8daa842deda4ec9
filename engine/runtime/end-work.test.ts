import { describe, expect, it } from "vitest";
import { houseDesk } from "../desk/house-desk";
import { promiseIn } from "../model/promise";
import { DAY_MS, HOUR_MS } from "../model/time";
import { SHANGHAI } from "../testing/builders";
import { ANN, MONDAY } from "../testing/live-run";
import { endingsOf, endOf, type OpenWork } from "./end-work";

const subject = { enrollmentId: "enr_1", partyId: ANN.partyId, accountId: ANN.id } as const;
const visit = { key: "enr_1:2:1", stepSeq: 2, attempt: 1 } as const;
const call: OpenWork = { subject, intent: { kind: "contact", channel: "agent", ...visit } };
const approval: OpenWork = { subject, intent: { kind: "task", channel: null, task: "approval", ...visit } };
const setting = { nowMs: MONDAY, timeZone: SHANGHAI } as const;
const said = (work: OpenWork, end: Parameters<typeof endOf>[1]) => {
  const ended = endOf(work, end, setting);
  return ended.ok ? ended.value : ended.error.map(({ code }) => code);
};

describe("a person ends a piece of work", () => {
  it("with a promise: the result, and the promise with its amount and day", () => {
    const promise = { amountMinor: 50_000, dueDate: "2026-03-05" };
    const [result, made] = said(call, { outcome: "PTP", promise });
    expect(result).toMatchObject({ type: "contact.result", stepSeq: 2, dedupeKey: "result:desk:enr_1:2:1" });
    expect(made).toMatchObject({ type: "promise.made", data: promise });
    expect(promiseIn("PTP", { promise_amount: 50_000, promise_due_date: "2026-03-05" })).toEqual(promise);
  });

  it("not with half a promise, one for yesterday, or a call back without a time to come", () => {
    const half = ["desk.promise-incomplete"];
    expect(said(call, { outcome: "PTP" })).toEqual(half);
    expect(said(call, { outcome: "PPP", promise: { amountMinor: 0, dueDate: "2026-03-05" } })).toEqual(half);
    expect(said(call, { outcome: "PTP", promise: { amountMinor: 1, dueDate: "2026-03-01" } })).toEqual(half);
    expect(said(call, { outcome: "CBK" })).toEqual(["desk.callback-missing"]);
    expect(said(call, { outcome: "CBK", callbackMs: MONDAY - HOUR_MS })).toEqual(["desk.callback-missing"]);
    expect(said(call, { outcome: "CBK", callbackMs: MONDAY + DAY_MS })).toMatchObject([
      { data: { outcome: "CBK", values: { callback_at: "2026-03-03T10:00:00+08:00" } } },
    ]);
  });

  it("a dispute brings its hold, a refusal brings no promise although one was typed in", () => {
    expect(said(call, { outcome: "DSP" })).toMatchObject([{ data: { hold: "dispute", conversed: true } }]);
    expect(said(call, { outcome: "RTP", promise: { amountMinor: 1, dueDate: "2026-03-05" } })).toHaveLength(1);
  });

  it("a task by one of its own ends, and by no other", () => {
    expect(said(approval, { outcome: "approved" })).toMatchObject([
      { type: "task.completed", data: { task: "approval", outcome: "approved" } },
    ]);
    expect(said(approval, { outcome: "PTP" })).toEqual(["desk.outcome-unknown"]);
    expect(said(call, { outcome: "approved" })).toEqual(["desk.outcome-unknown"]);
    expect(endingsOf(approval)).toEqual(["approved", "rejected", "changes-requested"]);
  });

  it("the house's own desk takes a call under its key and announces nothing", async () => {
    const request = { key: visit.key } as Parameters<ReturnType<typeof houseDesk>["send"]>[0];
    const taken = await houseDesk("agent").send(request, { signal: new AbortController().signal });
    expect(taken).toEqual({ kind: "accepted", ref: visit.key, costMinor: 0, announced: [] });
  });
});
