import { describe, expect, test } from "vitest";
import type { Facts } from "../model/facts";
import { DAY_MS, parseInstant } from "../model/time";
import { EXECUTORS, lines, story } from "./testing/both-executors";
import { START } from "./testing/call-strategy";
import { type DrawnStep, drawnStrategy, programOf } from "./testing/drawn-strategy";

const leave = (label: string): DrawnStep => ({ type: "exit", data: { reason: "completed", label }, to: {} });
const PTP = {
  confirmContentId: "sms.reminder",
  remindContentId: "sms.reminder",
  remindDaysBefore: 1,
  remindAt: "10:00",
  graceDays: 2,
  toleranceShare: 0.9,
  partialShare: 0.3,
};
const WAYS = { kept: "kept", partial: "partial", broken: "broken", none: "none", unknown: "unclear" };

function programWith(data: Partial<typeof PTP> = {}) {
  const next: DrawnStep = { type: "promise", data: { ...PTP, ...data }, to: WAYS };
  const exits = Object.fromEntries(Object.values(WAYS).map((id) => [id, leave(id)]));
  return programOf(drawnStrategy({ start: START, next, ...exits }));
}

/** Promised on Monday 2 March for Thursday the 5th; nothing paid yet. */
const PROMISED: Facts = {
  dpd: 10,
  account_status: "open",
  promise_status: "open",
  promise_due_date: "2026-03-05",
  promise_paid_share: 0,
};
const paid = (share: number): Facts => ({ ...PROMISED, promise_paid_share: share });
const at = (instant: string): number => parseInstant(`${instant}+08:00`) ?? Number.NaN;

describe.each(EXECUTORS)("%s executor follows a promise", (_name, link) => {
  const promised = (data: Partial<typeof PTP> = {}) => story(link, programWith(data));

  test("that nobody keeps: confirmed, reminded the day before, broken when the grace is over", async () => {
    const account = promised();
    const first = await account.start(PROMISED);
    expect(lines(first)).toEqual([
      "start.entered(enter) -> enter",
      "next.otherwise -> otherwise",
      "next/confirm.requested(1) -> sent",
      "next/remind-when.rule-holds(ahead) -> ahead",
      "next/remind-wait.waiting",
    ]);
    expect(account.state().wakeAtMs).toBe(at("2026-03-04T10:00:00"));
    const reminded = await account.send({ type: "timer.fired", stepSeq: account.state().stepSeq });
    expect(lines(reminded)).toEqual([
      "next/remind-wait.elapsed -> elapsed",
      "next/remind.requested(1) -> sent",
      "next/due.waiting",
    ]);
    // Thursday and two days of grace: over when Sunday begins.
    expect(account.state().wakeAtMs).toBe(at("2026-03-08T00:00:00"));
    const judged = await account.send({ type: "timer.fired", stepSeq: account.state().stepSeq });
    expect(lines(judged)).toEqual([
      "next/due.elapsed -> elapsed",
      "next/settle.otherwise -> otherwise",
      "next/close-broken.promise-closed(broken) -> next",
      "broken.exit(completed)",
    ]);
    expect(judged.effects).toEqual([{ kind: "promise.close", result: "broken" }]);
  });

  test.each([
    [0.9, "kept"],
    [0.89, "partial"],
    [0.3, "partial"],
    [0.29, "broken"],
  ])("of which %d was paid when the grace is over: %s", async (share, result) => {
    const account = promised({ remindContentId: "" });
    await account.start(PROMISED);
    const judged = await account.send(
      { type: "timer.fired", stepSeq: account.state().stepSeq },
      { facts: paid(share) },
    );
    expect(account.state()).toMatchObject({ nodeId: result, exit: { label: result } });
    expect(judged.effects).toEqual([{ kind: "promise.close", result }]);
  });

  test("that is kept early: at once, whatever was still to come", async () => {
    const account = promised();
    await account.start(PROMISED);
    const half = await account.send({ type: "payment.posted", amountMinor: 500 }, { facts: paid(0.5) });
    expect(lines(half)).toEqual(["next/remind-wait.watch-checked"]);
    const rest = await account.send({ type: "payment.posted", amountMinor: 400 }, { facts: paid(0.9) });
    expect(lines(rest)).toEqual([
      "next/remind-wait.watch-holds(kept) -> paid",
      "next/close-kept.promise-closed(kept) -> next",
      "kept.exit(completed)",
    ]);
    expect(rest.effects).toEqual([{ kind: "promise.close", result: "kept" }]);
  });

  test("whose payment bounced: a reversal is looked at and keeps nothing", async () => {
    const account = promised();
    await account.start(PROMISED);
    const bounced = await account.send({ type: "payment.reversed", amountMinor: 500 }, { facts: paid(0) });
    expect(lines(bounced)).toEqual(["next/remind-wait.watch-checked"]);
  });

  test("that is replaced by another: the new day counts from then on", async () => {
    const account = promised({ confirmContentId: "", remindContentId: "" });
    await account.start(PROMISED);
    const again = await account.send(
      { type: "promise.made", amountMinor: 1000, dueDate: "2026-03-12" },
      { facts: { ...PROMISED, promise_due_date: "2026-03-12" } },
    );
    expect(lines(again)).toEqual(["next/due.waiting"]);
    expect(account.state().wakeAtMs).toBe(at("2026-03-15T00:00:00"));
  });

  test("that was called off: nobody is blamed for it", async () => {
    const account = promised({ remindContentId: "" });
    await account.start(PROMISED);
    const judged = await account.send(
      { type: "timer.fired", stepSeq: account.state().stepSeq },
      { facts: { ...PROMISED, promise_status: "cancelled" } },
    );
    expect([account.state().nodeId, judged.effects]).toEqual(["none", []]);
  });

  test("for tomorrow is not reminded of today, and one for today not at all", async () => {
    for (const due of ["2026-03-03", "2026-03-02"]) {
      const account = promised();
      const outcome = await account.start({ ...PROMISED, promise_due_date: due });
      expect(lines(outcome).at(-1)).toBe("next/due.waiting");
      expect(outcome.effects).toHaveLength(1);
    }
  });

  test("only where there is one, and only when enough is known of it", async () => {
    const start = async (facts: Facts) => {
      const account = promised();
      const outcome = await account.start({ ...PROMISED, ...facts });
      return [account.state().nodeId, outcome.effects.map(({ kind }) => kind)];
    };
    expect(await start({ promise_status: "none" })).toEqual(["none", []]);
    expect(await start({ promise_status: "broken" })).toEqual(["none", []]);
    expect(await start({ promise_status: null })).toEqual(["unclear", []]);
    expect(await start({ promise_paid_share: null })).toEqual(["unclear", []]);
    expect(await start({ promise_paid_share: 1 })).toEqual(["kept", ["promise.close"]]);
  });

  test("and loses sight of it: a date nobody knows any more is unknown, not broken", async () => {
    const account = promised({ remindContentId: "" });
    await account.start(PROMISED);
    const lost = await account.send(
      { type: "promise.made", amountMinor: 1000, dueDate: "2026-03-12" },
      { facts: { ...PROMISED, promise_due_date: null }, nowMs: account.state().enteredAtMs + DAY_MS },
    );
    expect([account.state().nodeId, lost.effects]).toEqual(["unclear", []]);
  });
});
