import { z } from "zod";
import { type Issue, issue } from "../../model/issue";
import { inLocale } from "../../model/locale";
import { EXTERNAL_FAILURES, type ReceiveSpec } from "../../model/program";
import { HandleIdSchema } from "../../model/strategy";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../model/time";
import { defineNode, type Handle, type NodeContext } from "../define";
import {
  GIVE_UP_HOURS_MAX,
  GIVE_UP_HOURS_MIN,
  GiveUpHoursSchema,
  handle,
  ItemNameSchema,
  repeatedIds,
} from "../fragments";
import { EXPIRED, factIssues, horizonIssues, OTHER, variableType } from "../fragments-work";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** A decision another system makes while an account stands there; half a minute is an outage, not a decision. */
const TIMEOUT_SECONDS_MAX = 30;
const ATTEMPTS_MAX = 5;
const GAP_MINUTES_MAX = 1440;
const SEND_MAX = 30;
const ANSWERS_MAX = 20;
const RECEIVE_MAX = 20;

const AnswerSchema = z.strictObject({
  /** As the other system answers, and the id of the handle. */
  id: HandleIdSchema,
  name: ItemNameSchema.exactOptional(),
});
const ReceiveSchema = z.strictObject({
  /** Name of the value in the answer. */
  name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  /** Variable it goes into; empty = not chosen yet. */
  variable: z.string().max(40),
});
const ExternalDataSchema = z.strictObject({
  /** Name of an integration that an administrator set up, with its address and secret; empty = not chosen yet. */
  integration: z
    .string()
    .regex(/^([a-z][a-z0-9]*(-[a-z0-9]+)*)?$/)
    .max(64),
  send: z.array(z.string().max(100)).max(SEND_MAX),
  answers: z.array(AnswerSchema).max(ANSWERS_MAX),
  receive: z.array(ReceiveSchema).max(RECEIVE_MAX),
  timeoutSeconds: z.int().min(1).max(TIMEOUT_SECONDS_MAX),
  maxAttempts: z.int().min(1).max(ATTEMPTS_MAX),
  gapMinutes: z.int().min(1).max(GAP_MINUTES_MAX),
  giveUpHours: GiveUpHoursSchema,
});
type ExternalData = z.output<typeof ExternalDataSchema>;

const FAILED = "failed";
/** Answers that have a way on of their own whatever the author expects. */
const RESERVED: readonly string[] = [OTHER, EXPIRED, FAILED, ...EXTERNAL_FAILURES];

function answerIssues({ answers }: ExternalData): readonly Issue[] {
  if (answers.length === 0) return [issue("external.answers-missing", { path: "answers" })];
  return [
    ...repeatedIds(answers).map(({ id, index }) =>
      issue("external.answer-twice", { path: `answers[${index}].id` }, { answer: id }),
    ),
    ...answers.flatMap(({ id }, index) =>
      RESERVED.includes(id)
        ? [issue("external.answer-reserved", { path: `answers[${index}].id` }, { answer: id })]
        : [],
    ),
  ];
}

function sendIssues({ send }: ExternalData, context: NodeContext): readonly Issue[] {
  return send.flatMap((fact, index) => [
    ...factIssues(fact, { path: `send[${index}]`, types: null }, context),
    ...(send.indexOf(fact) < index ? [issue("external.fact-twice", { path: `send[${index}]` }, { fact })] : []),
  ]);
}

function receiveIssues({ receive }: ExternalData, context: NodeContext): readonly Issue[] {
  return receive.flatMap(({ variable }, index) => {
    const path = `receive[${index}].variable`;
    if (variableType(variable, context) === undefined) {
      return [issue("external.variable-unknown", { path }, { variable })];
    }
    const first = receive.findIndex((other) => other.variable === variable);
    return first < index ? [issue("external.variable-twice", { path }, { variable })] : [];
  });
}

/** Whether every attempt may run to its time limit before the step gives up. */
function timeIssues(data: ExternalData, context: NodeContext): readonly Issue[] {
  const { maxAttempts, gapMinutes, timeoutSeconds, giveUpHours } = data;
  const allMs = (maxAttempts - 1) * gapMinutes * MINUTE_MS + maxAttempts * timeoutSeconds * SECOND_MS;
  const late = { path: "maxAttempts", severity: "warning" } as const;
  return [
    ...(allMs > giveUpHours * HOUR_MS
      ? [issue("external.attempts-too-late", late, { attempts: maxAttempts, hours: giveUpHours })]
      : []),
    ...horizonIssues({ ms: giveUpHours * HOUR_MS, path: "giveUpHours" }, context),
  ];
}

function answerHandle({ id, name }: ExternalData["answers"][number], index: number): Handle {
  return {
    id,
    label: { text: name === undefined ? id : inLocale(name, "zh-CN") },
    role: index === 0 ? "main" : "branch",
    required: true,
    ...(name === undefined ? {} : { name }),
  };
}

function received(data: ExternalData, context: NodeContext): readonly ReceiveSpec[] {
  return data.receive.flatMap(({ name, variable }) => {
    const type = variableType(variable, context);
    return type === undefined ? [] : [{ name, variable, type }];
  });
}

/** Another system decides: a score, a fraud check, an affordability answer. */
export const external = defineNode<ExternalData>({
  type: "external",
  version: 1,
  group: "decide",
  icon: "webhook",
  schema: ExternalDataSchema,
  initial: () => ({
    integration: "",
    send: [],
    answers: [
      { id: "yes", name: { "zh-CN": "通过", en: "Yes" } },
      { id: "no", name: { "zh-CN": "不通过", en: "No" } },
    ],
    receive: [],
    timeoutSeconds: 10,
    maxAttempts: 3,
    gapMinutes: 5,
    giveUpHours: 1,
  }),
  migrate: {},
  handles: (data) => [
    ...data.answers.map(answerHandle),
    handle(OTHER, "fallback"),
    handle(FAILED, "fallback"),
    handle(EXPIRED, "fallback"),
  ],
  form: [
    { path: "integration", widget: "text", maximum: 64 },
    { path: "send", widget: "facts", maximum: SEND_MAX },
    { path: "answers", widget: "answers", minimum: 1, maximum: ANSWERS_MAX },
    { path: "receive", widget: "receive", maximum: RECEIVE_MAX },
    { path: "timeoutSeconds", widget: "integer", minimum: 1, maximum: TIMEOUT_SECONDS_MAX },
    { path: "maxAttempts", widget: "integer", minimum: 1, maximum: ATTEMPTS_MAX },
    {
      path: "gapMinutes",
      widget: "duration-minutes",
      minimum: 1,
      maximum: GAP_MINUTES_MAX,
    },
    { path: "giveUpHours", widget: "integer", minimum: GIVE_UP_HOURS_MIN, maximum: GIVE_UP_HOURS_MAX },
  ],
  lint: (data, context) => [
    ...(data.integration === "" ? [issue("external.integration-missing", { path: "integration" })] : []),
    ...answerIssues(data),
    ...sendIssues(data, context),
    ...receiveIssues(data, context),
    ...timeIssues(data, context),
  ],
  compile: (data, context) => {
    const failures = EXTERNAL_FAILURES.map((failure) => [failure, FAILED]);
    const gaps = Object.fromEntries(EXTERNAL_FAILURES.map((failure) => [failure, data.gapMinutes]));
    return {
      kind: "request",
      request: {
        kind: "external",
        integration: data.integration,
        send: data.send,
        timeoutMs: data.timeoutSeconds * SECOND_MS,
      },
      deadlineMs: data.giveUpHours * HOUR_MS,
      outcomes: Object.fromEntries([...data.answers.map(({ id }) => [id, id]), ...failures]),
      retry: data.maxAttempts === 1 ? null : { maxAttempts: data.maxAttempts, gapMinutes: gaps },
      exhausted: OTHER,
      blocked: FAILED,
      expired: EXPIRED,
      goOn: null,
      ...(data.receive.length === 0 ? {} : { receive: received(data, context) }),
    };
  },
  simulate: (data) => [
    { event: "external.result", outcomes: [...data.answers.map(({ id }) => id), ...EXTERNAL_FAILURES] },
    { event: "timer.fired" },
  ],
  summary: (data) =>
    data.integration === ""
      ? { key: "missing", params: {} }
      : {
          key: "ask",
          params: { integration: data.integration, facts: data.send.length, answers: data.answers.length },
        },
  texts: { "zh-CN": zh, en },
  examples: z.array(ExternalDataSchema).parse(examples),
});
