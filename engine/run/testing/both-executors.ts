import type { EngineEvent, EnrollmentState, Outcome } from "../../model/execution";
import type { Facts } from "../../model/facts";
import type { Program } from "../../model/program";
import type { EpochMs } from "../../model/time";
import { linkCompiled } from "../compiled";
import { linkGenerated } from "../generated/executor";
import { linkReference } from "../reference";

export const SUBJECT = { enrollmentId: "enr_1", partyId: "party_1", accountId: "acct_1" } as const;

/** 2 March 2026, 09:00 in Shanghai. */
export const MONDAY_9_MS = Date.parse("2026-03-02T09:00:00+08:00");

export type EventDetails = EngineEvent extends infer TEvent
  ? TEvent extends EngineEvent
    ? Omit<TEvent, "id" | "at">
    : never
  : never;

/** One account in one strategy, told event by event. */
export type Story = {
  readonly state: () => EnrollmentState;
  readonly start: (facts: Facts, nowMs?: EpochMs) => Promise<Outcome>;
  /** Sends an event; `nowMs` defaults to the wake-up for timers and to the last instant for others. */
  readonly send: (
    event: EventDetails,
    options?: { readonly facts?: Facts; readonly nowMs?: EpochMs },
  ) => Promise<Outcome>;
};

export const EXECUTORS = [
  ["reference", linkReference],
  ["compiled", linkCompiled],
  ["generated", (program: Program) => linkGenerated(program)],
] as const;

/** A story told by one of the executors. Facts stay as they were last given. */
export function story(link: (typeof EXECUTORS)[number][1], program: Program): Story {
  const executor = link(program);
  let facts: Facts = {};
  let nowMs = MONDAY_9_MS;
  let state: EnrollmentState | null = null;
  const stateOrFail = (): EnrollmentState => {
    if (state === null) throw new Error("the story has not started");
    return state;
  };
  const told = (outcome: Outcome): Outcome => {
    state = outcome.state;
    return outcome;
  };
  return {
    state: stateOrFail,
    start: async (given, atMs = MONDAY_9_MS) => {
      facts = given;
      nowMs = atMs;
      return told(await executor.start({ subject: SUBJECT, facts, nowMs }));
    },
    send: async (event, options = {}) => {
      const before = stateOrFail();
      facts = options.facts ?? facts;
      nowMs = options.nowMs ?? (event.type === "timer.fired" ? (before.wakeAtMs ?? nowMs) : nowMs);
      const whole = { id: "evt_1", at: nowMs, ...event } as EngineEvent;
      return told(await executor.send(before, whole, { subject: SUBJECT, facts, nowMs }));
    },
  };
}

/** Decisions as short lines: `step.code(detail) -> handle`. */
export function lines({ decisions }: Outcome): readonly string[] {
  return decisions.map(({ nodeId, code, detail, handle }) => {
    const told = detail === null ? code : `${code}(${detail})`;
    return handle === null ? `${nodeId}.${told}` : `${nodeId}.${told} -> ${handle}`;
  });
}
