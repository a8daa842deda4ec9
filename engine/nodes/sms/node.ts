import { z } from "zod";
import { HOUR_MS } from "../../model/time";
import { defineNode } from "../define";
import {
  ContentChoiceSchema,
  contentIssues,
  GIVE_UP_HOURS_MAX,
  GIVE_UP_HOURS_MIN,
  GiveUpHoursSchema,
  handle,
} from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const GIVE_UP_HOURS_DEFAULT = 24;

const SmsDataSchema = z.strictObject({
  contentId: ContentChoiceSchema,
  /** Wait for the delivery report before going on; otherwise go on as soon as the message is asked for. */
  waitForDelivery: z.boolean(),
  giveUpHours: GiveUpHoursSchema.default(GIVE_UP_HOURS_DEFAULT),
});
type SmsData = z.output<typeof SmsDataSchema>;

/** Delivery report, then the debtor's own answer; both prove that the message arrived (domain.md 3.4). */
const HANDLE_OF_OUTCOME = { DLV: "delivered", CLK: "delivered", RPL: "delivered", UND: "failed" } as const;
const OUTCOMES = Object.keys(HANDLE_OF_OUTCOME);
const SENT = "sent";

/** A text message. */
export const sms = defineNode<SmsData>({
  type: "sms",
  version: 1,
  group: "contact",
  icon: "message-square",
  schema: SmsDataSchema,
  initial: () => ({ contentId: "", waitForDelivery: true, giveUpHours: GIVE_UP_HOURS_DEFAULT }),
  migrate: {},
  handles: (data) =>
    data.waitForDelivery
      ? [
          handle("delivered", "main"),
          handle("failed", "branch"),
          handle("expired", "fallback"),
          handle("blocked", "fallback"),
        ]
      : [handle(SENT, "main")],
  form: [
    { path: "contentId", widget: "content", channel: "sms" },
    { path: "waitForDelivery", widget: "toggle" },
    { path: "giveUpHours", widget: "integer", minimum: GIVE_UP_HOURS_MIN, maximum: GIVE_UP_HOURS_MAX },
  ],
  lint: (data, context) => contentIssues("sms", { contentId: data.contentId, channel: "sms" }, context),
  compile: (data) => ({
    kind: "request",
    request: { kind: "contact", channel: "sms", contentId: data.contentId, partyRole: "self" },
    deadlineMs: data.giveUpHours * HOUR_MS,
    outcomes: data.waitForDelivery ? HANDLE_OF_OUTCOME : {},
    retry: null,
    exhausted: data.waitForDelivery ? "failed" : SENT,
    blocked: data.waitForDelivery ? "blocked" : SENT,
    expired: data.waitForDelivery ? "expired" : SENT,
    goOn: data.waitForDelivery ? null : SENT,
  }),
  simulate: (data) =>
    data.waitForDelivery
      ? [
          { event: "contact.result", outcomes: OUTCOMES },
          { event: "contact.denied" },
          { event: "contact.deferred" },
          { event: "timer.fired" },
        ]
      : [],
  summary: (data) => {
    if (data.contentId === "") return { key: "missing", params: {} };
    const params = { contentId: data.contentId };
    return data.waitForDelivery
      ? { key: "waiting", params: { ...params, hours: data.giveUpHours } }
      : { key: "sending", params };
  },
  texts: { "zh-CN": zh, en },
  examples: z.array(SmsDataSchema).parse(examples),
});
