import type { Channel } from "./content";
import type { AuthorExitReason, ExitReason } from "./exit-reason";
import type { Facts, FactValue } from "./facts";
import type { AccountId, EnrollmentId, PartyId } from "./ids";
import type { HoldKind } from "./policy";
import type { TaskKind } from "./program";
import type { EpochMs, LocalDate } from "./time";

export const ENROLLMENT_STATUSES = ["active", "paused", "held", "exited", "faulted"] as const;
export type EnrollmentStatus = (typeof ENROLLMENT_STATUSES)[number];

/** Where one account stands in one strategy version. Small and serialisable; every member is a typed column in the database. */
export type EnrollmentState = {
  readonly status: EnrollmentStatus;
  readonly nodeId: string;
  /** Grows by one each time a step is entered; never reused. */
  readonly stepSeq: number;
  readonly startedAtMs: EpochMs;
  readonly enteredAtMs: EpochMs;
  /** The one timer. Null = waits for events only, or is done. */
  readonly wakeAtMs: EpochMs | null;
  /** Attempt of the present step, 1-based; 0 where the step makes none. */
  readonly attempt: number;
  /** A request of this attempt is out and unanswered. */
  readonly pending: boolean;
  readonly loopCounts: { readonly [nodeId: string]: number };
  readonly vars: { readonly [name: string]: FactValue };
  readonly exit: { readonly reason: ExitReason; readonly label: string | null } | null;
  /** Why it is `faulted`: a code and the path walked. */
  readonly fault: { readonly code: string; readonly path: readonly string[] } | null;
};

/** What can happen to an enrollment. Visit events carry the `stepSeq` they belong to; another one means stale. */
export const EVENT_TYPES = [
  "timer.fired",
  "contact.result",
  "contact.deferred",
  "contact.denied",
  "qa.verdict",
  "task.completed",
  "external.result",
  "payment.posted",
  "payment.reversed",
  "promise.made",
  "reply.received",
  "facts.changed",
  "stop.requested",
  "resumed",
  "exit.requested",
  "migrated",
] as const;

/** The visit and attempt an answer belongs to, and what it brings along. */
type Answer = {
  readonly stepSeq: number;
  readonly attempt: number;
  readonly values?: { readonly [name: string]: FactValue };
};

export type EngineEvent = { readonly id: string; readonly at: EpochMs } & (
  | { readonly type: "timer.fired"; readonly stepSeq: number }
  | ({ readonly type: "contact.result"; readonly outcome: string } & Answer)
  | {
      readonly type: "contact.deferred";
      readonly stepSeq: number;
      readonly attempt: number;
      readonly untilMs: EpochMs;
      readonly reasons: readonly string[];
    }
  | {
      readonly type: "contact.denied";
      readonly stepSeq: number;
      readonly attempt: number;
      readonly reasons: readonly string[];
    }
  | ({ readonly type: "qa.verdict"; readonly outcome: QaVerdictCode } & Answer)
  | ({ readonly type: "task.completed"; readonly outcome: string } & Answer)
  | ({ readonly type: "external.result"; readonly outcome: string } & Answer)
  | { readonly type: "payment.posted"; readonly amountMinor: number }
  | { readonly type: "payment.reversed"; readonly amountMinor: number }
  | { readonly type: "promise.made"; readonly amountMinor: number; readonly dueDate: LocalDate }
  | { readonly type: "reply.received"; readonly channel: Channel }
  | { readonly type: "facts.changed" }
  | { readonly type: "stop.requested" }
  /** A hold was released so that the step is looked at anew: it is entered again (ADR 0017). */
  | { readonly type: "resumed"; readonly stepSeq: number }
  /** A person ends it, at whatever step it stands. */
  | { readonly type: "exit.requested"; readonly reason: AuthorExitReason }
  /** It was moved to this Program, which goes on at `nodeId`; the step of `stepSeq` may be one the Program does not have. */
  | { readonly type: "migrated"; readonly stepSeq: number; readonly nodeId: string }
);

export type QaVerdictCode = "pass" | "block" | "review";

/** Who the step is about. */
export type Subject = { readonly enrollmentId: EnrollmentId; readonly partyId: PartyId; readonly accountId: AccountId };

/** Everything outside the state that a step may use. One facts snapshot per step. */
export type StepContext = { readonly subject: Subject; readonly facts: Facts; readonly nowMs: EpochMs };

/** Why a step did what it did. Codes have texts in every locale (`engine/run/texts`). */
export const DECISION_CODES = [
  "entered", // entry rule holds
  "not-eligible",
  "eligibility-unknown",
  "rule-holds",
  "otherwise",
  "unknown",
  "collected", // rules of a collecting table that hold
  "scored",
  "set", // variables were written
  "repeated",
  "repeats-used-up",
  "hold-placed",
  "hold-released",
  "promise-closed",
  "watch-holds", // the rule the step watched while waiting
  "watch-checked",
  "split",
  "requested", // a request left; the step waits (or goes on at once)
  "outcome", // an answer was mapped to a handle
  "retry-scheduled",
  "retry-started",
  "exhausted",
  "blocked",
  "deferred",
  "expired",
  "waiting",
  "elapsed",
  "happened",
  "exit",
  "strategy-exit",
  "horizon",
  "stopped",
  "exit-requested",
  "re-entered", // the step was entered anew because a hold was released that way
  "migrated", // the account was moved to another version
  "step-limit",
  "ignored-stale",
  "ignored-early",
  "ignored-not-awaited",
  "ignored-inactive",
] as const;
export type DecisionCode = (typeof DECISION_CODES)[number];

export type Decision = {
  readonly stepSeq: number;
  readonly nodeId: string;
  /** The handle taken; null when the enrollment stays where it is. */
  readonly handle: string | null;
  readonly code: DecisionCode;
  /** What decided: rule id, arm, outcome code, event type, exit reason or reasons joined by a comma. */
  readonly detail: string | null;
  readonly factsRead: { readonly [fact: string]: FactValue };
  readonly atMs: EpochMs;
};

/**
 * The queue a request to people waits in, how urgent it is (1 first, 9 last), by when it should be done, and how many of them it
 * takes where the step says so.
 */
export type Desk = {
  readonly queue: string;
  readonly priority: number;
  readonly dueAtMs: EpochMs;
  readonly people?: number;
};

/** What a step lays down about a contact beside channel and text. */
export type ContactTerms = {
  /** Most attempts of one visit of the step on one day at the party's place. */
  readonly maxPerDay?: number;
  /** `next`: each attempt goes to the party's next contact point. Absent = the first valid one. */
  readonly contactPoints?: "next";
  /** Made by people: where it waits for them. */
  readonly desk?: Desk;
};

/** The terms alone, out of whatever carries them. */
export function contactTermsOf({ maxPerDay, contactPoints, desk }: ContactTerms): ContactTerms {
  return {
    ...(maxPerDay === undefined ? {} : { maxPerDay }),
    ...(contactPoints === undefined ? {} : { contactPoints }),
    ...(desk === undefined ? {} : { desk }),
  };
}

/** What should happen in the world. Each becomes an outbox row in the commit that writes the state. */
export type Effect =
  | ({
      readonly kind: "contact.request";
      readonly stepSeq: number;
      readonly nodeId: string;
      readonly attempt: number;
      readonly channel: Channel;
      readonly contentId: string;
      readonly partyRole: "self";
      /** Not to be sent after this instant. */
      readonly notAfterMs: EpochMs;
    } & ContactTerms)
  /** The step was left while its request was still out: whatever has not been sent must not be. */
  | { readonly kind: "request.cancel"; readonly stepSeq: number; readonly attempt: number }
  | {
      readonly kind: "qa.request";
      readonly stepSeq: number;
      readonly nodeId: string;
      readonly attempt: number;
      readonly contentId: string;
      readonly lexicon: string;
    }
  | {
      readonly kind: "conversation-qa.request";
      readonly stepSeq: number;
      readonly nodeId: string;
      readonly attempt: number;
      readonly channel: Channel;
      readonly lexicon: string;
      readonly passScore: number;
      readonly notAfterMs: EpochMs;
    }
  | {
      readonly kind: "task.request";
      readonly stepSeq: number;
      readonly nodeId: string;
      readonly attempt: number;
      readonly task: TaskKind;
      readonly desk: Desk;
      readonly details: { readonly [name: string]: FactValue };
      readonly notAfterMs: EpochMs;
    }
  | {
      readonly kind: "external.request";
      readonly stepSeq: number;
      readonly nodeId: string;
      readonly attempt: number;
      readonly integration: string;
      readonly send: { readonly [fact: string]: FactValue };
      readonly timeoutMs: number;
      readonly notAfterMs: EpochMs;
    }
  /** Freezes the party; `untilMs` null = until someone releases it. */
  | { readonly kind: "hold.place"; readonly hold: HoldKind; readonly untilMs: EpochMs | null }
  | { readonly kind: "hold.release"; readonly hold: HoldKind }
  /** The party's open promise is settled, so that it counts as kept, partly kept or broken from now on. */
  | { readonly kind: "promise.close"; readonly result: "kept" | "partial" | "broken" }
  /** First exposure of the party in the experiment's phase: to be recorded, sticky. */
  | { readonly kind: "arm.assigned"; readonly experimentKey: string; readonly phase: number; readonly arm: string };

/** What an executor answers. It read no clock, drew no chance and touched nothing; the timer is `state.wakeAtMs`. */
export type Outcome = {
  readonly state: EnrollmentState;
  readonly decisions: readonly Decision[];
  readonly effects: readonly Effect[];
};

/** A Program linked for running. The reference answers with promises, the compiled one at once; they agree on every byte. */
export type SyncExecutor = {
  readonly start: (context: StepContext) => Outcome;
  readonly send: (state: EnrollmentState, event: EngineEvent, context: StepContext) => Outcome;
};
export type AsyncExecutor = {
  readonly start: (context: StepContext) => Promise<Outcome>;
  readonly send: (state: EnrollmentState, event: EngineEvent, context: StepContext) => Promise<Outcome>;
};

/** Key of one visit of a step: what its attempts have in common. */
export function visitKey(enrollmentId: EnrollmentId, stepSeq: number): string {
  return `${enrollmentId}:${stepSeq}`;
}

/** Key of a contact attempt, and its idempotency key at the provider. */
export function requestKey(enrollmentId: EnrollmentId, stepSeq: number, attempt: number): string {
  return `${visitKey(enrollmentId, stepSeq)}:${attempt}`;
}

/** Fact that carries a party's sticky arm of an experiment when a row for it exists. */
export function armFact(experimentKey: string): string {
  return `arm.${experimentKey}`;
}
