import { type ChannelDefinition, ChannelOutcomesSchema } from "../define";
import outcomes from "./outcomes.json";

const FEN_PER_CONNECTED_CALL = 25;
/** About four minutes of speech; a longer script loses its listener. */
const TEXT_MAX = 1200;

/**
 * Robot calls. Where the table of domain.md 3.4 leaves open whether somebody conversed (illness, death, bankruptcy, suit,
 * incapacity), it counts as a conversation, because too high a count only costs a call; it does not count as the right party.
 */
export const robot: ChannelDefinition = {
  channel: "robot",
  title: { "zh-CN": "机器人外呼", en: "Robot call" },
  contactPoint: "phone",
  outcomes: ChannelOutcomesSchema.parse(outcomes),
  textMax: TEXT_MAX,
  unitCost: { minor: FEN_PER_CONNECTED_CALL, per: "connected-call" },
  costMinor: ({ outcome }) => (outcome.connected ? FEN_PER_CONNECTED_CALL : 0),
};
