import { type ChannelDefinition, ChannelOutcomesSchema } from "../define";
import { notDelivered } from "../shared-outcomes";
import outcomes from "./outcomes.json";
import { smsParts } from "./parts";

const FEN_PER_PART = 5;
/** Carriers in China take long messages up to 500 characters, signature included. */
const TEXT_MAX = 500;

/** Text messages. Attempted when it left, whether it arrived or not; nobody converses by SMS in the sense of the caps. */
export const sms: ChannelDefinition = {
  channel: "sms",
  title: { "zh-CN": "短信", en: "SMS" },
  means: "message",
  byPeople: false,
  contactPoint: "phone",
  outcomes: ChannelOutcomesSchema.parse(outcomes),
  results: { ...notDelivered("UND"), delivered: "DLV", read: "DLV", clicked: "CLK", replied: "RPL" },
  textMax: TEXT_MAX,
  subjectMax: null,
  unitCost: { minor: FEN_PER_PART, per: "message-part" },
  costMinor: ({ text }) => FEN_PER_PART * (text === null ? 1 : smsParts(text).parts),
};
