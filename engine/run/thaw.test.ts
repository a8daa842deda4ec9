import { describe, expect, it } from "vitest";
import type { Hold } from "../model/policy";
import type { Program } from "../model/program";
import { DAY_MS } from "../model/time";
import { aState, MONDAY_MORNING_MS as NOW } from "../testing/builders";
import { asking, enteringTo, handMadeProgram, LATE_ONES, LEAVE } from "../testing/hand-made-program";
import { FIVE_DAYS_OFF, PLAN_FOLLOWED, PROMISE_KEPT } from "../testing/work-stories";
import { despiteOf, isFrozen } from "./freeze";
import { listensFor } from "./listens";
import { SMALL_MARKET } from "./testing/small-market";
import { thawed } from "./thaw";

const hold = (kind: Hold["kind"], fromDays: number, untilDays: number | null): Hold => ({
  kind,
  fromMs: NOW + fromDays * DAY_MS,
  untilMs: untilDays === null ? null : NOW + untilDays * DAY_MS,
});

describe("an account whose hold has ended", () => {
  const at = { horizonMs: 100 * DAY_MS, nowMs: NOW + 9 * DAY_MS };

  it("goes on where it stood, its waits moved by the time it stood still", () => {
    const before = aState({ status: "held", wakeAtMs: NOW + 3 * DAY_MS });
    const { state, shiftMs } = thawed(before, [hold("dispute", 1, 5), hold("complaint", 4, 9)], at);
    expect(shiftMs).toBe(8 * DAY_MS);
    expect(state).toEqual({
      ...before,
      status: "active",
      enteredAtMs: before.enteredAtMs + 8 * DAY_MS,
      wakeAtMs: NOW + 11 * DAY_MS,
    });
  });

  it("that came to its step in the middle of the hold has stood still only since then", () => {
    const enteredAtMs = NOW + 6 * DAY_MS;
    const { state, shiftMs } = thawed(aState({ enteredAtMs, wakeAtMs: NOW + 7 * DAY_MS }), [hold("dispute", 1, 9)], at);
    expect([shiftMs, state.wakeAtMs]).toEqual([3 * DAY_MS, NOW + 10 * DAY_MS]);
  });

  it("never waits beyond its horizon, and one without a timer gets none", () => {
    const short = { ...at, horizonMs: 10 * DAY_MS };
    expect(thawed(aState({ wakeAtMs: NOW + 9 * DAY_MS }), [hold("dispute", 1, 9)], short).state.wakeAtMs).toBe(
      NOW + 10 * DAY_MS,
    );
    expect(thawed(aState(), [hold("dispute", 1, 9)], at).state.wakeAtMs).toBeNull();
  });
});

describe("a hold", () => {
  const program: Program = handMadeProgram(SMALL_MARKET, {
    rules: LATE_ONES,
    steps: {
      start: enteringTo("case"),
      case: asking(
        { kind: "task", task: "dispute", desk: { queue: "q", priority: 1, dueMs: DAY_MS }, details: {} },
        {},
        { otherwise: "done", despite: ["dispute"] },
      ),
      done: LEAVE,
    },
  });

  it("freezes from its beginning until just before its end, but not a step that is about it", () => {
    const dispute = [hold("dispute", 0, 2)];
    expect([-1, 0, 2 * DAY_MS - 1, 2 * DAY_MS].map((ms) => isFrozen(dispute, [], NOW + ms))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isFrozen(dispute, despiteOf(program, "case"), NOW)).toBe(false);
    expect(isFrozen([...dispute, hold("deceased", 0, null)], despiteOf(program, "case"), NOW)).toBe(true);
    for (const step of ["start", "done", "gone", "constructor"]) expect(despiteOf(program, step)).toEqual([]);
  });
});

describe("news the shell makes", () => {
  it("is for strategies that await it, watch for it, reckon by it, or leave by what it changes", () => {
    const promise = handMadeProgram(SMALL_MARKET, PROMISE_KEPT);
    const plan = handMadeProgram(SMALL_MARKET, PLAN_FOLLOWED);
    const neither = handMadeProgram(SMALL_MARKET, FIVE_DAYS_OFF);
    const types = ["promise.made", "facts.changed", "payment.posted"] as const;
    const heard = (program: Program) => types.filter((type) => listensFor(program, type));
    expect(heard(promise)).toEqual(["promise.made", "payment.posted"]);
    expect(heard(plan)).toEqual(["facts.changed", "payment.posted"]);
    expect(heard(neither)).toEqual([]);
    const exits = { $exits: { cured: { fact: "promise_status", operator: "equal", value: "kept" } } } as const;
    expect(heard(handMadeProgram(SMALL_MARKET, { ...FIVE_DAYS_OFF, rules: { ...LATE_ONES, ...exits } }))).toEqual(
      types,
    );
  });
});
