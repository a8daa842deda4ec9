import { describe, expect, test } from "vitest";
import { TASK_OUTCOMES } from "../model/program";
import { DAY_MS } from "../model/time";
import { EXECUTORS, lines, MONDAY_9_MS, story } from "../run/testing/both-executors";
import { complaint } from "./complaint/node";
import { dispute } from "./dispute/node";
import { hardship } from "./hardship/node";
import { problemsOf, programWith } from "./testing/work-story";

const late = { dpd: 40, account_status: "open" };
const INTAKES = [
  { kind: "hardship", definition: hardship },
  { kind: "dispute", definition: dispute },
  { kind: "complaint", definition: complaint },
] as const;

describe.each(EXECUTORS)("on the %s executor", (_, link) => {
  describe.each(INTAKES)("the intake of a $kind", ({ kind, definition }) => {
    const taken = async (change: object = {}) => {
      const data = { ...definition.initial(), queue: "care", dueDays: 15, giveUpDays: 30, ...change };
      const account = story(link, programWith(definition, data));
      return { account, begun: await account.start(late) };
    };

    test("freezes the party before the case is opened", async () => {
      const { account, begun } = await taken({ holdDays: 20 });
      expect(lines(begun).slice(1)).toEqual([`step.hold-placed(${kind}) -> next`, "step/case.requested(1)"]);
      expect(begun.effects).toMatchObject([
        { kind: "hold.place", hold: kind, untilMs: MONDAY_9_MS + 20 * DAY_MS },
        {
          kind: "task.request",
          nodeId: "step/case",
          task: kind,
          desk: { queue: "care", dueAtMs: MONDAY_9_MS + 15 * DAY_MS },
          notAfterMs: MONDAY_9_MS + 30 * DAY_MS,
        },
      ]);
      expect(account.state()).toMatchObject({ nodeId: "step/case", stepSeq: 3, pending: true });
    });

    test("holds until somebody releases it when no days are named", async () => {
      const { begun } = await taken({ holdDays: 0 });
      expect(begun.effects[0]).toEqual({ kind: "hold.place", hold: kind, untilMs: null });
    });

    test("releases the hold with the endings the author named and with no other", async () => {
      for (const outcome of TASK_OUTCOMES[kind]) {
        const { account } = await taken({ releaseOn: ["withdrawn"] });
        const ended = await account.send({ type: "task.completed", stepSeq: 3, attempt: 1, outcome });
        const released = outcome === "withdrawn" ? [{ kind: "hold.release", hold: kind }] : [];
        expect(ended.effects).toEqual(released);
        expect(account.state().exit).toEqual({ reason: "completed", label: outcome });
      }
    });

    test("keeps the hold when nobody ended the case in time, and when the answer makes no sense", async () => {
      const { account } = await taken({ releaseOn: [...TASK_OUTCOMES[kind]] });
      const expired = await account.send({ type: "timer.fired", stepSeq: 3 });
      expect(lines(expired)[0]).toBe("step/case.expired -> expired");
      expect(expired.effects).toEqual([{ kind: "request.cancel", stepSeq: 3, attempt: 1 }]);
      const odd = await taken({ releaseOn: [...TASK_OUTCOMES[kind]] });
      const answered = await odd.account.send({ type: "task.completed", stepSeq: 3, attempt: 1, outcome: "gone" });
      expect(lines(answered)[0]).toBe("step/case.exhausted(gone) -> other");
      expect(answered.effects).toEqual([]);
    });
  });
});

describe.each(INTAKES)("the case of a $kind", ({ kind, definition }) => {
  const data = { ...definition.initial(), queue: "care" };

  test("is heard in spite of its own hold and of no other (ADR 0010)", () => {
    const { steps } = programWith(definition, data);
    expect(steps["step/case"]?.spec).toMatchObject({ kind: "request", despite: [kind] });
    const others = Object.values(steps).filter(({ id }) => id !== "step/case");
    expect(others.filter(({ spec }) => "despite" in spec)).toEqual([]);
  });

  test("lints", () => {
    expect(problemsOf(definition, definition.initial())).toEqual(["error work.queue-missing queue"]);
    expect(problemsOf(definition, data)).toEqual([]);
    expect(problemsOf(definition, { ...data, giveUpDays: 40, holdDays: 39 })).toEqual([
      "warning work.hold-ends-early holdDays",
    ]);
    expect(problemsOf(definition, { ...data, dueDays: 20, giveUpDays: 10, holdDays: 0 })).toEqual([
      "warning work.due-after-end dueDays",
    ]);
    expect(problemsOf(definition, { ...data, giveUpDays: 60, holdDays: 0 }, { horizonDays: 30 })).toEqual([
      "warning work.beyond-horizon giveUpDays",
    ]);
  });

  test("knows no ending that is another case's", () => {
    expect(definition.schema.safeParse({ ...data, releaseOn: ["approved"] }).success).toBe(false);
  });
});
