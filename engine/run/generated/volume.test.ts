import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EnrollmentState, Outcome, StepContext } from "../../model/execution";
import { InvariantError } from "../../model/invariant";
import { linkCompiled } from "../compiled";

import { CALL_STEPS, LATE } from "../testing/call-strategy";
import { drawnStrategy, programOf } from "../testing/drawn-strategy";
import { eventAt, happeningsArbitrary, programArbitrary } from "../testing/random-hostile-program";
import { factsArbitrary } from "../testing/random-strategy";
import { attend, hear } from "./enrollment";
import { newVolume, type World } from "./volume";

const SEED = 20_261_128;
const STARTED_AT_MS = Date.parse("2026-01-01T00:30:00+08:00");

function contextOf(row: number, facts: StepContext["facts"], nowMs = STARTED_AT_MS): StepContext {
  return { subject: { enrollmentId: `enr_${row}`, partyId: `party_${row}`, accountId: `acct_${row}` }, facts, nowMs };
}

/** An outcome; null when the Program breaks, as a drawn one may. */
function linkedOutcome(call: () => Outcome): Outcome | null {
  try {
    return call();
  } catch (error) {
    if (error instanceof InvariantError) return null;
    throw error;
  }
}

const callProgram = programOf(drawnStrategy(CALL_STEPS));

describe("a volume", () => {
  test("keeps every account's own state, variables, rounds and faults, whoever comes between", () => {
    const ROWS = 4;
    const lives = fc.record({
      program: programArbitrary(2, 11),
      facts: fc.array(factsArbitrary, { minLength: ROWS, maxLength: ROWS }),
      happenings: happeningsArbitrary,
      turns: fc.array(fc.nat(ROWS - 1), { minLength: 24, maxLength: 24 }),
    });
    let remembered = 0;
    fc.assert(
      fc.property(lives, ({ program, facts, happenings, turns }) => {
        const volume = newVolume(program, ROWS);
        const linked = linkCompiled(program);
        const states: (EnrollmentState | null)[] = facts.map((own, row) => {
          const context = contextOf(row, own);
          try {
            const { state } = linked.start(context);
            volume.start(row, context);
            return state;
          } catch (error) {
            if (error instanceof InvariantError) return null;
            throw error;
          }
        });
        let nowMs = STARTED_AT_MS;
        for (const [index, happening] of happenings.entries()) {
          const row = turns[index] ?? 0;
          const state = states[row] ?? null;
          if (state === null) continue;
          const next = eventAt(happening, { program, state, nowMs });
          nowMs = next.nowMs;
          const context = contextOf(row, happening.facts, nowMs);
          try {
            const outcome = linked.send(state, next.event, context);
            expect(volume.send(row, next.event, context)).toBe(outcome.state !== state);
            expect(volume.decisions()).toEqual(outcome.decisions);
            expect(volume.effects()).toEqual(outcome.effects);
            states[row] = outcome.state;
          } catch (error) {
            // Our own bug, which a drawn Program may have: the row is not looked at again.
            if (!(error instanceof InvariantError)) throw error;
            states[row] = null;
          }
        }
        states.forEach((state, row) => {
          if (state === null) return;
          expect(volume.stateOf(row)).toEqual(state);
          if (Object.keys({ ...state.loopCounts, ...state.fault }).length > 0) remembered += 1;
        });
      }),
      { numRuns: 150, seed: SEED },
    );
    expect(remembered).toBeGreaterThan(20);
  });

  test("owns a whole life: whoever is asked may stop it, look at it and at others, and change what there is to see", () => {
    const lives = fc.record({
      program: programArbitrary(2, 11),
      facts: factsArbitrary,
      happenings: happeningsArbitrary,
      stops: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
    });
    const seen = { events: 0, stops: 0, ended: 0 };
    fc.assert(
      fc.property(lives, ({ program, facts, happenings, stops }) => {
        const volume = newVolume(program, 3);
        const linked = linkCompiled(program);
        const expectTold = ({ state, decisions, effects }: Outcome): void => {
          expect(volume.decisions()).toEqual(decisions);
          expect(volume.effects()).toEqual(effects);
          expect(volume.stateOf(1)).toEqual(state);
          expect(volume.stateOf(2)).toMatchObject({ stepSeq: 0 });
        };
        const first = contextOf(1, facts);
        let outcome = linkedOutcome(() => linked.start(first));
        let nowMs = STARTED_AT_MS;
        let heard = 0;
        let resumed = false;
        const world = (stopsAt: (place: number) => boolean): World => ({
          next: (row) => {
            if (outcome === null) throw new Error("the linked executor broke at this event, and the life goes on");
            // A call that has only just begun has decided nothing.
            expectTold(resumed ? { ...outcome, decisions: [], effects: [] } : outcome);
            resumed = false;
            const { frame, nodeIds } = volume;
            const { state } = outcome;
            const stands = [nodeIds[frame.node], frame.stepSeq, frame.attempt, frame.pending === 1];
            expect(stands).toEqual([state.nodeId, state.stepSeq, state.attempt, state.pending]);
            expect([row, Number.isNaN(frame.wakeAtMs) ? null : frame.wakeAtMs]).toEqual([1, state.wakeAtMs]);
            const happening = happenings[heard];
            if (happening === undefined || stopsAt(heard)) return false;
            heard += 1;
            const next = eventAt(happening, { program, state, nowMs });
            nowMs = next.nowMs;
            const context = contextOf(1, happening.facts, nowMs);
            outcome = linkedOutcome(() => linked.send(state, next.event, context));
            attend(frame, context);
            hear(frame, next.event);
            seen.events += 1;
            return true;
          },
        });
        try {
          attend(volume.frame, first);
          volume.live(
            1,
            world((place) => stops[place] === true),
          );
          while (volume.active(1) && heard < happenings.length) {
            seen.stops += 1;
            const from = heard;
            resumed = true;
            volume.liveOn(
              1,
              world((place) => place > from && stops[place] === true),
            );
          }
        } catch (error) {
          // Our own bug, which a drawn Program may have, and both must find it at the same event.
          if (!(error instanceof InvariantError)) throw error;
          expect(outcome).toBeNull();
          return;
        }
        if (outcome === null) throw new Error("only the linked executor broke");
        if (heard > 0 || !volume.active(1)) expect(volume.stateOf(1)).toEqual(outcome.state);
        if (!volume.active(1)) {
          seen.ended += 1;
          if (!resumed) expectTold(outcome);
        }
      }),
      { numRuns: 150, seed: SEED },
    );
    expect(Math.min(seen.events / 4, seen.stops, seen.ended)).toBeGreaterThan(30);
  });

  test("asks nothing about a life that is over", () => {
    const volume = newVolume(callProgram, 1);
    const event = { id: "e", at: STARTED_AT_MS, type: "stop.requested" } as const;
    volume.start(0, contextOf(0, LATE));
    volume.send(0, event, contextOf(0, LATE));
    volume.liveOn(0, { next: () => expect.unreachable("it has ended") });
    expect(volume.stateOf(0).status).toBe("exited");
  });

  test("tells where an account stands without making objects of it", () => {
    const volume = newVolume(callProgram, 2);
    volume.start(1, contextOf(1, LATE));
    const told = { node: volume.nodeIds[volume.node(1)], stepSeq: volume.stepSeq(1), attempt: volume.attempt(1) };
    expect(told).toEqual({ node: "next", stepSeq: 2, attempt: 1 });
    expect([volume.active(1), volume.pending(1)]).toEqual([true, true]);
    expect(volume.wakeAtMs(1)).toBe(volume.stateOf(1).wakeAtMs);
  });

  test("takes a state from elsewhere and goes on with it", () => {
    const volume = newVolume(callProgram, 1);
    const { state } = linkCompiled(callProgram).start(contextOf(0, LATE));
    const remembering: EnrollmentState = { ...state, vars: { score: 3 }, loopCounts: { again: 2 } };
    volume.put(0, remembering);
    expect(volume.stateOf(0)).toEqual(remembering);
    const event = {
      id: "e",
      at: STARTED_AT_MS,
      type: "contact.result",
      stepSeq: 2,
      attempt: 1,
      outcome: "PTP",
    } as const;
    expect(volume.send(0, event, contextOf(0, LATE))).toBe(true);
    expect(volume.stateOf(0)).toMatchObject({ nodeId: "promised", vars: { score: 3 }, loopCounts: { again: 2 } });
  });

  test("does not give one account what another has left behind in a step that broke", () => {
    const [start, next] = [callProgram.steps.start, callProgram.steps.next];
    if (start === undefined || next === undefined) throw new Error("the steps have gone");
    const set = {
      kind: "set",
      assign: [{ variable: "score", type: "number", value: { literal: 7 } }],
      next: "on",
    } as const;
    const broken = {
      kind: "wait",
      wait: { mode: "until-dpd", dpd: 30, at: "09:00" },
      elapsed: "on",
      happened: null,
      unknown: null,
    } as const;
    const steps = {
      ...callProgram.steps,
      next: { ...next, spec: { ...next.spec, blocked: "blocked" }, handles: { ...next.handles, blocked: "set" } },
      set: { ...start, id: "set", spec: set, handles: { on: "broken" } },
      broken: { ...start, id: "broken", spec: broken, handles: { on: "done" } },
    };
    const volume = newVolume({ ...callProgram, steps }, 2);
    const event = { id: "e", at: STARTED_AT_MS, type: "contact.denied", stepSeq: 2, attempt: 1, reasons: [] } as const;
    for (const row of [0, 1]) volume.start(row, contextOf(row, LATE));
    expect(() => volume.send(0, event, contextOf(0, {}))).toThrow("program.unknown-handle-missing");
    volume.send(1, { ...event, type: "stop.requested" }, contextOf(1, LATE));
    expect([volume.stateOf(1).status, volume.stateOf(1).vars]).toEqual(["exited", {}]);
  });

  test("has room for its rows and no more, and for the steps and exits of its own Program", () => {
    const volume = newVolume(callProgram, 1);
    const { state } = linkCompiled(callProgram).start(contextOf(0, LATE));
    const refused = (act: () => void, code: string): void => expect(act).toThrow(code);
    refused(() => volume.start(1, contextOf(1, LATE)), "volume.row");
    refused(() => volume.start(-1, contextOf(1, LATE)), "volume.row");
    refused(() => volume.put(1, state), "volume.row");
    refused(() => volume.put(0, { ...state, nodeId: "elsewhere" }), "program.unknown-step");
    refused(
      () => volume.put(0, { ...state, status: "exited", exit: { reason: "sold", label: "x" } }),
      "volume.exit-unknown",
    );
  });
});
