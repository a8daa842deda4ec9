import { z } from "zod";
import type { Channel } from "../model/content";
import { type Issue, issue } from "../model/issue";
import type { RequestSpec, RetrySpec, StepSpec } from "../model/program";
import { HOUR_MS } from "../model/time";
import type { FormField, Handle, NodeContext, NodeDefinition, Stimulus } from "./define";
import {
  ContentChoiceSchema,
  contentIssues,
  GIVE_UP_HOURS_MAX,
  GIVE_UP_HOURS_MIN,
  GiveUpHoursSchema,
  handle,
  MINUTES_PER_DAY,
} from "./fragments";
import { DESK_FORM, deskShape, PRIORITY_USUAL } from "./fragments-desk";

/* Steps that contact somebody: what messages have in common, what calls do, what people need to know. */

type ContactRequest = Extract<RequestSpec, { readonly kind: "contact" }>;

export const GIVE_UP_FORM: FormField = {
  path: "giveUpHours",
  widget: "integer",
  minimum: GIVE_UP_HOURS_MIN,
  maximum: GIVE_UP_HOURS_MAX,
};

/** Way on by result code, from the result codes of each way on. */
export function handlesByOutcome(groups: { readonly [handle: string]: readonly string[] }): {
  readonly [outcome: string]: string;
} {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([id, outcomes]) => outcomes.map((outcome) => [outcome, id])),
  );
}

/** What the world may answer a contact that somebody waits for. */
function contactAnswers(outcomes: readonly string[]): readonly Stimulus[] {
  return [
    { event: "contact.result", outcomes },
    { event: "contact.denied" },
    { event: "contact.deferred" },
    { event: "timer.fired" },
  ];
}

/** The ways on no result leads to: out of tries, out of time, not allowed. */
const FALLBACK_HANDLES: readonly Handle[] = [
  handle("exhausted", "fallback"),
  handle("expired", "fallback"),
  handle("blocked", "fallback"),
];

/* Messages: sent once; waited for until it is known that they arrived, or not. */

export type MessageData = {
  readonly contentId: string;
  /** Wait until it is known that it arrived before going on; otherwise go on as soon as the message is asked for. */
  readonly waitForDelivery: boolean;
  readonly giveUpHours: number;
};

export function messageSchema(giveUpHoursDefault: number) {
  return z.strictObject({
    contentId: ContentChoiceSchema,
    waitForDelivery: z.boolean(),
    giveUpHours: GiveUpHoursSchema.default(giveUpHoursDefault),
  });
}

type MessageKind = {
  readonly type: string;
  readonly channel: Channel;
  /** The channel shows a subject, so the text needs one. */
  readonly hasSubject: boolean;
  readonly giveUpHours: number;
  /** Result code -> way on: `delivered`, `failed` or one of the type's own. */
  readonly outcomes: { readonly [outcome: string]: string };
};

const SENT = "sent";
const DELIVERED = "delivered";
const FAILED = "failed";
const EXPIRED = "expired";
const BLOCKED = "blocked";

/** What a step that sends a message does, whatever the message is. Nobody waits: then every way on is one, and it never stands still. */
export function messageStep({ type, channel, hasSubject, giveUpHours, outcomes }: MessageKind) {
  const own = [...new Set(Object.values(outcomes))].filter((id) => id !== DELIVERED && id !== EXPIRED);
  const waited: readonly Handle[] = [
    handle(DELIVERED, "main"),
    ...own.map((id) => handle(id, "branch")),
    handle(EXPIRED, "fallback"),
    handle(BLOCKED, "fallback"),
  ];
  return {
    schema: messageSchema(giveUpHours),
    initial: () => ({ contentId: "", waitForDelivery: true, giveUpHours }),
    handles: (data) => (data.waitForDelivery ? waited : [handle(SENT, "main")]),
    form: [
      { path: "contentId", widget: "content", channel },
      { path: "waitForDelivery", widget: "toggle" },
      GIVE_UP_FORM,
    ],
    lint: (data, context) => [
      ...contentIssues(type, { contentId: data.contentId, channel }, context),
      ...(hasSubject ? subjectIssues(type, data.contentId, context) : []),
    ],
    compile: (data) => ({
      kind: "request",
      request: { kind: "contact", channel, contentId: data.contentId, partyRole: "self" },
      deadlineMs: data.giveUpHours * HOUR_MS,
      outcomes: data.waitForDelivery ? outcomes : {},
      retry: null,
      exhausted: data.waitForDelivery ? FAILED : SENT,
      blocked: data.waitForDelivery ? BLOCKED : SENT,
      expired: data.waitForDelivery ? EXPIRED : SENT,
      goOn: data.waitForDelivery ? null : SENT,
    }),
    simulate: (data) => (data.waitForDelivery ? contactAnswers(Object.keys(outcomes)) : []),
    summary: (data) => {
      if (data.contentId === "") return { key: "missing", params: {} };
      const params = { contentId: data.contentId };
      return data.waitForDelivery
        ? { key: "waiting", params: { ...params, hours: data.giveUpHours } }
        : { key: "sending", params };
    },
  } satisfies Partial<NodeDefinition<MessageData>>;
}

/** Whether a text that exists has its subject. */
function subjectIssues(type: string, contentId: string, { contents }: NodeContext): readonly Issue[] {
  const content = Object.hasOwn(contents, contentId) ? contents[contentId] : undefined;
  if (content === undefined || content.subject !== undefined) return [];
  return [issue(`${type}.subject-missing`, { path: "contentId" }, { contentId })];
}

/* Conversations: calls and visits. What was said leads on by one of a few ways (domain.md 3.4). */

const PROMISED = ["PTP", "PPP"] as const;
const REFUSED = ["RTP", "DNC"] as const;
/** Whoever says this needs care, not another call; most of these results also freeze the party. */
const CARE = ["UNA", "DSP", "FRD", "CMP", "ILL", "DEC", "BKR", "LIT", "MIN", "ABU", "THR"] as const;
const WRONG_PARTY = ["TP", "TPR", "WN"] as const;

/** Talking to a robot: whoever asks to be called back, or for a person, has been spoken to. */
export const ROBOT_CONVERSATION = {
  promised: PROMISED,
  spoke: ["RPC", "CBK", "PAID", "PLN", "TRF"],
  refused: REFUSED,
  care: CARE,
  "wrong-party": WRONG_PARTY,
} as const;

/** Talking to people: an agreed time is kept by them, so it is a way on of its own. */
export const PEOPLE_CONVERSATION = {
  promised: PROMISED,
  spoke: ["RPC", "PAID", "PLN"],
  callback: ["CBK"],
  refused: REFUSED,
  care: CARE,
  "wrong-party": WRONG_PARTY,
} as const;

type ConversationKind = {
  readonly groups: { readonly [handle: string]: readonly string[] };
  /** Results that reached nobody: redialled, or taken to `exhausted`. */
  readonly unreached: readonly string[];
};

/** Ways on and answers of a step in which somebody is talked to; the first group is what everybody hopes for. */
export function conversationStep({ groups, unreached }: ConversationKind) {
  const outcomes = handlesByOutcome(groups);
  const handles = [
    ...Object.keys(groups).map((id, index) => handle(id, index === 0 ? "main" : "branch")),
    ...FALLBACK_HANDLES,
  ];
  return {
    handles: () => handles,
    simulate: () => contactAnswers([...Object.keys(outcomes), ...unreached]),
    request: (asked: {
      readonly request: ContactRequest;
      readonly giveUpHours: number;
      readonly retry: RetrySpec | null;
    }): StepSpec => ({
      kind: "request",
      request: asked.request,
      deadlineMs: asked.giveUpHours * HOUR_MS,
      outcomes,
      retry: asked.retry,
      exhausted: "exhausted",
      blocked: "blocked",
      expired: "expired",
      goOn: null,
    }),
  };
}

/* Calls: made again when nobody could talk, a bounded number of times. */

export const CALL_ATTEMPTS_MAX = 10;
export const CALL_ATTEMPTS_DEFAULT = 3;
/** A redial sooner than this is harassment whatever the reason of the first call's failure. */
const GAP_MINUTES_MIN = 5;
const GAP_MINUTES_MAX = 14 * MINUTES_PER_DAY;

/** Calls that reached nobody who could talk. The last two say that the number is no good: only another number may be tried then. */
export const UNREACHED_CALLS = ["BUSY", "NA", "OFF", "OOS", "REJ", "VM", "HUP", "SIL", "INV", "BLK"] as const;
const BAD_NUMBERS: readonly string[] = ["INV", "BLK"];
/** Default minutes until the next call, from the "default next" column of domain.md 3.4. */
const GAP_MINUTES_DEFAULT = { BUSY: 20, NA: 120, OFF: 240, OOS: 4320, REJ: 1440, VM: 1440, HUP: 1440, SIL: 120 };
/** `next`: every call goes to the person's next number. */
const NUMBERS = ["first", "next"] as const;

export const redialShape = {
  /** Calls in total, the first included. */
  maxAttempts: z.int().min(1).max(CALL_ATTEMPTS_MAX).default(CALL_ATTEMPTS_DEFAULT),
  /** Calls on one day at the person's place; more are put off to the next. */
  maxPerDay: z.int().min(1).max(CALL_ATTEMPTS_MAX).default(CALL_ATTEMPTS_DEFAULT),
  numbers: z.enum(NUMBERS).default("first"),
  /** Outcome -> minutes until the next call; an outcome that is left out is not called again. */
  gapMinutes: z
    .partialRecord(z.enum(UNREACHED_CALLS), z.int().min(GAP_MINUTES_MIN).max(GAP_MINUTES_MAX))
    .default(GAP_MINUTES_DEFAULT),
};
type RedialData = z.output<z.ZodObject<typeof redialShape>>;

export function initialRedial(): RedialData {
  return {
    maxAttempts: CALL_ATTEMPTS_DEFAULT,
    maxPerDay: CALL_ATTEMPTS_DEFAULT,
    numbers: "first",
    gapMinutes: { ...GAP_MINUTES_DEFAULT },
  };
}

export const REDIAL_FORM: readonly FormField[] = [
  { path: "maxAttempts", widget: "integer", minimum: 1, maximum: CALL_ATTEMPTS_MAX },
  { path: "maxPerDay", widget: "integer", minimum: 1, maximum: CALL_ATTEMPTS_MAX },
  { path: "numbers", widget: "choice", options: NUMBERS },
  {
    path: "gapMinutes",
    widget: "retry-gaps",
    options: UNREACHED_CALLS,
    minimum: GAP_MINUTES_MIN,
    maximum: GAP_MINUTES_MAX,
  },
];

export function retryOf({ maxAttempts, gapMinutes }: RedialData): RetrySpec | null {
  return maxAttempts === 1 ? null : { maxAttempts, gapMinutes };
}

/** A limit per day that all calls together cannot reach says nothing, so it is not asked for. */
export function numberTerms({ maxAttempts, maxPerDay, numbers }: RedialData) {
  return {
    ...(maxPerDay < maxAttempts ? { maxPerDay } : {}),
    ...(numbers === "next" ? { contactPoints: "next" as const } : {}),
  };
}

/** Redials that are promised on paper only, and calls to numbers known to be no good. `type` prefixes the issue code. */
export function redialIssues(type: string, data: RedialData & { readonly giveUpHours: number }): readonly Issue[] {
  const { maxAttempts, gapMinutes, giveUpHours } = data;
  const place = { path: "gapMinutes", severity: "warning" } as const;
  if (maxAttempts === 1) return [];
  const gaps = Object.values(gapMinutes);
  if (gaps.length === 0) return [issue(`${type}.redial-never`, place)];
  const again = Object.keys(gapMinutes).filter((outcome) => BAD_NUMBERS.includes(outcome));
  const inVain = data.numbers === "first" && again.length > 0 ? [issue(`${type}.redial-bad-number`, place)] : [];
  if (leastMinutes(data, Math.min(...gaps)) < giveUpHours * 60) return inVain;
  const params = { attempts: maxAttempts, hours: giveUpHours };
  return [...inVain, issue(`${type}.redial-too-late`, { path: "maxAttempts", severity: "warning" }, params)];
}

/** Time all calls take at the very least: the shortest gap between any two, and a whole day for every day between the first and the last. */
function leastMinutes({ maxAttempts, maxPerDay }: RedialData, shortestGap: number): number {
  const days = Math.ceil(maxAttempts / maxPerDay);
  return Math.max((maxAttempts - 1) * shortestGap, (days - 2) * MINUTES_PER_DAY);
}

/* People: where the contact waits for them, and by when it should be done. */

export const contactDeskShape = {
  queue: deskShape.queue,
  priority: deskShape.priority.default(PRIORITY_USUAL),
  dueHours: GiveUpHoursSchema,
};
type ContactDeskData = z.output<z.ZodObject<typeof contactDeskShape>>;

export const CONTACT_DESK_FORM: readonly FormField[] = [
  ...DESK_FORM,
  { path: "dueHours", widget: "integer", minimum: GIVE_UP_HOURS_MIN, maximum: GIVE_UP_HOURS_MAX },
];

/** Whether somebody will find it, and in time. `type` prefixes the issue code. */
export function contactDeskIssues(
  type: string,
  data: ContactDeskData & { readonly giveUpHours: number },
): readonly Issue[] {
  const { queue, dueHours, giveUpHours } = data;
  const nowhere = queue.trim() === "" ? [issue(`${type}.queue-missing`, { path: "queue" })] : [];
  if (dueHours <= giveUpHours) return nowhere;
  const params = { due: dueHours, hours: giveUpHours };
  return [...nowhere, issue(`${type}.due-too-late`, { path: "dueHours", severity: "warning" }, params)];
}
