import { z } from "zod";
import { defineNode } from "../define";
import { type MessageData, messageSchema, messageStep } from "../fragments-contact";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** Most bounces are known within hours; some servers try for two days. */
const GIVE_UP_HOURS_DEFAULT = 48;

/** Whatever the reader does with it proves that it arrived; whoever marks it as unwanted has said no. */
const HANDLE_OF_OUTCOME = {
  DLV: "delivered",
  OPN: "delivered",
  CLK: "delivered",
  RPL: "delivered",
  BNC: "failed",
  CPL: "refused",
} as const;

/** An email. */
export const email = defineNode<MessageData>({
  type: "email",
  version: 1,
  group: "contact",
  icon: "mail",
  migrate: {},
  ...messageStep({
    type: "email",
    channel: "email",
    hasSubject: true,
    giveUpHours: GIVE_UP_HOURS_DEFAULT,
    outcomes: HANDLE_OF_OUTCOME,
  }),
  texts: { "zh-CN": zh, en },
  examples: z.array(messageSchema(GIVE_UP_HOURS_DEFAULT)).parse(examples),
});
