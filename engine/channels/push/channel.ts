import { type ChannelDefinition, ChannelOutcomesSchema } from "../define";
import { notDelivered } from "../shared-outcomes";
import outcomes from "./outcomes.json";

/** A tenth of a fen (domain.md 3.6): less than can be written, so it is written as nothing. */
const FEN_PER_MESSAGE = 0;
/** What a locked screen shows without being opened, and about what WeChat takes in a service notice. */
const TEXT_MAX = 200;
const SUBJECT_MAX = 30;

/** Notices of the lender's app and service notices of its WeChat account. */
export const push: ChannelDefinition = {
  channel: "push",
  title: { "zh-CN": "App/微信通知", en: "App or WeChat notice" },
  means: "message",
  byPeople: false,
  contactPoint: "app",
  outcomes: ChannelOutcomesSchema.parse(outcomes),
  results: {
    ...notDelivered("UND"),
    blocked_optout: "UNI",
    invalid_vacant: "UNI",
    delivered: "DLV",
    read: "OPN",
    clicked: "CLK",
  },
  textMax: TEXT_MAX,
  subjectMax: SUBJECT_MAX,
  unitCost: { minor: FEN_PER_MESSAGE, per: "message" },
  costMinor: () => FEN_PER_MESSAGE,
};
