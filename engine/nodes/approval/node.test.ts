import { describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../model/time";
import { EXECUTORS, lines, MONDAY_9_MS, story } from "../../run/testing/both-executors";
import { problemsOf, programWith } from "../testing/work-story";
import { approval } from "./node";

const ask = {
  ...approval.initial(),
  queue: "supervisors",
  question: "File with the court?",
  dueHours: 8,
  giveUpHours: 48,
};
const late = { dpd: 100, account_status: "open" };

describe.each(EXECUTORS)("on the %s executor an account that needs approval", (_, link) => {
  const asked = async () => {
    const account = story(link, programWith(approval, ask));
    return { account, begun: await account.start(late) };
  };

  test("asks the queue the question, with a date by which it is due and one after which nobody waits", async () => {
    const { begun } = await asked();
    expect(begun.effects).toEqual([
      {
        kind: "task.request",
        stepSeq: 2,
        nodeId: "step",
        attempt: 1,
        task: "approval",
        desk: { queue: "supervisors", priority: 5, dueAtMs: MONDAY_9_MS + 8 * HOUR_MS },
        details: { question: "File with the court?" },
        notAfterMs: MONDAY_9_MS + 2 * DAY_MS,
      },
    ]);
  });

  test.each(["approved", "rejected", "changes-requested"])("goes on by “%s”", async (outcome) => {
    const { account } = await asked();
    const answered = await account.send({ type: "task.completed", stepSeq: 2, attempt: 1, outcome });
    expect(lines(answered)[0]).toBe(`step.outcome(${outcome}) -> ${outcome}`);
    expect(answered.effects).toEqual([]);
  });

  test("takes an answer nobody expected by a way of its own, never as a yes", async () => {
    const { account } = await asked();
    const answered = await account.send({ type: "task.completed", stepSeq: 2, attempt: 1, outcome: "perhaps" });
    expect(lines(answered)[0]).toBe("step.exhausted(perhaps) -> other");
  });

  test("calls the question back when nobody decided in time", async () => {
    const { account } = await asked();
    const unanswered = await account.send({ type: "timer.fired", stepSeq: 2 });
    expect(lines(unanswered)[0]).toBe("step.expired -> expired");
    expect(unanswered.effects).toEqual([{ kind: "request.cancel", stepSeq: 2, attempt: 1 }]);
  });
});

test("says what is missing, and what comes too late to matter", () => {
  expect(problemsOf(approval, approval.initial())).toEqual([
    "error approval.question-missing question",
    "error work.queue-missing queue",
  ]);
  expect(problemsOf(approval, ask)).toEqual([]);
  expect(problemsOf(approval, { ...ask, dueHours: 72 })).toEqual(["warning work.due-after-end dueHours"]);
  expect(problemsOf(approval, ask, { horizonDays: 1 })).toEqual(["warning work.beyond-horizon giveUpHours"]);
});
