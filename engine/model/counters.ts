import type { CounterMetric } from "./facts";

/** What happened with a party within one period, over all its accounts. A contact that has no answer yet is an attempt only. */
export type PeriodCounts = {
  readonly contacts: readonly {
    readonly channel: string;
    readonly attempts: number;
    readonly connects: number;
    readonly conversations: number;
  }[];
  /** Payments less reversals, never below 0. */
  readonly payments: number;
  /** Promises made, those that were made anew included. */
  readonly promises: number;
  /** Promises that were found broken in the period, whenever they were made. */
  readonly promisesBroken: number;
};

/** Channels that carry a written message to the party's device; a letter is not one. */
const MESSAGE_CHANNELS: ReadonlySet<string> = new Set(["sms", "email", "push"]);
const VISIT_CHANNELS: ReadonlySet<string> = new Set(["visit"]);

type Contacts = PeriodCounts["contacts"];

function sumOf(contacts: Contacts, member: "attempts" | "connects" | "conversations"): number {
  return contacts.reduce((sum, contact) => sum + contact[member], 0);
}

const COUNTS: { readonly [metric in CounterMetric]: (counts: PeriodCounts) => number } = {
  attempts: ({ contacts }) => sumOf(contacts, "attempts"),
  connects: ({ contacts }) => sumOf(contacts, "connects"),
  conversations: ({ contacts }) => sumOf(contacts, "conversations"),
  messages: ({ contacts }) =>
    sumOf(
      contacts.filter(({ channel }) => MESSAGE_CHANNELS.has(channel)),
      "attempts",
    ),
  visits: ({ contacts }) =>
    sumOf(
      contacts.filter(({ channel }) => VISIT_CHANNELS.has(channel)),
      "attempts",
    ),
  payments: ({ payments }) => payments,
  promises: ({ promises }) => promises,
  promises_broken: ({ promisesBroken }) => promisesBroken,
};

/** One counter's value. The live shell and the simulator count differently and meet here. */
export function countOf(metric: CounterMetric, counts: PeriodCounts): number {
  return COUNTS[metric](counts);
}
