import { describe, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../model/time";
import { EXECUTORS, lines, MONDAY_9_MS, story } from "../../run/testing/both-executors";
import { problemsOf, programWith } from "../testing/work-story";
import { external } from "./node";

const data = {
  ...external.initial(),
  integration: "affordability",
  send: ["dpd", "owed"],
  answers: [{ id: "can-pay" }, { id: "cannot-pay" }],
  receive: [{ name: "spare_income", variable: "spare" }],
  maxAttempts: 2,
  gapMinutes: 10,
};
const SPARE = { variables: [{ name: "spare", type: "money", initial: null }] } as const;
const facts = { dpd: 40, account_status: "open", owed: 500_000, customer_name: "Li" };

describe.each(EXECUTORS)("on the %s executor another system", (_, link) => {
  const asked = async () => {
    const account = story(link, programWith(external, data, { ...SPARE, variables: [...SPARE.variables] }));
    return { account, begun: await account.start(facts) };
  };
  const answer = (outcome: string, attempt = 1, values?: { readonly [name: string]: number }) =>
    ({ type: "external.result", stepSeq: 2, attempt, outcome, ...(values === undefined ? {} : { values }) }) as const;

  test("is sent the chosen facts and nothing else, with a time limit", async () => {
    const { begun } = await asked();
    expect(begun.effects).toEqual([
      {
        kind: "external.request",
        stepSeq: 2,
        nodeId: "step",
        attempt: 1,
        integration: "affordability",
        send: { dpd: 40, owed: 500_000 },
        timeoutMs: 10_000,
        notAfterMs: MONDAY_9_MS + HOUR_MS,
      },
    ]);
  });

  test("decides by an answer the author expects, and its values are kept", async () => {
    const { account } = await asked();
    const answered = await account.send(answer("can-pay", 1, { spare_income: 120_000, other: 1 }));
    expect(lines(answered)[0]).toBe("step.outcome(can-pay) -> can-pay");
    expect(account.state().vars).toMatchObject({ spare: 120_000 });
    expect(Object.keys(account.state().vars)).not.toContain("other");
  });

  test("that answers something else is not taken for any of them", async () => {
    const { account } = await asked();
    expect(lines(await account.send(answer("maybe")))[0]).toBe("step.exhausted(maybe) -> other");
    expect(account.state().vars).toMatchObject({ spare: null });
  });

  test.each(["failed", "timeout", "malformed"])("is asked again after “%s”, and then given up", async (failure) => {
    const { account } = await asked();
    expect(lines(await account.send(answer(failure)))).toEqual([`step.retry-scheduled(${failure})`]);
    expect(account.state().wakeAtMs).toBe(MONDAY_9_MS + 10 * MINUTE_MS);
    await account.send({ type: "timer.fired", stepSeq: 2 });
    expect(lines(await account.send(answer(failure, 2)))[0]).toBe(`step.outcome(${failure}) -> failed`);
  });

  test("that says nothing at all is not waited for for ever", async () => {
    const { account } = await asked();
    expect(lines(await account.send({ type: "timer.fired", stepSeq: 2 }))[0]).toBe("step.expired -> expired");
  });
});

describe("lint", () => {
  const problems = (change: object) => problemsOf(external, { ...data, receive: [], ...change });

  test("passes what is complete, and names what is missing", () => {
    expect(problems({})).toEqual([]);
    expect(problems({ integration: "", answers: [] })).toEqual([
      "error external.answers-missing answers",
      "error external.integration-missing integration",
    ]);
  });

  test("refuses to send personal data, and facts nobody knows", () => {
    expect(problems({ send: ["customer_name", "mood", "toString", "dpd", "dpd", "conversations.7d"] })).toEqual([
      "error condition.fact-not-usable send[0]",
      "error condition.fact-unknown send[1]",
      "error condition.fact-unknown send[2]",
      "error external.fact-twice send[4]",
    ]);
  });

  test("refuses answers that are there twice or have a way on already", () => {
    expect(problems({ answers: [{ id: "a" }, { id: "a" }, { id: "timeout" }] })).toEqual(
      expect.arrayContaining([
        "error external.answer-twice answers[1].id",
        "error external.answer-reserved answers[2].id",
      ]),
    );
  });

  test("refuses to keep values in variables that do not exist, or in one twice", () => {
    const receive = [
      { name: "a", variable: "spare" },
      { name: "b", variable: "spare" },
      { name: "c", variable: "constructor" },
    ];
    const settings = { variables: [...SPARE.variables] };
    expect(problemsOf(external, { ...data, receive }, settings)).toEqual([
      "error external.variable-twice receive[1].variable",
      "error external.variable-unknown receive[2].variable",
    ]);
  });

  test("warns when the attempts do not fit into the time", () => {
    expect(problems({ maxAttempts: 5, gapMinutes: 20 })).toEqual(["warning external.attempts-too-late maxAttempts"]);
  });
});

test("a call takes half a minute at most, and there are at most five", () => {
  const accepts = (change: object): boolean => external.schema.safeParse({ ...data, ...change }).success;
  expect([accepts({ timeoutSeconds: 30 }), accepts({ timeoutSeconds: 31 })]).toEqual([true, false]);
  expect([accepts({ maxAttempts: 5 }), accepts({ maxAttempts: 6 })]).toEqual([true, false]);
  expect(accepts({ integration: "https://evil.example" })).toBe(false);
});
