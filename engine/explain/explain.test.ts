import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Decision, EngineEvent } from "../model/execution";
import type { Program } from "../model/program";
import { linkCompiled } from "../run/compiled";
import { SUBJECT } from "../run/testing/both-executors";
import { CALL_STEPS, LATE } from "../run/testing/call-strategy";
import { type DrawnStep, drawnStrategy, programOf } from "../run/testing/drawn-strategy";
import { eventOf, type Move, movesArbitrary } from "../run/testing/random-events";
import { programArbitrary } from "../run/testing/random-program";
import { factsArbitrary } from "../run/testing/random-strategy";
import { SMALL_MARKET } from "../run/testing/small-market";
import { explainDecision } from "./explain";
import { type Recorded, replayDecision } from "./replay";

const STARTED_AT_MS = Date.parse("2026-01-01T00:30:00+08:00");

/** Everything one account's enrollment would have recorded. */
function recordOf(program: Program, facts: Move["facts"], moves: readonly Move[]): Recorded {
  const executor = linkCompiled(program);
  const subject = { ...SUBJECT };
  let { state, decisions } = executor.start({ subject, facts, nowMs: STARTED_AT_MS });
  const recorded: Decision[] = [...decisions];
  let nowMs = STARTED_AT_MS;
  let last: EngineEvent | null = null;
  for (const move of moves) {
    const next = eventOf(move, { program, state, nowMs, last });
    nowMs = next.nowMs;
    last = next.event;
    ({ state, decisions } = executor.send(state, next.event, { subject, facts: move.facts, nowMs }));
    recorded.push(...decisions);
  }
  return { program, partyId: subject.partyId, startedAtMs: STARTED_AT_MS, decisions: recorded };
}

const records = fc
  .record({ program: programArbitrary, facts: factsArbitrary, moves: movesArbitrary })
  .map(({ program, facts, moves }) => recordOf(program, facts, moves));

const IGNORED = (decision: Decision): boolean => decision.code.startsWith("ignored-");

describe("a recorded decision, run again on the reference executor", () => {
  test("comes out as it was recorded, whatever the strategy and its history", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(records, async (recorded) => {
        for (const [index, decision] of recorded.decisions.entries()) {
          const replay = await replayDecision(recorded, index);
          // A runaway is a matter of the whole advance, not of one step.
          const expected = IGNORED(decision) || decision.code === "step-limit" ? "not-replayable" : "agrees";
          expect({ decision, kind: replay.kind }).toEqual({ decision, kind: expected });
          seen.add(decision.code);
        }
      }),
      { numRuns: 160, seed: 20_261_128 },
    );
    for (const code of ["collected", "scored", "set", "repeated", "split", "watch-holds", "outcome"]) {
      expect(seen).toContain(code);
    }
  });

  test("also when a call was tried again, and when its time was up", async () => {
    const program = programOf(drawnStrategy(CALL_STEPS));
    const executor = linkCompiled(program);
    const decisions: Decision[] = [];
    let { state, decisions: first } = executor.start({ subject: SUBJECT, facts: LATE, nowMs: STARTED_AT_MS });
    decisions.push(...first);
    for (const outcome of ["NA", null, "NA", null, "PTP", null]) {
      const nowMs = outcome === null ? (state.wakeAtMs ?? 0) : (decisions.at(-1)?.atMs ?? 0) + 60_000;
      const visit = { id: "e", at: nowMs, stepSeq: state.stepSeq };
      const event: EngineEvent =
        outcome === null
          ? { ...visit, type: "timer.fired" }
          : { ...visit, type: "contact.result", attempt: state.attempt, outcome };
      ({ state, decisions: first } = executor.send(state, event, { subject: SUBJECT, facts: LATE, nowMs }));
      decisions.push(...first);
    }
    const recorded = { program, partyId: SUBJECT.partyId, startedAtMs: STARTED_AT_MS, decisions };
    expect(decisions.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["retry-scheduled", "retry-started", "outcome", "waiting", "elapsed"]),
    );
    for (const index of decisions.keys()) expect((await replayDecision(recorded, index)).kind).toBe("agrees");
  });

  test("gives away a record that somebody has changed", async () => {
    const tampered = fc
      .tuple(records, fc.nat())
      .map(([recorded, at]) => {
        const candidates = recorded.decisions.flatMap((decision, index) =>
          decision.handle !== null && decision.code !== "split" ? [index] : [],
        );
        return { recorded, index: candidates[at % Math.max(1, candidates.length)] };
      })
      .filter(({ index }) => index !== undefined);
    await fc.assert(
      fc.asyncProperty(tampered, async ({ recorded, index = 0 }) => {
        const decisions = recorded.decisions.map((decision, at) =>
          at === index ? { ...decision, handle: `${decision.handle}-forged` } : decision,
        );
        expect((await replayDecision({ ...recorded, decisions }, index)).kind).toBe("differs");
      }),
      { numRuns: 60, seed: 20_261_128 },
    );
  });
});

const STEPS: { readonly [id: string]: DrawnStep } = {
  start: {
    type: "start",
    data: { when: { fact: "dpd", operator: "greaterThanInclusive", value: 1 } },
    to: { enter: "which" },
  },
  which: {
    type: "branch",
    data: {
      rules: [
        {
          id: "large",
          when: {
            all: [
              { fact: "stage", operator: "in", value: ["M2", "M3"] },
              { not: { fact: "overdue", operator: "lessThan", value: 50_000 } },
            ],
          },
        },
      ],
    },
    to: { large: "done", otherwise: "done", unknown: "done" },
  },
  done: { type: "exit", data: { reason: "completed" }, to: {} },
};

describe("the explanation of a decision", () => {
  const program = programOf(drawnStrategy(STEPS));
  const explained = async (facts: Move["facts"], step: string) => {
    const recorded = recordOf(program, facts, []);
    const index = recorded.decisions.findIndex(({ nodeId }) => nodeId === step);
    const setting = { fields: SMALL_MARKET.fields, dataDate: "2025-12-31" };
    const explanation = await explainDecision(recorded, index, setting);
    if (explanation === null) throw new Error("nothing was decided there");
    return explanation;
  };

  test("shows every leaf with its value and whether it holds", async () => {
    const { ruleSets, replay, path } = await explained({ dpd: 40, stage: "M2", overdue: 1 }, "which");
    expect(ruleSets[0]?.rules).toEqual([
      {
        rule: "large",
        outcome: "large",
        truth: "fails",
        condition: {
          kind: "all",
          truth: "fails",
          of: [
            { kind: "leaf", truth: "holds", leaf: expect.objectContaining({ fact: "stage" }), value: "M2" },
            {
              kind: "not",
              truth: "fails",
              of: { kind: "leaf", truth: "holds", leaf: expect.objectContaining({ fact: "overdue" }), value: 1 },
            },
          ],
        },
      },
    ]);
    expect(path).toEqual([
      { stepSeq: 1, step: "start", drawnStep: "start", handle: "enter", code: "entered", atMs: STARTED_AT_MS },
    ]);
    expect(replay).toEqual({ kind: "agrees" });
  });

  test("says which part was unknown, and that it decided nothing", async () => {
    const { ruleSets, decision } = await explained({ dpd: 40, stage: "M2" }, "which");
    expect(decision.handle).toBe("unknown");
    expect(ruleSets[0]?.rules[0]?.condition).toMatchObject({
      truth: "unknown",
      of: [{ truth: "holds" }, { truth: "unknown" }],
    });
  });

  test("says where each fact came from and as of when", async () => {
    const { facts } = await explained({ dpd: 40, stage: "M2", overdue: 1 }, "start");
    expect(facts).toEqual([{ fact: "dpd", value: 40, source: { kind: "derived", atMs: STARTED_AT_MS } }]);
    const branch = await explained({ dpd: 40, stage: "M2", overdue: 1 }, "which");
    expect(branch.facts.find(({ fact }) => fact === "overdue")?.source).toEqual({ kind: "file", asOf: "2025-12-31" });
  });

  test("names the strategy as it was published", async () => {
    const { strategy } = await explained({ dpd: 40, stage: "M2", overdue: 1 }, "which");
    expect(strategy).toEqual({
      key: "test",
      format: program.format,
      contentHash: program.contentHash,
      programHash: program.hash,
    });
  });

  test("is not given where nothing was decided", async () => {
    const recorded = recordOf(program, { dpd: 40 }, []);
    expect(await explainDecision(recorded, 99, { fields: SMALL_MARKET.fields, dataDate: null })).toBeNull();
  });
});
