import { z } from "zod";
import { defineNode } from "../define";
import { type MessageData, messageSchema, messageStep } from "../fragments-contact";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const GIVE_UP_HOURS_DEFAULT = 12;

const HANDLE_OF_OUTCOME = {
  DLV: "delivered",
  OPN: "delivered",
  CLK: "delivered",
  UND: "failed",
  UNI: "failed",
} as const;

/** A notice of the lender's app, or a service notice of its WeChat account. */
export const push = defineNode<MessageData>({
  type: "push",
  version: 1,
  group: "contact",
  icon: "bell",
  migrate: {},
  ...messageStep({
    type: "push",
    channel: "push",
    hasSubject: true,
    giveUpHours: GIVE_UP_HOURS_DEFAULT,
    outcomes: HANDLE_OF_OUTCOME,
  }),
  texts: { "zh-CN": zh, en },
  examples: z.array(messageSchema(GIVE_UP_HOURS_DEFAULT)).parse(examples),
});
