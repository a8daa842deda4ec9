import { type ChannelDefinition, ChannelOutcomesSchema } from "../define";
import { notDelivered } from "../shared-outcomes";
import outcomes from "./outcomes.json";

const FEN_PER_LETTER = 800;
/** One page, both sides. */
const TEXT_MAX = 4000;
const SUBJECT_MAX = 80;

/**
 * Letters on paper. Whoever took it in, nobody was spoken to: a letter is attempted and no more. Carriers report the end of its
 * way; ordinary mail ends for us when it is posted.
 */
export const letter: ChannelDefinition = {
  channel: "letter",
  title: { "zh-CN": "信函", en: "Letter" },
  means: "message",
  byPeople: false,
  contactPoint: "address",
  outcomes: ChannelOutcomesSchema.parse(outcomes),
  results: { ...notDelivered("UND"), rejected: "REF", delivered: "DLV", read: "SGN" },
  textMax: TEXT_MAX,
  subjectMax: SUBJECT_MAX,
  unitCost: { minor: FEN_PER_LETTER, per: "letter" },
  costMinor: () => FEN_PER_LETTER,
};
