import { z } from "zod";
import { defineNode } from "../define";
import { ContentChoiceSchema, contentIssues, GiveUpHoursSchema } from "../fragments";
import {
  conversationStep,
  GIVE_UP_FORM,
  initialRedial,
  numberTerms,
  REDIAL_FORM,
  ROBOT_CONVERSATION,
  redialIssues,
  redialShape,
  retryOf,
  UNREACHED_CALLS,
} from "../fragments-contact";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const GIVE_UP_HOURS_DEFAULT = 96;

const RobotDataSchema = z.strictObject({
  contentId: ContentChoiceSchema,
  giveUpHours: GiveUpHoursSchema.default(GIVE_UP_HOURS_DEFAULT),
  ...redialShape,
});
type RobotData = z.output<typeof RobotDataSchema>;

/** Whatever is not redialled and in no group (an invalid number, a blocked line) is exhausted. */
const step = conversationStep({ groups: ROBOT_CONVERSATION, unreached: UNREACHED_CALLS });

/** A robot call with bounded redial. */
export const robot = defineNode<RobotData>({
  type: "robot",
  version: 2,
  group: "contact",
  icon: "bot",
  schema: RobotDataSchema,
  initial: () => ({ contentId: "", giveUpHours: GIVE_UP_HOURS_DEFAULT, ...initialRedial() }),
  migrate: {
    // Version 1 knew no limit per day and one number: as many a day as there are calls, to the first number, is what it did.
    1: (old) => {
      const calls = redialShape.maxAttempts.safeParse(old.maxAttempts);
      const maxPerDay = calls.success ? calls.data : initialRedial().maxPerDay;
      return { ...old, maxPerDay, numbers: "first" };
    },
  },
  handles: step.handles,
  form: [{ path: "contentId", widget: "content", channel: "robot" }, ...REDIAL_FORM, GIVE_UP_FORM],
  lint: (data, context) => [
    ...contentIssues("robot", { contentId: data.contentId, channel: "robot" }, context),
    ...redialIssues("robot", data),
  ],
  compile: (data) =>
    step.request({
      request: {
        kind: "contact",
        channel: "robot",
        contentId: data.contentId,
        partyRole: "self",
        ...numberTerms(data),
      },
      giveUpHours: data.giveUpHours,
      retry: retryOf(data),
    }),
  simulate: step.simulate,
  summary: (data) =>
    data.contentId === ""
      ? { key: "missing", params: {} }
      : {
          key: data.maxAttempts === 1 ? "once" : "redial",
          params: { contentId: data.contentId, attempts: data.maxAttempts },
        },
  texts: { "zh-CN": zh, en },
  examples: z.array(RobotDataSchema).parse(examples),
});
