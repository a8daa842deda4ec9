import { z } from "zod";
import { type Issue, issue } from "../../model/issue";
import { HOUR_MS } from "../../model/time";
import { defineNode } from "../define";
import {
  ContentChoiceSchema,
  contentIssues,
  GIVE_UP_HOURS_MAX,
  GIVE_UP_HOURS_MIN,
  GiveUpHoursSchema,
  handle,
  MINUTES_PER_DAY,
} from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const GIVE_UP_HOURS_DEFAULT = 96;
const ATTEMPTS_MAX = 10;
const ATTEMPTS_DEFAULT = 3;
/** A redial sooner than this is harassment whatever the reason of the first call's failure. */
const GAP_MINUTES_MIN = 5;
const GAP_MINUTES_MAX = 14 * MINUTES_PER_DAY;

/** Calls that reached nobody who could talk, and may be tried again (domain.md 3.4). */
const REDIAL_OUTCOMES = ["BUSY", "NA", "OFF", "OOS", "REJ", "VM", "HUP", "SIL"] as const;
/** Default minutes until the next call, from the "default next" column of domain.md 3.4. */
const GAP_MINUTES_DEFAULT = { BUSY: 20, NA: 120, OFF: 240, OOS: 4320, REJ: 1440, VM: 1440, HUP: 1440, SIL: 120 };

const RobotDataSchema = z.strictObject({
  contentId: ContentChoiceSchema,
  giveUpHours: GiveUpHoursSchema.default(GIVE_UP_HOURS_DEFAULT),
  /** Calls in total, the first included. */
  maxAttempts: z.int().min(1).max(ATTEMPTS_MAX).default(ATTEMPTS_DEFAULT),
  /** Outcome -> minutes until the next call; an outcome that is left out is not called again. */
  gapMinutes: z
    .partialRecord(z.enum(REDIAL_OUTCOMES), z.int().min(GAP_MINUTES_MIN).max(GAP_MINUTES_MAX))
    .default(GAP_MINUTES_DEFAULT),
});
type RobotData = z.output<typeof RobotDataSchema>;

/** Result codes (domain.md 3.4) by the way on they take. Whatever is in no list (invalid number, blocked line) is exhausted. */
const OUTCOMES_OF_HANDLE = {
  promised: ["PTP", "PPP"],
  spoke: ["RPC", "CBK", "PAID", "PLN", "TRF"],
  refused: ["RTP", "DNC"],
  care: ["UNA", "DSP", "FRD", "CMP", "ILL", "DEC", "BKR", "LIT", "MIN", "ABU", "THR"],
  "wrong-party": ["TP", "TPR", "WN"],
} as const;
const EXHAUSTED_OUTCOMES = ["INV", "BLK"] as const;

const HANDLE_OF_OUTCOME: { readonly [outcome: string]: string } = Object.fromEntries(
  Object.entries(OUTCOMES_OF_HANDLE).flatMap(([id, outcomes]) => outcomes.map((outcome) => [outcome, id])),
);
const ANSWERS = [...Object.keys(HANDLE_OF_OUTCOME), ...EXHAUSTED_OUTCOMES, ...REDIAL_OUTCOMES];

/** Even the shortest gaps do not fit before the deadline: the last attempts are promised on paper only. */
function redialIssues(data: RobotData): readonly Issue[] {
  const gaps = Object.values(data.gapMinutes);
  if (data.maxAttempts === 1) return [];
  if (gaps.length === 0) return [issue("robot.redial-never", { path: "gapMinutes", severity: "warning" })];
  const neededMinutes = (data.maxAttempts - 1) * Math.min(...gaps);
  if (neededMinutes < data.giveUpHours * 60) return [];
  const params = { attempts: data.maxAttempts, hours: data.giveUpHours };
  return [issue("robot.redial-too-late", { path: "maxAttempts", severity: "warning" }, params)];
}

/** A robot call with bounded redial. */
export const robot = defineNode<RobotData>({
  type: "robot",
  version: 1,
  group: "contact",
  icon: "bot",
  schema: RobotDataSchema,
  initial: () => ({
    contentId: "",
    giveUpHours: GIVE_UP_HOURS_DEFAULT,
    maxAttempts: ATTEMPTS_DEFAULT,
    gapMinutes: GAP_MINUTES_DEFAULT,
  }),
  migrate: {},
  handles: () => [
    handle("promised", "main"),
    handle("spoke", "branch"),
    handle("refused", "branch"),
    handle("care", "branch"),
    handle("wrong-party", "branch"),
    handle("exhausted", "fallback"),
    handle("expired", "fallback"),
    handle("blocked", "fallback"),
  ],
  form: [
    { path: "contentId", widget: "content", channel: "robot" },
    { path: "maxAttempts", widget: "integer", minimum: 1, maximum: ATTEMPTS_MAX },
    {
      path: "gapMinutes",
      widget: "retry-gaps",
      options: REDIAL_OUTCOMES,
      minimum: GAP_MINUTES_MIN,
      maximum: GAP_MINUTES_MAX,
    },
    { path: "giveUpHours", widget: "integer", minimum: GIVE_UP_HOURS_MIN, maximum: GIVE_UP_HOURS_MAX },
  ],
  lint: (data, context) => [
    ...contentIssues("robot", { contentId: data.contentId, channel: "robot" }, context),
    ...redialIssues(data),
  ],
  compile: (data) => ({
    kind: "request",
    request: { kind: "contact", channel: "robot", contentId: data.contentId, partyRole: "self" },
    deadlineMs: data.giveUpHours * HOUR_MS,
    outcomes: HANDLE_OF_OUTCOME,
    retry: data.maxAttempts === 1 ? null : { maxAttempts: data.maxAttempts, gapMinutes: data.gapMinutes },
    exhausted: "exhausted",
    blocked: "blocked",
    expired: "expired",
    goOn: null,
  }),
  simulate: () => [
    { event: "contact.result", outcomes: ANSWERS },
    { event: "contact.denied" },
    { event: "contact.deferred" },
    { event: "timer.fired" },
  ],
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
