/**
 * Time for the core. Inside the executors an instant is a number of epoch milliseconds (`…Ms`); in documents, traces and
 * APIs it is an ISO 8601 string with offset. Zones are IANA names. Nothing here reads a clock.
 */
export type EpochMs = number;
/** ISO 8601 with offset, to the second or millisecond: `2026-03-02T09:00:00+08:00`. */
export type Instant = string;
/** Calendar date `YYYY-MM-DD`, without zone. */
export type LocalDate = string;
/** Time of day `HH:mm`, 24 hours. */
export type LocalTime = string;
/** IANA time zone name, `Asia/Shanghai`. */
export type TimeZone = string;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2})$/;
const LOCAL_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const LOCAL_TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
/** Zone offsets change at quarter hours at the finest, so one look-up serves a whole slot. */
const OFFSET_SLOT_MS = 15 * MINUTE_MS;
const OFFSET_CACHE_MAX = 200_000;

/** Milliseconds of a calendar date at 00:00 UTC, or null when there is no such day (2026-02-30). */
export function dateToUtcMs(date: LocalDate): EpochMs | null {
  const match = LOCAL_DATE.exec(date);
  if (match === null) return null;
  const ms = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return new Date(ms).toISOString().slice(0, 10) === date ? ms : null;
}

export function isLocalDate(text: string): boolean {
  return dateToUtcMs(text) !== null;
}

export function isLocalTime(text: string): boolean {
  return LOCAL_TIME.test(text);
}

/** Epoch milliseconds of an ISO instant with offset, or null when malformed or impossible. */
export function parseInstant(text: string): EpochMs | null {
  const match = INSTANT.exec(text);
  if (match === null) return null;
  if (dateToUtcMs(`${match[1]}-${match[2]}-${match[3]}`) === null) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

export function isTimeZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}

const formatters = new Map<TimeZone, Intl.DateTimeFormat>();
const offsets = new Map<TimeZone, Map<number, number>>();

function formatterOf(zone: TimeZone): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formatters.set(zone, made);
  return made;
}

/** Offset of a zone from UTC at an instant, in milliseconds (Asia/Shanghai: 28,800,000). Throws RangeError on an unknown zone. */
export function zoneOffsetMs(zone: TimeZone, atMs: EpochMs): number {
  const slot = Math.floor(atMs / OFFSET_SLOT_MS);
  let slots = offsets.get(zone);
  if (slots === undefined) {
    slots = new Map();
    offsets.set(zone, slots);
  }
  const known = slots.get(slot);
  if (known !== undefined) return known;
  if (slots.size >= OFFSET_CACHE_MAX) slots.clear();
  const slotStartMs = slot * OFFSET_SLOT_MS;
  const part: { [type: string]: string } = {};
  for (const { type, value } of formatterOf(zone).formatToParts(new Date(slotStartMs))) part[type] = value;
  const localMs = Date.UTC(
    Number(part.year),
    Number(part.month) - 1,
    Number(part.day),
    Number(part.hour),
    Number(part.minute),
    Number(part.second),
  );
  const offset = localMs - slotStartMs;
  slots.set(slot, offset);
  return offset;
}

/** The calendar date at an instant in a zone. */
export function localDate(zone: TimeZone, atMs: EpochMs): LocalDate {
  return new Date(atMs + zoneOffsetMs(zone, atMs)).toISOString().slice(0, 10);
}

/** Minutes since local midnight, 0..1439. */
export function localMinuteOfDay(zone: TimeZone, atMs: EpochMs): number {
  const localMs = atMs + zoneOffsetMs(zone, atMs);
  return Math.floor((((localMs % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS);
}

/** ISO weekday at an instant in a zone: 1 = Monday … 7 = Sunday. */
export function localWeekday(zone: TimeZone, atMs: EpochMs): number {
  const day = new Date(atMs + zoneOffsetMs(zone, atMs)).getUTCDay();
  return day === 0 ? 7 : day;
}

export function minutesOf(time: LocalTime): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** The instant of a local date and minute of day. In a spring-forward gap the later reading is taken, in an overlap the first. */
export function instantAt(zone: TimeZone, date: LocalDate, minuteOfDay: number): EpochMs {
  const wallMs = (dateToUtcMs(date) ?? Number.NaN) + minuteOfDay * MINUTE_MS;
  const before = zoneOffsetMs(zone, wallMs - DAY_MS);
  const first = wallMs - before;
  if (zoneOffsetMs(zone, first) === before) return first;
  const after = zoneOffsetMs(zone, wallMs + DAY_MS);
  const second = wallMs - after;
  return zoneOffsetMs(zone, second) === after ? second : first;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date((dateToUtcMs(date) ?? Number.NaN) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whole days from one date to another; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round(((dateToUtcMs(to) ?? Number.NaN) - (dateToUtcMs(from) ?? Number.NaN)) / DAY_MS);
}

/** ISO string with the zone's offset, to the second (milliseconds only when not zero). */
export function formatInstant(zone: TimeZone, atMs: EpochMs): Instant {
  const offset = zoneOffsetMs(zone, atMs);
  const local = new Date(atMs + offset).toISOString();
  const body = local.endsWith(".000Z") ? local.slice(0, 19) : local.slice(0, 23);
  const minutes = Math.abs(offset) / MINUTE_MS;
  const hh = String(Math.floor(minutes / 60)).padStart(2, "0");
  const mm = String(minutes % 60).padStart(2, "0");
  return `${body}${offset < 0 ? "-" : "+"}${hh}:${mm}`;
}
