import type { NormalResult } from "../model/contact-result";
import { ChannelOutcomesSchema } from "./define";
import conversation from "./outcomes/conversation.json";
import unreachedCall from "./outcomes/unreached-call.json";

/** Calls that reached nobody who could talk, or only a machine. */
export const UNREACHED_CALL_OUTCOMES = ChannelOutcomesSchema.parse(unreachedCall);

/**
 * What came of talking to somebody. Where the table of domain.md 3.4 leaves open whether somebody conversed (illness, death,
 * bankruptcy, suit, incapacity), it counts as a conversation, because too high a count only costs a call; it does not count as
 * the right party.
 */
export const CONVERSATION_OUTCOMES = ChannelOutcomesSchema.parse(conversation);

type Results = { readonly [result in NormalResult]?: string };

/** Every way a message can fail, under the one code its channel has for that. */
export function notDelivered(code: string): Results {
  return {
    failed_retryable: code,
    failed_permanent: code,
    expired: code,
    blocked_optout: code,
    blocked_blacklist: code,
    blocked_carrier: code,
    blocked_cap: code,
    invalid_vacant: code,
    invalid_suspended: code,
    unreachable_off: code,
    unreachable_no_signal: code,
    rejected: code,
  };
}

/**
 * What a switch says of a call. Somebody picked up and the provider does not say who: it counts as the debtor spoken to, because
 * too high a count only costs a call. A call that came to nothing for technical reasons rang at nobody's.
 */
export const CALL_RESULTS: Results = {
  no_answer: "NA",
  failed_retryable: "NA",
  failed_permanent: "NA",
  expired: "NA",
  busy: "BUSY",
  rejected: "REJ",
  unreachable_off: "OFF",
  unreachable_no_signal: "OFF",
  invalid_suspended: "OOS",
  invalid_vacant: "INV",
  blocked_optout: "BLK",
  blocked_blacklist: "BLK",
  blocked_carrier: "BLK",
  blocked_cap: "BLK",
  machine: "VM",
  answered: "RPC",
};
