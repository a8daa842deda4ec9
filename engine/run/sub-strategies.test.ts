import { describe, expect, test } from "vitest";
import type { Facts } from "../model/facts";
import { drawnStepId } from "../model/program";
import { EXECUTORS, lines, type Story, story } from "./testing/both-executors";
import { START } from "./testing/call-strategy";
import { type DrawnStep, type DrawnSubStrategy, drawnStrategy, programOf } from "./testing/drawn-strategy";

const LATE: Facts = { dpd: 10, account_status: "open", overdue: 100_000 };
const exit = (label?: string): DrawnStep => ({
  type: "exit",
  data: { reason: "completed", ...(label === undefined ? {} : { label }) },
  to: {},
});
const count = (variable: string, to: string): DrawnStep => ({
  type: "set",
  data: { assign: [{ variable, value: { operator: "add", of: [{ fact: `var.${variable}` }, { literal: 1 }] } }] },
  to: { next: to },
});

/** Calls up to `max` times, a day apart; says how often it called. */
const CALLS: DrawnSubStrategy = {
  key: "calls",
  variables: [
    { name: "made", type: "integer", initial: 0 },
    { name: "limit", type: "integer", initial: 9 },
  ],
  steps: {
    call: {
      type: "robot",
      data: { contentId: "robot.reminder", giveUpHours: 24, maxAttempts: 1, gapMinutes: {} },
      to: {
        promised: "counted-promise",
        spoke: "counted",
        refused: "counted",
        care: "counted",
        "wrong-party": "counted",
        exhausted: "counted",
        expired: "counted",
        blocked: "counted",
      },
    },
    "counted-promise": count("made", "promised"),
    counted: count("made", "enough"),
    enough: {
      type: "branch",
      data: { rules: [{ id: "few", when: { fact: "var.made", operator: "lessThan", value: 9 } }] },
      to: { few: "again", otherwise: "nobody", unknown: "nobody" },
    },
    again: { type: "repeat", data: { maxTimes: 2, when: null }, to: { again: "pause", done: "nobody" } },
    pause: { type: "wait", data: { mode: "duration", durationMinutes: 1440 }, to: { elapsed: "call" } },
    promised: exit(),
    nobody: exit(),
  },
};

/** Uses the calls and passes their answers on: one level more. */
const GENTLE: DrawnSubStrategy = {
  key: "gentle",
  variables: [{ name: "made", type: "integer" }],
  steps: {
    calls: {
      type: "sub-strategy",
      data: {
        use: {
          strategy: "calls",
          inputs: { limit: { fact: "var.made" } },
          outputs: { made: "made" },
          exits: [{ id: "promised" }, { id: "nobody" }],
        },
      },
      to: { promised: "promised", nobody: "nobody" },
    },
    promised: exit(),
    nobody: exit(),
  },
};

function stepUsing(strategy: string, outputs: { readonly [inner: string]: string }, to: DrawnStep["to"]): DrawnStep {
  const exits = [{ id: "promised" }, { id: "nobody" }];
  return { type: "sub-strategy", data: { use: { strategy, inputs: {}, outputs, exits } }, to };
}

/** The same calls twice, the first time a level deeper; each keeps its own count. */
const twice = programOf(
  drawnStrategy(
    {
      start: START,
      next: stepUsing("gentle", { made: "first" }, { promised: "done", nobody: "second" }),
      second: stepUsing("calls", { made: "second" }, { promised: "done", nobody: "people" }),
      done: exit("promised"),
      people: exit("nobody"),
    },
    {
      variables: [
        { name: "first", type: "integer" },
        { name: "second", type: "integer" },
        // Named like a variable inside, and of another type: neither touches the other.
        { name: "made", type: "text", initial: "outside" },
      ],
      strategies: [CALLS, GENTLE],
    },
  ),
);

async function answer(account: Story, outcome: string) {
  const { stepSeq, attempt } = account.state();
  return account.send({ type: "contact.result", outcome, stepSeq, attempt });
}

async function nextDay(account: Story) {
  return account.send({ type: "timer.fired", stepSeq: account.state().stepSeq });
}

describe.each(EXECUTORS)("%s executor, in strategies inside strategies", (_name, link) => {
  test("comes in at the first step with the variables as declared, and stands on a step of its own", async () => {
    const account = story(link, twice);
    const outcome = await account.start(LATE);
    expect(lines(outcome)).toEqual([
      "start.entered(enter) -> enter",
      "next.set(next/made) -> next",
      "next/calls.set(next/calls/made,next/calls/limit) -> next",
      "next/calls/call.requested(1)",
    ]);
    expect(account.state().nodeId).toBe("next/calls/call");
    expect(drawnStepId(account.state().nodeId)).toBe("next");
    expect(account.state().vars).toMatchObject({ made: "outside", "next/calls/made": 0, "next/calls/limit": null });
  });

  test("goes round inside, leaves by its exits, and carries the values out through both levels", async () => {
    const account = story(link, twice);
    await account.start(LATE);
    const seen: string[] = [];
    for (let call = 0; call < 3; call += 1) {
      seen.push(...lines(await answer(account, "RTP")).filter((line) => line.includes("again.")));
      if (call < 2) await nextDay(account);
    }
    expect(seen).toEqual([
      "next/calls/again.repeated(1/2) -> again",
      "next/calls/again.repeated(2/2) -> again",
      "next/calls/again.repeats-used-up(2) -> done",
    ]);
    expect([account.state().nodeId, account.state().loopCounts]).toEqual(["second/call", {}]);
    expect(account.state().vars).toMatchObject({ first: 3, "next/made": 3, "second/made": 0, made: "outside" });

    await answer(account, "RTP");
    await nextDay(account);
    expect(account.state().loopCounts).toEqual({ "second/again": 1 });
    await answer(account, "PTP");
    expect(account.state()).toMatchObject({ nodeId: "done", exit: { label: "promised" } });
    expect(account.state().vars).toMatchObject({ first: 3, second: 2, made: "outside" });
  });

  test("begins anew when it is used again, rounds that were left half-way included", async () => {
    const weekly = programOf(
      drawnStrategy(
        {
          start: START,
          next: stepUsing("calls", { made: "made" }, { promised: "week", nobody: "people" }),
          week: { type: "wait", data: { mode: "duration", durationMinutes: 10_080 }, to: { elapsed: "weekly" } },
          weekly: { type: "repeat", data: { maxTimes: 3, when: null }, to: { again: "next", done: "people" } },
          people: exit(),
        },
        { variables: [{ name: "made", type: "integer" }], strategies: [CALLS] },
      ),
    );
    const account = story(link, weekly);
    await account.start(LATE);
    await answer(account, "RTP");
    await nextDay(account);
    await answer(account, "PTP");
    expect(account.state()).toMatchObject({ nodeId: "week", loopCounts: { "next/again": 1 }, vars: { made: 2 } });
    await nextDay(account);
    expect([account.state().nodeId, account.state().loopCounts]).toEqual(["next/call", { weekly: 1 }]);
    expect(account.state().vars).toMatchObject({ "next/made": 0 });
  });

  test("is left from anywhere by the exits of the whole strategy", async () => {
    const account = story(link, twice);
    await account.start(LATE);
    const paid = await account.send({ type: "payment.posted", amountMinor: 1 }, { facts: { account_status: "paid" } });
    expect(lines(paid)).toEqual(["next/calls/call.strategy-exit(paid)"]);
    expect(account.state().exit).toEqual({ reason: "cured", label: null });
  });

  test("reads inputs reckoned outside, and shares the stage", async () => {
    const inner: DrawnSubStrategy = {
      key: "inner",
      variables: [{ name: "least", type: "money" }],
      steps: {
        stage: { type: "stage", data: { stage: "M2" }, to: { next: "which" } },
        which: {
          type: "branch",
          data: { rules: [{ id: "much", when: { fact: "var.least", operator: "equal", value: 10_000 } }] },
          to: { much: "much", otherwise: "little", unknown: "little" },
        },
        much: exit(),
        little: exit(),
      },
    };
    const use = {
      strategy: "inner",
      inputs: { least: { operator: "multiply", of: [{ fact: "overdue" }, { literal: 0.1 }] } },
      outputs: {},
      exits: [{ id: "much" }, { id: "little" }],
    };
    const program = programOf(
      drawnStrategy(
        {
          start: START,
          next: { type: "sub-strategy", data: { use }, to: { much: "done", little: "people" } },
          done: exit("much"),
          people: exit("little"),
        },
        { strategies: [inner] },
      ),
    );
    const account = story(link, program);
    await account.start(LATE);
    expect(account.state()).toMatchObject({ exit: { label: "much" }, vars: { stage: "M2", "next/least": 10_000 } });
    await account.start({ ...LATE, overdue: null });
    expect(account.state()).toMatchObject({ exit: { label: "little" }, vars: { "next/least": null } });
  });
});

test("the two executors agree on every byte of a walk through both levels", async () => {
  const tell = async (link: (typeof EXECUTORS)[number][1]) => {
    const account = story(link, twice);
    const outcomes = [await account.start(LATE)];
    for (const outcome of ["NA", "RPC", "RTP", "UNA", "PTP"]) {
      outcomes.push(await answer(account, outcome));
      if (account.state().status === "active" && !account.state().pending) outcomes.push(await nextDay(account));
    }
    return outcomes;
  };
  const [reference, compiled] = await Promise.all(EXECUTORS.map(([, link]) => tell(link)));
  expect(JSON.stringify(compiled)).toBe(JSON.stringify(reference));
  expect(compiled?.at(-1)?.state.status).toBe("exited");
});
