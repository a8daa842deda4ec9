import { type ChannelDefinition, ChannelOutcomesSchema } from "../define";
import { notDelivered } from "../shared-outcomes";
import outcomes from "./outcomes.json";

/** What sending services charge for a thousand is below ten yuan; one fen is the least that can be written. */
const FEN_PER_MESSAGE = 1;
/** About two screens; a longer one is not read to its end. */
const TEXT_MAX = 4000;
/** Mail programs cut longer subjects off. */
const SUBJECT_MAX = 80;

/**
 * Email. Attempted when it left, whether it arrived or not; nobody converses by email in the sense of the caps. Whoever marks it
 * as unwanted has asked to be left alone, in the one way a mailbox offers.
 */
export const email: ChannelDefinition = {
  channel: "email",
  title: { "zh-CN": "邮件", en: "Email" },
  means: "message",
  byPeople: false,
  contactPoint: "email",
  outcomes: ChannelOutcomesSchema.parse(outcomes),
  results: { ...notDelivered("BNC"), delivered: "DLV", read: "OPN", clicked: "CLK", replied: "RPL", complained: "CPL" },
  textMax: TEXT_MAX,
  subjectMax: SUBJECT_MAX,
  unitCost: { minor: FEN_PER_MESSAGE, per: "message" },
  costMinor: () => FEN_PER_MESSAGE,
};
