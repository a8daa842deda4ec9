import type { ContactAttempt, ContactRecord } from "../model/policy";
import {
  addDays,
  DAY_MS,
  dateToUtcMs,
  type EpochMs,
  localDate,
  localDayNumber,
  startOfDay,
  type TimeZone,
  weekdayOf,
} from "../model/time";
import { nextInEveryZone } from "./days";

export const METRICS = ["attempted", "connected", "conversed"] as const;
export const COUNTED_PER = ["party", "contact-point", "account"] as const;

/** A cap of a pack, or the one a step sets itself over the attempts of one visit. */
export type Cap = {
  readonly metric: (typeof METRICS)[number];
  readonly per: (typeof COUNTED_PER)[number] | "visit";
  readonly channels: readonly string[];
  readonly window:
    | { readonly kind: "calendar-day" | "rolling-days"; readonly days: number }
    | { readonly kind: "calendar-week" | "calendar-month" };
  readonly limit: number;
  /** Result codes that are no call at all: the number was never reached. */
  readonly uncounted?: readonly string[] | undefined;
  /** Counts contacts with these alone; absent = with everybody. */
  readonly roles?: readonly string[] | undefined;
};

/** Attempt and past of one question. */
export type Past = { readonly attempt: ContactAttempt; readonly history: readonly ContactRecord[] };
type Counted = Pick<Cap, "per" | "channels">;

/**
 * Whether a contact is one of those a rule looks at: over its channels (a robot call and every other call of the rule use up one
 * cap, whoever made it), with the party, over this contact point, about this account or by this visit of the step. An agency that
 * did not say which number or which account counts for every one.
 */
export function concerns({ per, channels }: Counted, attempt: ContactAttempt, record: ContactRecord): boolean {
  if (!channels.includes(record.channel)) return false;
  if (per === "party") return true;
  if (per === "visit") return record.visit === attempt.ownCap?.visit;
  if (per === "account") return record.accountId === undefined || record.accountId === attempt.accountId;
  return record.contactPointId === null || record.contactPointId === attempt.contactPoint?.id;
}

export function reaches(metric: Cap["metric"], record: ContactRecord): boolean {
  if (metric === "attempted") return true;
  return metric === "connected" ? record.connected : record.conversed;
}

function isCounted(cap: Cap, attempt: ContactAttempt, record: ContactRecord): boolean {
  if (!concerns(cap, attempt, record) || !reaches(cap.metric, record)) return false;
  if (cap.uncounted?.includes(record.outcome ?? "")) return false;
  return cap.roles === undefined || cap.roles.includes(record.role ?? "self");
}

const DAYS_PER_WEEK = 7;

/** First instant of the stretch a cap looks back over. Contacts dated after `atMs` count too: clocks may differ, caps may not. */
function lookBackMs({ window }: Cap, zone: TimeZone, atMs: EpochMs): EpochMs {
  const today = localDayNumber(zone, atMs);
  switch (window.kind) {
    case "rolling-days":
      return atMs - window.days * DAY_MS + 1;
    case "calendar-day":
      return startOfDay(zone, today + 1 - window.days);
    case "calendar-week":
      return startOfDay(zone, today + 1 - weekdayOf(localDate(zone, atMs)));
    case "calendar-month":
      return startOfDay(zone, today + 1 - Number(localDate(zone, atMs).slice(8)));
    default:
      throw window satisfies never;
  }
}

/** First instant at which a contact is out of a cap's sight. */
function forgottenMs({ window }: Cap, zone: TimeZone, contactMs: EpochMs): EpochMs {
  const day = localDayNumber(zone, contactMs);
  switch (window.kind) {
    case "rolling-days":
      return contactMs + window.days * DAY_MS;
    case "calendar-day":
      return startOfDay(zone, day + window.days);
    case "calendar-week":
      return startOfDay(zone, day + 1 + DAYS_PER_WEEK - weekdayOf(localDate(zone, contactMs)));
    case "calendar-month": {
      const firstOfMonth = `${localDate(zone, contactMs).slice(0, 7)}-01`;
      const nextMonth = `${addDays(firstOfMonth, 31).slice(0, 7)}-01`;
      return startOfDay(zone, (dateToUtcMs(nextMonth) ?? Number.NaN) / DAY_MS);
    }
    default:
      throw window satisfies never;
  }
}

/** An instant by the clock of a place. */
type Clock = { readonly zone: TimeZone; readonly atMs: EpochMs };

/** How many contacts use up a cap at an instant, by one clock. */
function usedUpBy(cap: Cap, { attempt, history }: Past, { zone, atMs }: Clock): number {
  // Nothing to count needs no calendar, and most people have not been contacted yet.
  let sinceMs: EpochMs | null = null;
  let used = 0;
  for (const record of history) {
    if (!isCounted(cap, attempt, record)) continue;
    sinceMs ??= lookBackMs(cap, zone, atMs);
    if (record.atMs >= sinceMs) used += 1;
  }
  return used;
}

/** How many contacts use up a cap at an instant; with several possible clocks, by the one that counts most. */
export function usedUp(cap: Cap, past: Past, atMs: EpochMs): number {
  return Math.max(0, ...past.attempt.timeZones.map((zone) => usedUpBy(cap, past, { zone, atMs })));
}

/** Earliest instant at or after `atMs` at which one more contact stays within the cap, by every possible clock. */
export function nextUnderCap(cap: Cap, past: Past, atMs: EpochMs): EpochMs {
  // Fewer contacts than the cap cannot use it up, and that is how it mostly is.
  if (past.history.length < cap.limit) return atMs;
  return nextInEveryZone(past.attempt.timeZones, atMs, (zone, fromMs) => {
    const used = usedUpBy(cap, past, { zone, atMs: fromMs });
    if (used < cap.limit) return fromMs;
    const sinceMs = lookBackMs(cap, zone, fromMs);
    const counting = past.history
      .filter((record) => record.atMs >= sinceMs && isCounted(cap, past.attempt, record))
      .map((record) => record.atMs)
      .sort((left, right) => left - right);
    return forgottenMs(cap, zone, counting[used - cap.limit] ?? fromMs);
  });
}
