import { type ChannelDefinition, ChannelOutcomesSchema } from "../define";
import { CALL_RESULTS, CONVERSATION_OUTCOMES, UNREACHED_CALL_OUTCOMES } from "../shared-outcomes";
import outcomes from "./outcomes.json";

const FEN_PER_CONNECTED_CALL = 25;
/** About four minutes of speech; a longer script loses its listener. */
const TEXT_MAX = 1200;

/** Robot calls; a robot, unlike a person, may hand the call over. */
export const robot: ChannelDefinition = {
  channel: "robot",
  title: { "zh-CN": "机器人外呼", en: "Robot call" },
  means: "call",
  byPeople: false,
  contactPoint: "phone",
  outcomes: { ...UNREACHED_CALL_OUTCOMES, ...CONVERSATION_OUTCOMES, ...ChannelOutcomesSchema.parse(outcomes) },
  results: CALL_RESULTS,
  textMax: TEXT_MAX,
  subjectMax: null,
  unitCost: { minor: FEN_PER_CONNECTED_CALL, per: "connected-call" },
  costMinor: ({ outcome }) => (outcome.connected ? FEN_PER_CONNECTED_CALL : 0),
};
