import { z } from "zod";
import { defineNode } from "../define";
import { type MessageData, messageSchema, messageStep } from "../fragments-contact";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const GIVE_UP_HOURS_DEFAULT = 24;

/** Delivery report, then the debtor's own answer; both prove that the message arrived (domain.md 3.4). */
const HANDLE_OF_OUTCOME = { DLV: "delivered", CLK: "delivered", RPL: "delivered", UND: "failed" } as const;

/** A text message. */
export const sms = defineNode<MessageData>({
  type: "sms",
  version: 1,
  group: "contact",
  icon: "message-square",
  migrate: {},
  ...messageStep({
    type: "sms",
    channel: "sms",
    hasSubject: false,
    giveUpHours: GIVE_UP_HOURS_DEFAULT,
    outcomes: HANDLE_OF_OUTCOME,
  }),
  texts: { "zh-CN": zh, en },
  examples: z.array(messageSchema(GIVE_UP_HOURS_DEFAULT)).parse(examples),
});
