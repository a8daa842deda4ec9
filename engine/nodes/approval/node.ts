import { z } from "zod";
import { issue } from "../../model/issue";
import { HOUR_MS } from "../../model/time";
import { defineNode } from "../define";
import { GIVE_UP_HOURS_MAX, GIVE_UP_HOURS_MIN, GiveUpHoursSchema } from "../fragments";
import { DESK_FORM, deskOf, deskShape, PRIORITY_USUAL } from "../fragments-desk";
import { deskIssues, EXPIRED, handlesOf, literal, OTHER, taskAnswers, taskStep } from "../fragments-work";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** A question that needs more room than this belongs into the account's notes. */
const QUESTION_MAX = 300;
const DUE_HOURS_DEFAULT = 8;
const GIVE_UP_HOURS_DEFAULT = 48;

const ApprovalDataSchema = z.strictObject({
  ...deskShape,
  /** What the approver is asked; empty = not written yet. */
  question: z.string().max(QUESTION_MAX),
  dueHours: GiveUpHoursSchema,
  giveUpHours: GiveUpHoursSchema,
});
type ApprovalData = z.output<typeof ApprovalDataSchema>;

/** A person decides: yes, no, or not like this. */
export const approval = defineNode<ApprovalData>({
  type: "approval",
  version: 1,
  group: "people",
  icon: "stamp",
  schema: ApprovalDataSchema,
  initial: () => ({
    queue: "",
    priority: PRIORITY_USUAL,
    question: "",
    dueHours: DUE_HOURS_DEFAULT,
    giveUpHours: GIVE_UP_HOURS_DEFAULT,
  }),
  migrate: {},
  handles: () => handlesOf("approved", ["rejected", "changes-requested"], [OTHER, EXPIRED]),
  form: [
    { path: "question", widget: "text", maximum: QUESTION_MAX },
    ...DESK_FORM,
    { path: "dueHours", widget: "integer", minimum: GIVE_UP_HOURS_MIN, maximum: GIVE_UP_HOURS_MAX },
    { path: "giveUpHours", widget: "integer", minimum: GIVE_UP_HOURS_MIN, maximum: GIVE_UP_HOURS_MAX },
  ],
  lint: (data, context) => [
    ...(data.question.trim() === "" ? [issue("approval.question-missing", { path: "question" })] : []),
    ...deskIssues(
      data,
      {
        due: { ms: data.dueHours * HOUR_MS, path: "dueHours" },
        giveUp: { ms: data.giveUpHours * HOUR_MS, path: "giveUpHours" },
      },
      context,
    ),
  ],
  compile: (data) =>
    taskStep({
      task: "approval",
      desk: deskOf(data, data.dueHours * HOUR_MS),
      details: { question: literal(data.question) },
      deadlineMs: data.giveUpHours * HOUR_MS,
      other: OTHER,
    }),
  simulate: () => taskAnswers("approval"),
  summary: (data) =>
    data.question.trim() === "" || data.queue.trim() === ""
      ? { key: "missing", params: {} }
      : { key: "ask", params: { question: data.question, queue: data.queue, giveUpMinutes: data.giveUpHours * 60 } },
  texts: { "zh-CN": zh, en },
  examples: z.array(ApprovalDataSchema).parse(examples),
});
