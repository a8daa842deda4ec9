import type { ChannelDefinition } from "../define";
import { CALL_RESULTS, CONVERSATION_OUTCOMES, UNREACHED_CALL_OUTCOMES } from "../shared-outcomes";

const FEN_PER_MINUTE = 100;
/** Minutes of a seat by what came of the call, dialling and notes included. */
const MINUTES = { unreached: 1, connected: 2, conversed: 5 } as const;
/** A guide of three pages; nobody looks up more while talking. */
const TEXT_MAX = 3000;

/** Calls by the lender's own people; the text is the guide they go by. Counted by the caps together with robot calls. */
export const agent: ChannelDefinition = {
  channel: "agent",
  title: { "zh-CN": "人工外呼", en: "Agent call" },
  means: "call",
  byPeople: true,
  contactPoint: "phone",
  outcomes: { ...UNREACHED_CALL_OUTCOMES, ...CONVERSATION_OUTCOMES },
  results: CALL_RESULTS,
  textMax: TEXT_MAX,
  subjectMax: null,
  unitCost: { minor: FEN_PER_MINUTE, per: "minute" },
  costMinor: ({ outcome }) => {
    const minutes = outcome.conversed ? MINUTES.conversed : outcome.connected ? MINUTES.connected : MINUTES.unreached;
    return FEN_PER_MINUTE * minutes;
  },
};
