import { z } from "zod";
import { InvariantError } from "../../model/invariant";
import { type Issue, issue } from "../../model/issue";
import type { WaitSpec } from "../../model/program";
import { MINUTE_MS } from "../../model/time";
import { defineNode, type Handle, type NodeContext, type Stimulus, type Summary } from "../define";
import {
  DURATION_MINUTES_MAX,
  handle,
  LocalDateChoiceSchema,
  LocalTimeChoiceSchema,
  MINUTES_PER_DAY,
} from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const WAIT_MODES = ["duration", "until-local-time", "until-date", "until-dpd", "event"] as const;
const AWAITED_EVENTS = ["payment.posted", "reply.received"] as const;
/** Days past due may be awaited from a month before the due date to five years after it. */
const DPD_MIN = -31;
const DPD_MAX = 1830;

const MinutesSchema = z.int().min(1).max(DURATION_MINUTES_MAX);

/**
 * Flat, because a form keeps what was typed while the author tries another mode: `mode` says which members count,
 * lint says which of them are missing, the others are ignored.
 */
const WaitDataSchema = z.strictObject({
  mode: z.enum(WAIT_MODES),
  durationMinutes: MinutesSchema.exactOptional(),
  /** Local time in the strategy's zone. */
  at: LocalTimeChoiceSchema.exactOptional(),
  date: LocalDateChoiceSchema.exactOptional(),
  dpd: z.int().min(DPD_MIN).max(DPD_MAX).exactOptional(),
  events: z.array(z.enum(AWAITED_EVENTS)).max(AWAITED_EVENTS.length).exactOptional(),
  deadlineMinutes: MinutesSchema.exactOptional(),
});
type WaitData = z.output<typeof WaitDataSchema>;
type WaitMode = WaitData["mode"];
type WaitMember = Exclude<keyof WaitData, "mode">;

/** Members a mode cannot do without. */
const NEEDED: { readonly [mode in WaitMode]: readonly WaitMember[] } = {
  duration: ["durationMinutes"],
  "until-local-time": ["at"],
  "until-date": ["date", "at"],
  "until-dpd": ["dpd", "at"],
  event: ["events", "deadlineMinutes"],
};
const MISSING_CODE: { readonly [member in WaitMember]: string } = {
  durationMinutes: "wait.duration-missing",
  at: "wait.time-missing",
  date: "wait.date-missing",
  dpd: "wait.dpd-missing",
  events: "wait.events-missing",
  deadlineMinutes: "wait.deadline-missing",
};

function isMissing(value: WaitData[WaitMember]): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

function waitIssues(data: WaitData, context: NodeContext): readonly Issue[] {
  const found: Issue[] = NEEDED[data.mode]
    .filter((member) => isMissing(data[member]))
    .map((member) => issue(MISSING_CODE[member], { path: member }));
  const member = data.mode === "event" ? "deadlineMinutes" : "durationMinutes";
  const longest = data.mode === "event" || data.mode === "duration" ? data[member] : undefined;
  const { horizonDays } = context.settings;
  if (longest !== undefined && longest >= horizonDays * MINUTES_PER_DAY) {
    found.push(issue("wait.beyond-horizon", { path: member, severity: "warning" }, { horizonDays }));
  }
  return found;
}

function handlesOf(mode: WaitMode): readonly Handle[] {
  if (mode === "event") return [handle("happened", "main"), handle("elapsed", "fallback")];
  if (mode === "until-dpd") return [handle("elapsed", "main"), handle("unknown", "fallback")];
  return [handle("elapsed", "main")];
}

function specOf(data: WaitData, nodeId: string): WaitSpec {
  const { at = "", date = "", dpd, events = [], durationMinutes, deadlineMinutes } = data;
  switch (data.mode) {
    case "duration":
      if (durationMinutes === undefined) break;
      return { mode: "duration", durationMs: durationMinutes * MINUTE_MS, ...(at === "" ? {} : { at }) };
    case "until-local-time":
      return { mode: "until-local-time", at };
    case "until-date":
      return { mode: "until-date", date, at };
    case "until-dpd":
      if (dpd === undefined) break;
      return { mode: "until-dpd", dpd, at };
    case "event":
      if (deadlineMinutes === undefined) break;
      return { mode: "event", events: [...new Set(events)].sort(), deadlineMs: deadlineMinutes * MINUTE_MS };
    default:
      data.mode satisfies never;
  }
  throw new InvariantError("wait.incomplete", { nodeId, mode: data.mode });
}

function stimuliOf(data: WaitData): readonly Stimulus[] {
  const awaited = data.mode === "event" ? (data.events ?? []) : [];
  return [{ event: "timer.fired" }, ...awaited.map((event) => ({ event }))];
}

function summaryOf(data: WaitData): Summary {
  if (NEEDED[data.mode].some((member) => isMissing(data[member]))) return { key: "missing", params: {} };
  const { at = "", date = "", dpd = 0, events = [], durationMinutes = 0, deadlineMinutes = 0 } = data;
  switch (data.mode) {
    case "duration":
      return { key: at === "" ? "duration" : "duration-at", params: { durationMinutes, at } };
    case "event":
      return { key: "event", params: { events: events.join(","), deadlineMinutes } };
    default:
      return { key: data.mode, params: { at, date, dpd } };
  }
}

/** Waits: for a time, until a moment, or for an event with a deadline. */
export const wait = defineNode<WaitData>({
  type: "wait",
  version: 1,
  group: "wait",
  icon: "hourglass",
  schema: WaitDataSchema,
  initial: () => ({ mode: "duration", durationMinutes: MINUTES_PER_DAY }),
  migrate: {},
  handles: (data) => handlesOf(data.mode),
  form: [
    { path: "mode", widget: "choice", options: WAIT_MODES },
    {
      path: "durationMinutes",
      widget: "duration-minutes",
      minimum: 1,
      maximum: DURATION_MINUTES_MAX,
      shownWhen: { path: "mode", equals: ["duration"] },
    },
    { path: "date", widget: "date", shownWhen: { path: "mode", equals: ["until-date"] } },
    {
      path: "dpd",
      widget: "integer",
      minimum: DPD_MIN,
      maximum: DPD_MAX,
      shownWhen: { path: "mode", equals: ["until-dpd"] },
    },
    {
      path: "at",
      widget: "local-time",
      shownWhen: { path: "mode", equals: ["duration", "until-local-time", "until-date", "until-dpd"] },
    },
    {
      path: "events",
      widget: "event-list",
      options: AWAITED_EVENTS,
      shownWhen: { path: "mode", equals: ["event"] },
    },
    {
      path: "deadlineMinutes",
      widget: "duration-minutes",
      minimum: 1,
      maximum: DURATION_MINUTES_MAX,
      shownWhen: { path: "mode", equals: ["event"] },
    },
  ],
  lint: waitIssues,
  compile: (data, context) => ({
    kind: "wait",
    wait: specOf(data, context.nodeId),
    elapsed: "elapsed",
    happened: data.mode === "event" ? "happened" : null,
    unknown: data.mode === "until-dpd" ? "unknown" : null,
  }),
  simulate: stimuliOf,
  summary: summaryOf,
  texts: { "zh-CN": zh, en },
  examples: z.array(WaitDataSchema).parse(examples),
});
