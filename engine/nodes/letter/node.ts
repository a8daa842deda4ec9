import { z } from "zod";
import { defineNode } from "../define";
import { type MessageData, messageSchema, messageStep } from "../fragments-contact";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** Ten days: what a registered letter takes to the far provinces, or back. */
const GIVE_UP_HOURS_DEFAULT = 240;

/** Ordinary mail has no proof of delivery: that it was posted is all that will ever be known, which is no yes and no no. */
const HANDLE_OF_OUTCOME = {
  DLV: "delivered",
  SGN: "delivered",
  SGO: "other-person",
  UND: "failed",
  REF: "refused",
  PST: "expired",
} as const;

/** A letter on paper. */
export const letter = defineNode<MessageData>({
  type: "letter",
  version: 1,
  group: "contact",
  icon: "scroll-text",
  migrate: {},
  ...messageStep({
    type: "letter",
    channel: "letter",
    hasSubject: true,
    giveUpHours: GIVE_UP_HOURS_DEFAULT,
    outcomes: HANDLE_OF_OUTCOME,
  }),
  texts: { "zh-CN": zh, en },
  examples: z.array(messageSchema(GIVE_UP_HOURS_DEFAULT)).parse(examples),
});
