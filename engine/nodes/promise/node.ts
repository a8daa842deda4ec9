import { z } from "zod";
import { fieldOf } from "../../model/facts";
import { type Issue, issue } from "../../model/issue";
import { defineNode, type FormField, type NodeContext, type Summary } from "../define";
import { ContentChoiceSchema, handle, LocalTimeChoiceSchema } from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import { PROMISE_FACTS, PROMISE_STIMULI, promiseParts } from "./parts";
import zh from "./zh-CN.json";

/** Promises reach days ahead, not months; a reminder two weeks before is none. */
const REMIND_DAYS_MAX = 14;
const GRACE_DAYS_MAX = 30;
/** A share of nothing would call every promise kept. */
const SHARE_MIN = 0.01;
/** Reminder the day before at ten, two days of grace, 90 % is kept, from 30 % on it is partly kept (domain.md 4.1, 3.5). */
const REMIND_DAYS_DEFAULT = 1;
const REMIND_AT_DEFAULT = "10:00";
const GRACE_DAYS_DEFAULT = 2;
const TOLERANCE_DEFAULT = 0.9;
const PARTIAL_DEFAULT = 0.3;

const ShareSchema = z.number().min(SHARE_MIN).max(1);

const PromiseDataSchema = z.strictObject({
  /** Sent at once; the empty string = no such text. */
  confirmContentId: ContentChoiceSchema,
  remindContentId: ContentChoiceSchema,
  remindDaysBefore: z.int().min(0).max(REMIND_DAYS_MAX),
  /** Local time in the strategy's zone. */
  remindAt: LocalTimeChoiceSchema,
  /** Days after the promised one on which the money may still come. */
  graceDays: z.int().min(0).max(GRACE_DAYS_MAX),
  /** Share of the promised amount from which the promise is kept. */
  toleranceShare: ShareSchema,
  /** Share from which it is partly kept. */
  partialShare: ShareSchema,
});
type PromiseData = z.output<typeof PromiseDataSchema>;

const CONTENT_MEMBERS = ["confirmContentId", "remindContentId"] as const;

function textIssues(data: PromiseData, { contents }: NodeContext): readonly Issue[] {
  return CONTENT_MEMBERS.flatMap((path) => {
    const contentId = data[path];
    if (contentId === "") return [];
    const content = Object.hasOwn(contents, contentId) ? contents[contentId] : undefined;
    if (content === undefined) return [issue("promise.content-unknown", { path }, { contentId })];
    const { channel } = content;
    return channel === "sms" ? [] : [issue("promise.content-channel", { path }, { contentId, channel })];
  });
}

function promiseIssues(data: PromiseData, context: NodeContext): readonly Issue[] {
  const found: Issue[] = [...textIssues(data, context)];
  if (data.remindContentId !== "" && data.remindAt === "") {
    found.push(issue("promise.time-missing", { path: "remindAt" }));
  }
  if (data.partialShare >= data.toleranceShare) found.push(issue("promise.partial-too-high", { path: "partialShare" }));
  if (Object.values(PROMISE_FACTS).some((fact) => fieldOf(context.fields, fact) === undefined)) {
    found.push(issue("promise.facts-missing", { path: "" }));
  }
  return found;
}

const PERCENT = 100;

function summaryOf(data: PromiseData): Summary {
  const params = {
    days: data.remindDaysBefore,
    grace: data.graceDays,
    percent: Math.round(data.toleranceShare * PERCENT),
  };
  if (data.remindContentId === "") return { key: "quiet", params };
  return { key: data.remindDaysBefore === 0 ? "same-day" : "reminding", params };
}

const SHARE = { widget: "percent", minimum: SHARE_MIN, maximum: 1 } as const;
const FORM: readonly FormField[] = [
  { path: "confirmContentId", widget: "content", channel: "sms" },
  { path: "remindContentId", widget: "content", channel: "sms" },
  { path: "remindDaysBefore", widget: "integer", minimum: 0, maximum: REMIND_DAYS_MAX },
  { path: "remindAt", widget: "local-time" },
  { path: "graceDays", widget: "integer", minimum: 0, maximum: GRACE_DAYS_MAX },
  { path: "toleranceShare", ...SHARE },
  { path: "partialShare", ...SHARE },
];

/** Follows a promise to pay to its end: nothing but its confirmation and its reminder is sent until the ledger has decided. */
export const promise = defineNode<PromiseData>({
  type: "promise",
  version: 1,
  group: "wait",
  icon: "handshake",
  schema: PromiseDataSchema,
  initial: () => ({
    confirmContentId: "",
    remindContentId: "",
    remindDaysBefore: REMIND_DAYS_DEFAULT,
    remindAt: REMIND_AT_DEFAULT,
    graceDays: GRACE_DAYS_DEFAULT,
    toleranceShare: TOLERANCE_DEFAULT,
    partialShare: PARTIAL_DEFAULT,
  }),
  migrate: {},
  handles: () => [
    { ...handle("kept", "main"), instant: true },
    handle("partial", "branch"),
    handle("broken", "branch"),
    { ...handle("none", "fallback"), instant: true },
    { ...handle("unknown", "fallback"), instant: true },
  ],
  form: FORM,
  lint: promiseIssues,
  compile: promiseParts,
  simulate: () => PROMISE_STIMULI,
  summary: summaryOf,
  texts: { "zh-CN": zh, en },
  examples: z.array(PromiseDataSchema).parse(examples),
});
