import { CALL_BACK_AT } from "../model/contact-result";
import { PROMISE_VALUES } from "../model/promise";
import { formatInstant } from "../model/time";
import type { ChannelEvent } from "../ports/channel";
import { type ContactedDebtor, callBackNamed, paymentsAfter, promisedBy } from "./debtors";
import type { Contact } from "./departure";
import type { RuntimeDeps } from "./deps";

function debtorOf(deps: RuntimeDeps, { ready, outgoing, context }: Contact): ContactedDebtor {
  const { channel } = outgoing.port;
  const ordinal = ready.party.history.filter((entry) => entry.channel === channel).length;
  const { timeZone } = context.version.program.settings;
  const { account, paidMinor } = ready.snapshot;
  return { account, paidMinor, seed: deps.debtorSeed, timeZone, channel, ordinal };
}

/** Simulated people sometimes pay because they were reached. */
export function paidBy(deps: RuntimeDeps, contact: Contact, events: readonly ChannelEvent[]) {
  return events.flatMap((event) => paymentsAfter(debtorOf(deps, contact), event));
}

/** Simulated people name a day and an amount when they promise, and a time when they want to be called again. */
export function withDetails(deps: RuntimeDeps, contact: Contact, event: ChannelEvent): ChannelEvent {
  const debtor = debtorOf(deps, contact);
  const callBackMs = callBackNamed(debtor, event);
  if (callBackMs !== null) {
    return { ...event, values: { ...event.values, [CALL_BACK_AT]: formatInstant(debtor.timeZone, callBackMs) } };
  }
  const terms = promisedBy(debtor, event);
  if (terms === null) return event;
  const { amount, dueDate } = PROMISE_VALUES;
  return { ...event, values: { ...event.values, [amount]: terms.amountMinor, [dueDate]: terms.dueDate } };
}
