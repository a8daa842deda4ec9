import { describe, expect, test } from "vitest";
import type { Facts } from "../model/facts";
import { DAY_MS, parseInstant } from "../model/time";
import { EXECUTORS, lines, MONDAY_9_MS, story } from "./testing/both-executors";
import { DONE, PEOPLE, START } from "./testing/call-strategy";
import { type DrawnSettings, type DrawnStep, drawnStrategy, programOf, rewired } from "./testing/drawn-strategy";

const LATE: Facts = { dpd: 10, account_status: "open", overdue: 100_000 };
const DAY: DrawnStep = { type: "wait", data: { mode: "duration", durationMinutes: 1440 }, to: { elapsed: "again" } };
const at = (instant: string): number => parseInstant(`${instant}+08:00`) ?? Number.NaN;

function programAround(steps: { readonly [id: string]: DrawnStep }, settings: DrawnSettings = {}) {
  return programOf(drawnStrategy({ start: START, ...steps, done: DONE, people: PEOPLE }, settings));
}

describe.each(EXECUTORS)("%s executor", (_name, link) => {
  describe("sets values", () => {
    const variables = [
      { name: "rounds", type: "integer", initial: 0 },
      { name: "target", type: "money" },
      { name: "look_on", type: "date" },
    ] as const;

    test("from top to bottom, money rounded half away from zero, unknown where it cannot be reckoned", async () => {
      const assign = [
        { variable: "rounds", value: { operator: "add", of: [{ fact: "var.rounds" }, { literal: 1 }] } },
        { variable: "rounds", value: { operator: "add", of: [{ fact: "var.rounds" }, { literal: 1 }] } },
        { variable: "target", value: { operator: "multiply", of: [{ fact: "overdue" }, { literal: 0.000015 }] } },
        { variable: "look_on", value: { todayPlusDays: 7 } },
        { variable: "stage", value: { fact: "region" } },
      ];
      const program = programAround({ next: { type: "set", data: { assign }, to: { next: "done" } } }, { variables });
      const account = story(link, program);
      const outcome = await account.start(LATE);
      expect(account.state().vars).toEqual({ rounds: 2, target: 2, look_on: "2026-03-09", stage: null });
      expect(lines(outcome)[1]).toBe("next.set(rounds,rounds,target,look_on,stage) -> next");
      expect(outcome.decisions[1]?.factsRead).toEqual({ "var.rounds": 0, overdue: 100_000, region: null });
    });

    test("that later conditions read, counters and the stage among them", async () => {
      const rules = [{ id: "soft", when: { fact: "var.stage", operator: "equal", value: "M1" } }];
      const program = programAround({
        next: { type: "stage", data: { stage: "M1" }, to: { next: "which" } },
        which: { type: "branch", data: { rules }, to: { soft: "often", otherwise: "done", unknown: "done" } },
        often: {
          type: "branch",
          data: { rules: [{ id: "often", when: { fact: "conversations.7d", operator: "greaterThan", value: 2 } }] },
          to: { often: "people", otherwise: "done", unknown: "done" },
        },
      });
      expect(program.counters).toEqual([{ metric: "conversations", days: 7 }]);
      const account = story(link, program);
      await account.start({ ...LATE, "conversations.7d": 3 });
      expect([account.state().nodeId, account.state().vars]).toEqual(["people", { stage: "M1" }]);
    });
  });

  describe("repeats", () => {
    const looping = (data: object, to: { readonly [handle: string]: string } = {}, done = "done") =>
      programOf(
        drawnStrategy({
          start: { ...START, to: { enter: "again" } },
          again: { type: "repeat", data: { when: null, ...data }, to: { again: "pause", done, ...to } },
          pause: DAY,
          rest: { ...DAY, to: { elapsed: "done" } },
          done: DONE,
          people: PEOPLE,
        }),
      );

    test("so many times and no more, and counts anew when the account comes back another time", async () => {
      // Coming back after the rounds are used up is a loop nothing bounds, so none may draw it: wired by hand.
      const back = rewired(looping({ maxTimes: 2 }, {}, "rest"), { rest: { elapsed: "again" } });
      const account = story(link, back);
      const seen = lines(await account.start(LATE)).slice(1, 2);
      for (let turn = 0; turn < 3; turn += 1) {
        const outcome = await account.send({ type: "timer.fired", stepSeq: account.state().stepSeq });
        seen.push(...lines(outcome).filter((line) => line.startsWith("again.")));
      }
      expect(seen).toEqual([
        "again.repeated(1/2) -> again",
        "again.repeated(2/2) -> again",
        "again.repeats-used-up(2) -> done",
        "again.repeated(1/2) -> again",
      ]);
      expect(account.state().loopCounts).toEqual({ again: 1 });
    });

    test("only while its condition holds; an account that cannot be judged takes its own way", async () => {
      const when = { fact: "dpd", operator: "lessThan", value: 12 } as const;
      const program = looping({ maxTimes: 5, when }, { unknown: "people" });
      const told = async (facts: Facts) => {
        const account = story(link, program);
        await account.start(LATE);
        const outcome = await account.send({ type: "timer.fired", stepSeq: account.state().stepSeq }, { facts });
        return lines(outcome)[1];
      };
      expect(await told({ ...LATE, dpd: 11 })).toBe("again.repeated(2/5) -> again");
      expect(await told({ ...LATE, dpd: 12 })).toBe("again.otherwise -> done");
      expect(await told({ account_status: "open" })).toBe("again.unknown(again) -> unknown");
    });
  });

  test("places a hold for a time, and lifts it", async () => {
    const program = programAround({
      next: { type: "hold", data: { hold: "hardship", until: "days", days: 30 }, to: { next: "lift" } },
      lift: { type: "release", data: { hold: "hardship" }, to: { next: "done" } },
    });
    const outcome = await story(link, program).start(LATE);
    expect(lines(outcome).slice(1, 3)).toEqual([
      "next.hold-placed(hardship) -> next",
      "lift.hold-released(hardship) -> next",
    ]);
    expect(outcome.effects).toEqual([
      { kind: "hold.place", hold: "hardship", untilMs: MONDAY_9_MS + 30 * DAY_MS },
      { kind: "hold.release", hold: "hardship" },
    ]);
  });

  describe("waits for a date of the account", () => {
    const waiting = (data: DrawnStep["data"]) =>
      programAround({ next: { type: "wait", data, to: { elapsed: "done", unknown: "people" } } });
    const DUE = { mode: "until-fact-date", fact: "due_date", offsetDays: -1, at: "10:00" };

    test("reckoned once, or again whenever the facts change, as the author says", async () => {
      for (const recompute of [false, true]) {
        const account = story(link, waiting({ ...DUE, recompute }));
        await account.start({ ...LATE, due_date: "2026-03-10" });
        expect(account.state().wakeAtMs).toBe(at("2026-03-09T10:00:00"));
        const moved = await account.send({ type: "facts.changed" }, { facts: { ...LATE, due_date: "2026-03-20" } });
        expect(lines(moved)).toEqual([recompute ? "next.waiting" : "next.ignored-not-awaited(facts.changed)"]);
        expect(account.state().wakeAtMs).toBe(at(recompute ? "2026-03-19T10:00:00" : "2026-03-09T10:00:00"));
      }
    });

    test("and takes its own way when the date is not known, at first or later", async () => {
      const never = story(link, waiting({ ...DUE }));
      await never.start(LATE);
      expect(never.state().nodeId).toBe("people");
      const lost = story(link, waiting({ ...DUE, recompute: true }));
      await lost.start({ ...LATE, due_date: "2026-03-10" });
      await lost.send({ type: "facts.changed" }, { facts: LATE });
      expect(lost.state().nodeId).toBe("people");
    });

    test("pay day: the next one after now, the last of February standing in for the 31st", async () => {
      const account = story(link, waiting({ mode: "until-payday", at: "10:00" }));
      await account.start({ ...LATE, payday: 31 }, at("2026-02-03T09:00:00"));
      expect(account.state().wakeAtMs).toBe(at("2026-02-28T10:00:00"));
    });
  });
});
