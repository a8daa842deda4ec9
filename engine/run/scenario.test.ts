import { describe, expect, test } from "vitest";
import type { StepSpec } from "../model/program";
import { type Scenario, ScenarioSchema } from "../model/scenario";
import { runScenario } from "./scenario";
import { CALL_STEPS, LATE } from "./testing/call-strategy";
import { drawnStrategy, programOf } from "./testing/drawn-strategy";
import { scenarioIssueTexts } from "./texts";

const program = programOf(drawnStrategy(CALL_STEPS));

function scenario(told: { readonly [member: string]: unknown }): Scenario {
  return ScenarioSchema.parse({
    id: "story",
    name: { en: "A story" },
    startAt: "2026-03-02T09:00:00+08:00",
    facts: LATE,
    events: [],
    expect: {},
    ...told,
  });
}

const told = (made: { readonly [member: string]: unknown }, of = program) => {
  const { path, problems, outcomes } = runScenario(of, scenario(made));
  return { path, outcomes, problems: problems.map(({ code, path: at }) => `${code} ${at}`) };
};

const NOBODY = { type: "contact.result", outcome: "NA" };
const PROMISED = { type: "contact.result", outcome: "PTP", afterMinutes: 3 };
const TIMER = { type: "timer.fired" };

describe("a scenario", () => {
  test("goes through calls, a promise and the payment, and ends as expected", () => {
    const { path, problems, outcomes } = told({
      events: [NOBODY, TIMER, PROMISED, { type: "payment.posted", amountMinor: 100, afterMinutes: 600 }],
      expect: {
        path: ["start.enter", "next.promised", "promised.happened"],
        at: "done",
        exit: "completed",
      },
    });
    expect(problems).toEqual([]);
    expect(path).toEqual(["start.enter", "next.promised", "promised.happened"]);
    // The second call is made when the redial is due, two hours later; answers take the attempt that is out.
    const [, missed, again, promised] = outcomes;
    expect((missed?.state.wakeAtMs ?? 0) - Date.parse("2026-03-02T09:00:00+08:00")).toBe(120 * 60_000);
    expect(again?.state.attempt).toBe(2);
    expect(promised?.decisions[0]?.atMs).toBe(Date.parse("2026-03-02T11:03:00+08:00"));
  });

  test("keeps facts once given, so that a payment can end it", () => {
    const { problems, outcomes } = told({
      events: [{ type: "facts.changed", facts: { account_status: "paid" } }],
      expect: { path: ["start.enter"], at: "next", exit: "cured" },
    });
    expect(problems).toEqual([]);
    expect(outcomes.at(-1)?.decisions[0]?.code).toBe("strategy-exit");
    const later = told({
      events: [{ type: "facts.changed", facts: { dpd: 40 } }, NOBODY, { type: "reply.received" }, TIMER],
    });
    expect(later.problems).toEqual([]);
  });

  test("of an account that is not let in ends at the entry", () => {
    expect(told({ facts: { dpd: 0 }, expect: { path: [], at: "start", exit: "not-eligible" } }).problems).toEqual([]);
  });

  test("can be denied, put off and stopped", () => {
    expect(told({ events: [{ type: "contact.deferred" }, { type: "contact.denied" }] }).path).toEqual([
      "start.enter",
      "next.blocked",
    ]);
    expect(told({ events: [{ type: "stop.requested" }], expect: { exit: "stopped" } }).problems).toEqual([]);
  });

  test.each<[string, { readonly [member: string]: unknown }, readonly string[]]>([
    [
      "another way",
      { events: [PROMISED], expect: { path: ["start.enter", "next.spoke"] } },
      ["scenario.path-differs expect.path[1]"],
    ],
    [
      "fewer ways",
      { events: [], expect: { path: ["start.enter", "next.spoke"] } },
      ["scenario.path-ended expect.path[1]"],
    ],
    ["more ways", { events: [PROMISED], expect: { path: ["start.enter"] } }, ["scenario.path-went-on expect.path"]],
    ["another place", { expect: { at: "done" } }, ["scenario.stands-elsewhere expect.at"]],
    ["still there", { expect: { exit: "cured" } }, ["scenario.not-left expect.exit"]],
    [
      "another exit",
      { events: [{ type: "contact.denied" }], expect: { exit: "completed" } },
      ["scenario.left-otherwise expect.exit"],
    ],
    ["another variable", { expect: { vars: { rounds: 2 } } }, ["scenario.variable-differs expect.vars.rounds"]],
    [
      "a verdict nobody asked for",
      { events: [{ type: "qa.verdict", outcome: "pass" }] },
      ["scenario.not-awaited events[0]"],
    ],
    [
      "events after the end",
      { events: [{ type: "contact.denied" }, NOBODY, NOBODY] },
      ["scenario.already-over events[1]"],
    ],
  ])("says where it parts from what was expected: %s", (_, made, problems) => {
    expect(told(made).problems).toEqual(problems);
  });

  test("an unknown variable is expected as null", () => {
    expect(told({ expect: { vars: { rounds: null } } }).problems).toEqual([]);
  });

  test("brings values an answer carries, and ends at once when the strategy walks in circles", () => {
    const next = program.steps.next;
    if (next?.spec.kind !== "request") throw new Error("the call");
    const spec: StepSpec = { ...next.spec, receive: [{ name: "amount", variable: "promised", type: "money" }] };
    const receiving = { ...program, steps: { ...program.steps, next: { ...next, spec } } };
    const promised = { ...PROMISED, values: { amount: 5000 } };
    expect(told({ events: [promised], expect: { vars: { promised: 5000 } } }, receiving).problems).toEqual([]);
    const short = { ...program, limits: { ...program.limits, stepsPerAdvance: 1 } };
    expect(told({ expect: {} }, short).problems).toEqual(["scenario.faulted "]);
  });
});

test("every problem has a sentence in both languages", () => {
  const said = [
    "start-invalid",
    "already-over",
    "not-awaited",
    "faulted",
    "path-differs",
    "path-ended",
    "path-went-on",
  ];
  const ends = ["stands-elsewhere", "not-left", "left-otherwise", "variable-differs"];
  const codes = [...said, ...ends].map((code) => `scenario.${code}`);
  for (const texts of Object.values(scenarioIssueTexts)) {
    expect(
      Object.keys(texts)
        .filter((key) => key.startsWith("scenario."))
        .sort(),
    ).toEqual([...codes].sort());
    expect(texts["foundExit.cured"]).toBeTruthy();
  }
});
