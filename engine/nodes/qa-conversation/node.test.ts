import { describe, expect, test } from "vitest";
import { HOUR_MS } from "../../model/time";
import { EXECUTORS, lines, MONDAY_9_MS, story } from "../../run/testing/both-executors";
import { problemsOf, programWith } from "../testing/work-story";
import { qaConversation } from "./node";

const data = { ...qaConversation.initial(), lexicon: "basic", giveUpHours: 24 };

describe.each(EXECUTORS)("on the %s executor a conversation", (_, link) => {
  const checked = async () => {
    const account = story(link, programWith(qaConversation, data));
    return { account, begun: await account.start({ dpd: 10, account_status: "open" }) };
  };

  test("is checked against the word list and the passing score", async () => {
    const { begun } = await checked();
    expect(begun.effects).toMatchObject([
      {
        kind: "conversation-qa.request",
        channel: "robot",
        lexicon: "basic",
        passScore: 80,
        notAfterMs: MONDAY_9_MS + 24 * HOUR_MS,
      },
    ]);
  });

  test.each([
    ["pass", "pass"],
    ["block", "fail"],
    ["review", "review"],
  ] as const)("with the verdict “%s” goes by “%s”", async (outcome, handle) => {
    const { account } = await checked();
    const answered = await account.send({ type: "qa.verdict", stepSeq: 2, attempt: 1, outcome });
    expect(lines(answered)[0]).toBe(`step.outcome(${outcome}) -> ${handle}`);
  });

  test("nobody checked never passes", async () => {
    const { account } = await checked();
    expect(lines(await account.send({ type: "timer.fired", stepSeq: 2 }))[0]).toBe("step.expired -> expired");
  });
});

test("the word list must be chosen and exist; a passing score of 0 is pointed out", () => {
  expect(problemsOf(qaConversation, data)).toEqual([]);
  expect(problemsOf(qaConversation, qaConversation.initial())).toEqual([
    "error qa.conversation.lexicon-missing lexicon",
  ]);
  expect(problemsOf(qaConversation, { ...data, lexicon: "valueOf" })).toEqual([
    "error qa.conversation.lexicon-unknown lexicon",
  ]);
  expect(problemsOf(qaConversation, { ...data, passScore: 0 })).toEqual([
    "warning qa.conversation.passes-always passScore",
  ]);
  expect(problemsOf(qaConversation, data, { horizonDays: 1 })).toEqual([]);
  expect(problemsOf(qaConversation, { ...data, giveUpHours: 25 }, { horizonDays: 1 })).toEqual([
    "warning work.beyond-horizon giveUpHours",
  ]);
});
