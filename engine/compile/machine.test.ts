import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMachine } from "xstate";
import { getAdjacencyMap, getStateNodes } from "xstate/graph";
import { type MachineContext, type MachineEvent, strategyMachine } from "../run/reference-machine";
import { strategyArbitrary } from "../run/testing/documents/document";
import { WIDE_MARKET } from "../run/testing/documents/wide-market";
import { type DrawnStep, drawnStrategy, PAST_DUE, programOf, rewired } from "../run/testing/drawn-strategy";
import { programArbitrary } from "../run/testing/random-program";

const STEPS: { readonly [id: string]: DrawnStep } = {
  start: { type: "start", data: { when: PAST_DUE }, to: { enter: "call" } },
  call: {
    type: "robot",
    data: { contentId: "robot.reminder", giveUpHours: 24, maxAttempts: 2, gapMinutes: { NA: 60 } },
    to: {
      promised: "promise",
      spoke: "done",
      refused: "done",
      care: "done",
      "wrong-party": "done",
      exhausted: "done",
      expired: "done",
      blocked: "done",
    },
  },
  promise: {
    type: "wait",
    data: { mode: "event", events: ["payment.posted"], deadlineMinutes: 1440 },
    to: { happened: "done", elapsed: "done" },
  },
  done: { type: "exit", data: { reason: "completed" }, to: {} },
};

const program = rewired(programOf(drawnStrategy(STEPS)), { call: { spoke: "call" }, promise: { elapsed: "call" } });

describe("the machine of a strategy", () => {
  test("is plain JSON that stock XState loads: one flat state per step, and the ways out that are not drawn", () => {
    const { machine } = program;
    const loaded = createMachine(JSON.parse(JSON.stringify(machine)));
    const states = getStateNodes(loaded);
    expect(states.map((state) => state.key).sort()).toEqual(
      [
        "start",
        "call",
        "promise",
        "done",
        "$cured",
        "$stopped",
        "$horizon",
        "$not-eligible",
        "$eligibility-unknown",
      ].sort(),
    );
    expect(states.filter((state) => state.type === "final").map((state) => state.key)).toContain("done");
    expect(states.every((state) => Object.keys(state.states).length === 0)).toBe(true);
  });

  test("reads as the strategy was drawn", () => {
    const { machine } = program;
    const { states } = createMachine(machine);
    const ways = Object.values(states).flatMap((state) =>
      [...state.transitions.values()].flat().map(({ eventType, guard, target, actions }) => {
        const when = guard === undefined ? "" : ` when ${JSON.stringify(guard)}`;
        const to = target?.map(({ key }) => key).join(",") ?? "stays";
        return `${state.key}: ${eventType}${when} -> ${to} (${actions.map((action) => JSON.stringify(action)).join(",")})`;
      }),
    );
    expect(ways).toMatchInlineSnapshot(`
      [
        "call: contact.deferred -> stays ({"params":{"code":"deferred"},"type":"stay"})",
        "call: contact.denied -> done ({"params":{"code":"blocked","handle":"blocked"},"type":"take"})",
        "call: contact.result when {"params":{"deadlineMs":86400000,"retry":{"gapMinutes":{"NA":60},"maxAttempts":2}},"type":"retryAllowed"} -> stays ({"params":{"deadlineMs":86400000,"retry":{"gapMinutes":{"NA":60},"maxAttempts":2}},"type":"scheduleRetry"})",
        "call: contact.result when {"params":{"outcomes":["ABU","BKR","CMP","DEC","DSP","FRD","ILL","LIT","MIN","THR","UNA"]},"type":"outcomeIn"} -> done ({"params":{"code":"outcome","handle":"care"},"type":"take"})",
        "call: contact.result when {"params":{"outcomes":["PPP","PTP"]},"type":"outcomeIn"} -> promise ({"params":{"code":"outcome","handle":"promised"},"type":"take"})",
        "call: contact.result when {"params":{"outcomes":["DNC","RTP"]},"type":"outcomeIn"} -> done ({"params":{"code":"outcome","handle":"refused"},"type":"take"})",
        "call: contact.result when {"params":{"outcomes":["CBK","PAID","PLN","RPC","TRF"]},"type":"outcomeIn"} -> call ({"params":{"code":"outcome","handle":"spoke"},"type":"take"})",
        "call: contact.result when {"params":{"outcomes":["TP","TPR","WN"]},"type":"outcomeIn"} -> done ({"params":{"code":"outcome","handle":"wrong-party"},"type":"take"})",
        "call: contact.result -> done ({"params":{"code":"exhausted","handle":"exhausted"},"type":"take"})",
        "call: xstate.after.deadline.test.call when {"params":{"deadlineMs":86400000},"type":"answerOverdue"} -> done ({"params":{"code":"expired","handle":"expired"},"type":"take"})",
        "call: xstate.after.retry.test.call when {"params":{"deadlineMs":86400000},"type":"retryDue"} -> stays ({"params":{"deadlineMs":86400000,"request":{"channel":"robot","contentId":"robot.reminder","kind":"contact","partyRole":"self"}},"type":"retry"})",
        "promise: payment.posted -> done ({"params":{"code":"happened","handle":"happened"},"type":"take"})",
        "promise: xstate.after.deadline.test.promise -> call ({"params":{"code":"elapsed","handle":"elapsed"},"type":"take"})",
        "start: decided when {"params":{"handle":"enter"},"type":"handleIs"} -> call ({"params":{"handle":"enter"},"type":"take"})",
        "start: decided when {"params":{"handle":"$not-eligible"},"type":"handleIs"} -> $not-eligible ({"params":{"code":"not-eligible"},"type":"stay"})",
        "start: decided when {"params":{"handle":"$eligibility-unknown"},"type":"handleIs"} -> $eligibility-unknown ({"params":{"code":"eligibility-unknown"},"type":"stay"})",
      ]
    `);
  });

  test("loads whatever the steps are, parts of steps included, and every way on leads to a state", () => {
    for (const program of fc.sample(programArbitrary, { numRuns: 40, seed: 20_261_128 })) {
      const loaded = createMachine(JSON.parse(JSON.stringify(program.machine)));
      for (const { id, handles } of Object.values(program.steps)) {
        const targets = getStateNodes(loaded)
          .filter(({ key }) => key === id)
          .flatMap((state) => [...state.transitions.values()].flat())
          .flatMap(({ target }) => target?.map(({ key }) => key) ?? []);
        const drawn = new Set(Object.values(handles));
        expect(new Set(targets.filter((key) => !key.startsWith("$")))).toEqual(drawn);
      }
    }
  });

  test("every drawn strategy loads, and its waits show as named delays", () => {
    for (const doc of fc.sample(strategyArbitrary, { numRuns: 40, seed: 20_261_124 })) {
      const program = programOf(doc, WIDE_MARKET);
      const loaded = createMachine(JSON.parse(JSON.stringify(program.machine)));
      for (const { id, spec } of Object.values(program.steps)) {
        const delays = loaded.states[id]?.after.map(({ delay }) => delay) ?? [];
        const waits = spec.kind === "wait" || (spec.kind === "request" && spec.goOn === null);
        expect(delays.length > 0).toBe(waits);
      }
    }
  });

  test("XState's graph tools walk it: every step can be reached from the start", () => {
    const program = programOf(drawnStrategy(STEPS));
    const context: MachineContext = {
      state: {
        status: "active",
        nodeId: "start",
        stepSeq: 1,
        startedAtMs: 0,
        enteredAtMs: 0,
        wakeAtMs: null,
        attempt: 2,
        pending: true,
        loopCounts: {},
        vars: {},
        exit: null,
        fault: null,
      },
      nowMs: 0,
      horizonAtMs: 1e12,
    };
    const answered = { code: "entered", detail: null, factsRead: {} } as const;
    const answer = { id: "e", at: 0, stepSeq: 1, attempt: 2 } as const;
    const events: readonly MachineEvent[] = [
      ...["enter", "$not-eligible", "$eligibility-unknown"].map(
        (handle) => ({ type: "decided", handle, ...answered }) as const,
      ),
      ...["PTP", "RPC", "ZZZ"].map((outcome) => ({ type: "contact.result", outcome, ...answer }) as const),
      { type: "payment.posted", id: "e", at: 0, amountMinor: 1 },
      { type: "xstate.after.deadline.test.call" },
      { type: "xstate.after.deadline.test.promise" },
      { type: "exits.held", reason: "cured", ...answered },
      { type: "stop.requested", id: "e", at: 0 },
      { type: "horizon.passed" },
    ];
    const machine = strategyMachine(program);
    const map = getAdjacencyMap(machine, {
      events: [...events],
      fromState: machine.resolveState({ value: "start", context }),
      serializeState: (snapshot) => String((snapshot as { value?: unknown }).value),
      limit: 1000,
    });
    expect(Object.keys(map).sort()).toEqual(
      getStateNodes(machine)
        .map((state) => state.key)
        .sort(),
    );
  });
});
