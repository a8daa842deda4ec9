import type { Condition } from "../../model/condition";
import type { StepSpec, WaitSpec, WatchableEvent } from "../../model/program";
import { HOUR_MS, type LocalTime } from "../../model/time";
import type { CompoundStep, NodeContext, PartWay, Stimulus } from "../define";

/** What is known of the party's latest promise; the ledger keeps them up to date. */
export const PROMISE_FACTS = {
  status: "promise_status",
  dueDate: "promise_due_date",
  paidShare: "promise_paid_share",
} as const;

export type PromiseTerms = {
  /** The empty string = no such text. */
  readonly confirmContentId: string;
  readonly remindContentId: string;
  readonly remindDaysBefore: number;
  readonly remindAt: LocalTime;
  readonly graceDays: number;
  readonly toleranceShare: number;
  readonly partialShare: number;
};

/** Money moves the promise; a look costs nothing, so changed facts are looked at as well. */
const LOOKS: readonly WatchableEvent[] = ["payment.posted", "payment.reversed", "facts.changed"];
/** Another promise takes the place of this one, and with it its date. */
const NEW_PROMISE: readonly WatchableEvent[] = ["promise.made"];
/** What may happen while an account waits for the promise. */
export const PROMISE_STIMULI: readonly Stimulus[] = [
  { event: "timer.fired" },
  ...[...LOOKS, ...NEW_PROMISE].map((event) => ({ event })),
];
/** A text that could not leave within a day has lost its point: it speaks of a date close by. */
const TEXT_DEADLINE_MS = 24 * HOUR_MS;
/** A promise is over when the last day of its grace is over. */
const DAY_BEGINS = "00:00";

const out = (handle: string): PartWay => ({ handle });
const to = (part: string): PartWay => ({ part });

type Part = CompoundStep["parts"][string];

/** There is no promise to wait for: none was made, it was called off, or it is settled already. */
const SETTLED: Condition = {
  fact: PROMISE_FACTS.status,
  operator: "in",
  value: ["none", "cancelled", "kept", "partial", "broken"],
};
const CALLED_OFF: Condition = { fact: PROMISE_FACTS.status, operator: "in", value: ["none", "cancelled"] };

function paidAtLeast(share: number): Condition {
  return { fact: PROMISE_FACTS.paidShare, operator: "greaterThanInclusive", value: share };
}

/**
 * The step's parts in the order they come: is there a promise, confirm it, wait for the day of the reminder, remind, wait until the
 * grace is over, let the ledger decide, settle the promise. Whatever comes in is looked at: once enough is paid it is kept.
 */
export function promiseParts(terms: PromiseTerms, context: NodeContext): CompoundStep {
  const { confirmContentId, remindContentId, toleranceShare, partialShare } = terms;
  const reminds = remindContentId !== "";
  const afterConfirm = reminds ? "remind-when" : "due";
  const paid = context.addRuleSet([{ rule: "kept", outcome: "paid", when: paidAtLeast(toleranceShare) }]);
  const wait = (spec: WaitSpec, next: string): Part => waitPart(spec, { paid, next });
  return {
    kind: "compound",
    first: "check",
    parts: {
      check: {
        spec: decide(context, [
          { rule: "none", outcome: "none", when: SETTLED },
          { rule: "kept", outcome: "kept", when: paidAtLeast(toleranceShare) },
        ]),
        ways: {
          none: out("none"),
          kept: to("close-kept"),
          otherwise: to(confirmContentId === "" ? afterConfirm : "confirm"),
          unknown: out("unknown"),
        },
      },
      ...(confirmContentId === "" ? {} : { confirm: textPart(confirmContentId, afterConfirm) }),
      ...(reminds ? reminderParts(terms, context, wait) : {}),
      due: wait({ ...dueDateWait(terms.graceDays + 1), at: DAY_BEGINS }, "settle"),
      settle: {
        spec: decide(context, [
          { rule: "none", outcome: "none", when: CALLED_OFF },
          { rule: "kept", outcome: "kept", when: paidAtLeast(toleranceShare) },
          { rule: "partial", outcome: "partial", when: paidAtLeast(partialShare) },
        ]),
        ways: {
          none: out("none"),
          kept: to("close-kept"),
          partial: to("close-partial"),
          otherwise: to("close-broken"),
          unknown: out("unknown"),
        },
      },
      "close-kept": closePart("kept"),
      "close-partial": closePart("partial"),
      "close-broken": closePart("broken"),
    },
  };
}

function reminderParts(
  { remindContentId, remindDaysBefore, remindAt }: PromiseTerms,
  context: NodeContext,
  wait: (spec: WaitSpec, next: string) => Part,
): CompoundStep["parts"] {
  // Only a day still to come: a promise made on that day, or later, was talked about today.
  const ahead: Condition = { fact: PROMISE_FACTS.dueDate, operator: "afterNextDays", value: remindDaysBefore };
  return {
    "remind-when": {
      spec: decide(context, [{ rule: "ahead", outcome: "ahead", when: ahead }]),
      ways: { ahead: to("remind-wait"), otherwise: to("due"), unknown: out("unknown") },
    },
    "remind-wait": wait({ ...dueDateWait(0 - remindDaysBefore), at: remindAt }, "remind"),
    remind: textPart(remindContentId, "due"),
  };
}

function decide(
  context: NodeContext,
  rules: readonly { readonly rule: string; readonly outcome: string; readonly when: Condition }[],
): StepSpec {
  return { kind: "decide", ruleSet: context.addRuleSet(rules), otherwise: "otherwise", unknown: "unknown" };
}

function dueDateWait(offsetDays: number) {
  return { mode: "until-fact-date", fact: PROMISE_FACTS.dueDate, offsetDays } as const;
}

function waitPart(wait: WaitSpec, { paid, next }: { readonly paid: string; readonly next: string }): Part {
  return {
    spec: {
      kind: "wait",
      wait,
      elapsed: "elapsed",
      happened: null,
      unknown: "unknown",
      watch: { ruleSet: paid, events: LOOKS, everyMs: null, holds: "paid" },
      recomputeOn: NEW_PROMISE,
    },
    ways: { elapsed: to(next), unknown: out("unknown"), paid: to("close-kept") },
  };
}

const SENT = "sent";

function textPart(contentId: string, next: string): Part {
  return {
    spec: {
      kind: "request",
      request: { kind: "contact", channel: "sms", contentId, partyRole: "self" },
      deadlineMs: TEXT_DEADLINE_MS,
      outcomes: {},
      retry: null,
      exhausted: SENT,
      blocked: SENT,
      expired: SENT,
      goOn: SENT,
    },
    ways: { [SENT]: to(next) },
  };
}

function closePart(result: "kept" | "partial" | "broken"): Part {
  return {
    spec: { kind: "act", act: { act: "promise.close", result }, next: "next" },
    ways: { next: out(result) },
  };
}
