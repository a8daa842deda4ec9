import { type ChannelDefinition, ChannelOutcomesSchema } from "../define";
import { CONVERSATION_OUTCOMES } from "../shared-outcomes";
import outcomes from "./outcomes.json";

const FEN_PER_VISIT = 20_000;
/** A guide of three pages. */
const TEXT_MAX = 3000;

/** Visits by people, at least two of them; the text is the guide they go by. Paid for whether or not anybody is met. */
export const visit: ChannelDefinition = {
  channel: "visit",
  title: { "zh-CN": "外访", en: "Field visit" },
  means: "visit",
  byPeople: true,
  contactPoint: "address",
  outcomes: { ...CONVERSATION_OUTCOMES, ...ChannelOutcomesSchema.parse(outcomes) },
  results: { no_answer: "NA", rejected: "REJ", invalid_vacant: "INV", answered: "RPC" },
  textMax: TEXT_MAX,
  subjectMax: null,
  unitCost: { minor: FEN_PER_VISIT, per: "visit" },
  costMinor: () => FEN_PER_VISIT,
};
