import type { EnrollmentState, Subject } from "../../model/execution";
import type { Facts, FactValue } from "../../model/facts";
import type { Program, ProgramCalendar } from "../../model/program";
import type { EpochMs, TimeZone } from "../../model/time";
import { firstVars } from "../first-state";

/** Whole numbers of an enrollment, by their place in its row. */
export const INTS = { node: 0, stepSeq: 1, attempt: 2, status: 3, pending: 4, exit: 5 } as const;
export const INT_COUNT = 6;
/** Instants of an enrollment in epoch milliseconds, by their place in its row. A `wakeAt` of NaN is no timer. */
export const FLOATS = { startedAt: 0, enteredAt: 1, wakeAt: 2 } as const;
export const FLOAT_COUNT = 3;

/** No exit taken: value of `INTS.exit`. */
export const NO_EXIT = -1;
/** Value of `Frame.eventSeq` and `eventAttempt` for an event that belongs to no visit. */
export const NO_VISIT = -1;
/** A visit that no enrollment ever makes. */
export const NEVER_VISITED = -2;

/**
 * What a call of a generated executor may look at beside the enrollment's row: the facts, the event, and what few enrollments
 * have. Written over by every call, so that a step leaves no garbage behind. Its first members are a `RuleInput` and a `WaitContext`, so that the functions
 * shared with the other executors take it as it is.
 */
export type Frame = {
  facts: Facts;
  vars: EnrollmentState["vars"];
  nowMs: EpochMs;
  timeZone: TimeZone;
  calendar: ProgramCalendar | undefined;
  subject: Subject;
  loopCounts: EnrollmentState["loopCounts"];
  fault: EnrollmentState["fault"];
  /** Where the account stands, written whenever a world is asked what happens next. */
  node: number;
  stepSeq: number;
  attempt: number;
  /** 1 while a request is out, otherwise 0. */
  pending: number;
  /** NaN = no timer. */
  wakeAtMs: EpochMs;
  /** Place in EVENT_TYPES. */
  eventType: number;
  eventSeq: number;
  eventAttempt: number;
  outcome: string;
  reasons: readonly string[];
  values: { readonly [name: string]: FactValue } | undefined;
};

/** Where what few enrollments have is kept between calls: variables, loop counts, a fault. */
export type Memory = {
  /** Whether the frame may hold anything but what every enrollment has in the beginning, so that each call must recall. */
  used: boolean;
  /** From the memory into the frame. */
  readonly recall: (row: number) => void;
  /** From the frame into the memory. */
  readonly keep: (row: number) => void;
};

/** For one row whose owner looks after the frame. */
export function noMemory(): Memory {
  return { used: false, recall: () => undefined, keep: () => undefined };
}

/** Rows of enrollments and the frame of the call in hand. */
export type Registers = {
  readonly rows: number;
  /** What variables hold in the beginning; always this object, so that a row that holds nothing else is known by it. */
  readonly firstVars: EnrollmentState["vars"];
  readonly ints: Int32Array;
  readonly floats: Float64Array;
  readonly frame: Frame;
};

/** Loop counts of an enrollment that has gone round nothing. */
export const NO_COUNTS: EnrollmentState["loopCounts"] = {};

const NOTHING: { readonly [name: string]: never } = {};
const NO_REASONS: readonly string[] = [];
const NOBODY: Subject = { enrollmentId: "enr_", partyId: "party_", accountId: "acct_" };

/** Registers for enrollments of a Program. */
export function newRegisters(rows: number, program: Pick<Program, "settings" | "calendar">): Registers {
  const { settings, calendar } = program;
  const { timeZone } = settings;
  const first = firstVars(program);
  return {
    rows,
    firstVars: first,
    ints: new Int32Array(rows * INT_COUNT),
    floats: new Float64Array(rows * FLOAT_COUNT),
    frame: {
      facts: NOTHING,
      vars: first,
      // Not a whole number, so that the member is kept as a double from the beginning.
      nowMs: Number.NaN,
      timeZone,
      calendar,
      subject: NOBODY,
      loopCounts: NO_COUNTS,
      fault: null,
      node: 0,
      stepSeq: 0,
      attempt: 0,
      pending: 0,
      wakeAtMs: Number.NaN,
      eventType: 0,
      eventSeq: NO_VISIT,
      eventAttempt: NO_VISIT,
      outcome: "",
      reasons: NO_REASONS,
      values: undefined,
    },
  };
}
