import { z } from "zod";
import { fieldOf } from "../../model/facts";
import { InvariantError } from "../../model/invariant";
import { type Issue, issue } from "../../model/issue";
import type { WaitSpec, WatchableEvent } from "../../model/program";
import { addDays, MINUTE_MS } from "../../model/time";
import { defineNode, type FormField, type Handle, type NodeContext, type Stimulus, type Summary } from "../define";
import { DURATION_DAYS_MAX, DURATION_MINUTES_MAX, handle, MINUTES_PER_DAY } from "../fragments";
import {
  AWAITED_EVENTS,
  DPD_MAX,
  DPD_MIN,
  FROM_FACT,
  isFromFact,
  isMissing,
  NEEDED,
  PAYDAY_OFFSET_MAX,
  WAIT_MODES,
  type WaitData,
  WaitDataSchema,
  type WaitMember,
  type WaitMode,
  WITH_OFFSET,
  WORKING_DAYS_MAX,
} from "./data";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** Day of the month on which the party is paid. */
const PAYDAY_FACT = "payday";
const RECOMPUTE_ON: readonly WatchableEvent[] = ["facts.changed"];

const MISSING_CODE: { readonly [member in WaitMember]: string } = {
  durationMinutes: "wait.duration-missing",
  at: "wait.time-missing",
  date: "wait.date-missing",
  dpd: "wait.dpd-missing",
  workingDays: "wait.working-days-missing",
  fact: "wait.fact-missing",
  events: "wait.events-missing",
  deadlineMinutes: "wait.deadline-missing",
};

function horizonIssues(data: WaitData, { settings }: NodeContext): readonly Issue[] {
  const member = data.mode === "event" ? "deadlineMinutes" : "durationMinutes";
  const longest = data.mode === "event" || data.mode === "duration" ? data[member] : undefined;
  const { horizonDays } = settings;
  if (longest === undefined || longest < horizonDays * MINUTES_PER_DAY) return [];
  return [issue("wait.beyond-horizon", { path: member, severity: "warning" }, { horizonDays })];
}

/** Facts the moment is reckoned from: known to the market, usable, and of the type that is needed. */
function factIssues(data: WaitData, { fields }: NodeContext): readonly Issue[] {
  if (data.mode === "until-payday") {
    const found: Issue[] = [];
    if (fieldOf(fields, PAYDAY_FACT) === undefined) found.push(issue("wait.payday-unknown", { path: "mode" }));
    if (Math.abs(data.offsetDays ?? 0) > PAYDAY_OFFSET_MAX) {
      found.push(issue("wait.payday-offset", { path: "offsetDays" }, { limit: PAYDAY_OFFSET_MAX }));
    }
    return found;
  }
  const { fact = "" } = data;
  if (data.mode !== "until-fact-date" || fact === "") return [];
  const field = fieldOf(fields, fact);
  if (field === undefined) return [issue("condition.fact-unknown", { path: "fact" }, { fact })];
  if (!field.usableInRules) return [issue("condition.fact-not-usable", { path: "fact" }, { fact })];
  return field.type === "date" ? [] : [issue("wait.fact-no-date", { path: "fact" }, { fact, type: field.type })];
}

/**
 * How far the calendar reaches. Lint has no clock: it can say from which day of coming in an account may still be in the strategy
 * when the known days are over.
 */
function calendarIssues(data: WaitData, { calendar, settings }: NodeContext): readonly Issue[] {
  if (data.mode !== "until-working-day") return [];
  if (calendar === undefined) return [issue("wait.calendar-missing", { path: "mode", severity: "warning" })];
  const { knownUntil } = calendar;
  const params = { knownUntil, from: addDays(knownUntil, 1 - settings.horizonDays) };
  return [issue("wait.calendar-ends", { path: "workingDays", severity: "info" }, params)];
}

function waitIssues(data: WaitData, context: NodeContext): readonly Issue[] {
  return [
    ...NEEDED[data.mode]
      .filter((member) => isMissing(data[member]))
      .map((member) => issue(MISSING_CODE[member], { path: member })),
    ...factIssues(data, context),
    ...horizonIssues(data, context),
    ...calendarIssues(data, context),
  ];
}

function handlesOf(mode: WaitMode): readonly Handle[] {
  if (mode === "event") return [handle("happened", "main"), handle("elapsed", "fallback")];
  if (isFromFact(mode)) return [handle("elapsed", "main"), handle("unknown", "fallback")];
  return [handle("elapsed", "main")];
}

function specOf(data: WaitData, nodeId: string): WaitSpec {
  const { at = "", date = "", fact = "", offsetDays = 0, events = [] } = data;
  const { dpd, workingDays, durationMinutes, deadlineMinutes } = data;
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
    case "until-working-day":
      if (workingDays === undefined) break;
      return { mode: "until-working-day", count: workingDays, at };
    case "until-payday":
      return { mode: "until-day-of-month", fact: PAYDAY_FACT, offsetDays, at };
    case "until-fact-date":
      return { mode: "until-fact-date", fact, offsetDays, at };
    case "event":
      if (deadlineMinutes === undefined) break;
      return { mode: "event", events: [...new Set(events)].sort(), deadlineMs: deadlineMinutes * MINUTE_MS };
    default:
      data.mode satisfies never;
  }
  throw new InvariantError("wait.incomplete", { nodeId, mode: data.mode });
}

function recomputes(data: WaitData): boolean {
  return data.recompute && isFromFact(data.mode);
}

function stimuliOf(data: WaitData): readonly Stimulus[] {
  const awaited = data.mode === "event" ? (data.events ?? []) : recomputes(data) ? RECOMPUTE_ON : [];
  return [{ event: "timer.fired" }, ...awaited.map((event) => ({ event }))];
}

/** Sentences of the modes that count days from a date: on it, after it, before it. */
const OFFSET_SUMMARIES = {
  "until-payday": { on: "payday", after: "payday-after", before: "payday-before" },
  "until-fact-date": { on: "fact-date", after: "fact-date-after", before: "fact-date-before" },
} as const satisfies { readonly [mode in (typeof WITH_OFFSET)[number]]: object };

function summaryOf(data: WaitData): Summary {
  if (NEEDED[data.mode].some((member) => isMissing(data[member]))) return { key: "missing", params: {} };
  const { at = "", date = "", fact = "", dpd = 0, offsetDays = 0, events = [] } = data;
  const { workingDays = 0, durationMinutes = 0, deadlineMinutes = 0 } = data;
  switch (data.mode) {
    case "duration":
      return { key: at === "" ? "duration" : "duration-at", params: { durationMinutes, at } };
    case "event":
      return { key: "event", params: { events: events.join(","), deadlineMinutes } };
    case "until-working-day":
      return { key: workingDays === 0 ? "working-day" : "working-days", params: { workingDays, at } };
    case "until-payday":
    case "until-fact-date": {
      const side = offsetDays === 0 ? "on" : offsetDays > 0 ? "after" : "before";
      return { key: OFFSET_SUMMARIES[data.mode][side], params: { fact, days: Math.abs(offsetDays), at } };
    }
    default:
      return { key: data.mode, params: { at, date, dpd } };
  }
}

function shownFor(...equals: readonly WaitMode[]): Pick<FormField, "shownWhen"> {
  return { shownWhen: { path: "mode", equals } };
}

const DURATION = { widget: "duration-minutes", minimum: 1, maximum: DURATION_MINUTES_MAX } as const;
const TIMED = WAIT_MODES.filter((mode) => mode !== "event");
const FORM: readonly FormField[] = [
  { path: "mode", widget: "choice", options: WAIT_MODES },
  { path: "durationMinutes", ...DURATION, ...shownFor("duration") },
  { path: "date", widget: "date", ...shownFor("until-date") },
  { path: "dpd", widget: "integer", minimum: DPD_MIN, maximum: DPD_MAX, ...shownFor("until-dpd") },
  { path: "workingDays", widget: "integer", minimum: 0, maximum: WORKING_DAYS_MAX, ...shownFor("until-working-day") },
  { path: "fact", widget: "fact", factTypes: ["date"], ...shownFor("until-fact-date") },
  {
    path: "offsetDays",
    widget: "integer",
    minimum: -DURATION_DAYS_MAX,
    maximum: DURATION_DAYS_MAX,
    ...shownFor(...WITH_OFFSET),
  },
  { path: "at", widget: "local-time", ...shownFor(...TIMED) },
  { path: "recompute", widget: "toggle", ...shownFor(...FROM_FACT) },
  { path: "events", widget: "event-list", options: AWAITED_EVENTS, ...shownFor("event") },
  { path: "deadlineMinutes", ...DURATION, ...shownFor("event") },
];

/** Waits: for a time, until a moment, or for an event with a deadline. */
export const wait = defineNode<WaitData>({
  type: "wait",
  version: 2,
  group: "wait",
  icon: "hourglass",
  schema: WaitDataSchema,
  initial: () => ({ mode: "duration", durationMinutes: MINUTES_PER_DAY, recompute: false }),
  // Version 1 reckoned its moment once, on entry; waits drawn then go on doing so.
  migrate: { 1: (old) => ({ ...old, recompute: false }) },
  handles: (data) => handlesOf(data.mode),
  form: FORM,
  lint: waitIssues,
  compile: (data, context) => ({
    kind: "wait",
    wait: specOf(data, context.nodeId),
    elapsed: "elapsed",
    happened: data.mode === "event" ? "happened" : null,
    unknown: isFromFact(data.mode) ? "unknown" : null,
    ...(recomputes(data) ? { recomputeOn: RECOMPUTE_ON } : {}),
  }),
  simulate: stimuliOf,
  summary: summaryOf,
  texts: { "zh-CN": zh, en },
  examples: z.array(WaitDataSchema).parse(examples),
});
