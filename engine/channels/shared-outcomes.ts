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
