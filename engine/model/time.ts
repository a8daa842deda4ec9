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
const LOCAL_TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
/** Zone offsets change at quarter hours at the finest, so one look-up serves a whole slot. */
const OFFSET_SLOT_MS = 15 * MINUTE_MS;
const SLOTS_PER_DAY = DAY_MS / OFFSET_SLOT_MS;
const OFFSET_CACHE_MAX = 200_000;
const DATE_CACHE_MAX = 50_000;
const DIGIT_ZERO = "0".charCodeAt(0);

/** `Date.UTC` takes 0..99 for years of the last century. */
const YEAR_MIN = 100;

/**
 * Milliseconds of a calendar date at 00:00 UTC, or null when there is no such day (2026-02-30). Read digit by digit: simulations
 * and big files ask this millions of times.
 */
export function dateToUtcMs(date: LocalDate): EpochMs | null {
  if (date.length !== 10 || date[4] !== "-" || date[7] !== "-") return null;
  const year = digitsAt(date, 0, 4);
  const month = digitsAt(date, 5, 7);
  const day = digitsAt(date, 8, 10);
  const exists = year >= YEAR_MIN && month >= 1 && month <= 12 && day >= 1 && day <= monthDays(year, month);
  return exists ? Date.UTC(year, month - 1, day) : null;
}

/** The number written from one index to before another; NaN when anything else than digits stands there. */
function digitsAt(text: string, from: number, to: number): number {
  let number = 0;
  for (let index = from; index < to; index += 1) {
    const digit = text.charCodeAt(index) - DIGIT_ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Days of a month, 1..12. */
export function monthDays(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
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

/** Offsets of one zone by slot. `recent…` is a small table before the map: neighbouring questions are about the same hours. */
type ZoneOffsets = {
  readonly bySlot: Map<number, number>;
  readonly recentSlots: Float64Array;
  readonly recentOffsets: Float64Array;
};
const RECENT_SLOTS = 256;

const offsetsByZone = new Map<TimeZone, ZoneOffsets>();

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
  const offsets = zone === latest.zone ? latest.offsets : offsetsOf(zone);
  const place = ((slot % RECENT_SLOTS) + RECENT_SLOTS) % RECENT_SLOTS;
  if (offsets.recentSlots[place] === slot) return offsets.recentOffsets[place] ?? Number.NaN;
  const offset = offsets.bySlot.get(slot) ?? reckonedOffset(zone, slot, offsets);
  offsets.recentSlots[place] = slot;
  offsets.recentOffsets[place] = offset;
  return offset;
}

/** The zone asked for last: questions about one person come in a row, and a comparison is cheaper than a look-up. */
const latest: { zone: TimeZone; offsets: ZoneOffsets } = { zone: "UTC", offsets: newZoneOffsets("UTC") };

function offsetsOf(zone: TimeZone): ZoneOffsets {
  const offsets = offsetsByZone.get(zone) ?? newZoneOffsets(zone);
  latest.zone = zone;
  latest.offsets = offsets;
  return offsets;
}

function newZoneOffsets(zone: TimeZone): ZoneOffsets {
  const made = {
    bySlot: new Map<number, number>(),
    recentSlots: new Float64Array(RECENT_SLOTS).fill(Number.NaN),
    recentOffsets: new Float64Array(RECENT_SLOTS),
  };
  offsetsByZone.set(zone, made);
  return made;
}

/**
 * No zone has ever moved its clocks and back within a day: where both ends of the day (in UTC) have one offset, so has every
 * slot between. Formatting an instant costs some microseconds, and a simulation comes by every slot of its months.
 */
function reckonedOffset(zone: TimeZone, slot: number, { bySlot }: ZoneOffsets): number {
  if (bySlot.size >= OFFSET_CACHE_MAX) bySlot.clear();
  const day = Math.floor(slot / SLOTS_PER_DAY) * SLOTS_PER_DAY;
  const atBegin = bySlot.get(day) ?? formattedOffset(zone, day);
  const atEnd = bySlot.get(day + SLOTS_PER_DAY) ?? formattedOffset(zone, day + SLOTS_PER_DAY);
  const offset = atBegin === atEnd ? atBegin : formattedOffset(zone, slot);
  bySlot.set(day, atBegin);
  bySlot.set(day + SLOTS_PER_DAY, atEnd);
  bySlot.set(slot, offset);
  return offset;
}

function formattedOffset(zone: TimeZone, slot: number): number {
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
  return localMs - slotStartMs;
}

const datesByDay = new Map<number, LocalDate>();

/** The calendar date in UTC. A strategy's life is some hundred days, asked for again and again. */
function dateOfUtcMs(utcMs: EpochMs): LocalDate {
  const day = Math.floor(utcMs / DAY_MS);
  const known = datesByDay.get(day);
  if (known !== undefined) return known;
  const made = new Date(utcMs).toISOString().slice(0, 10);
  if (datesByDay.size >= DATE_CACHE_MAX) datesByDay.clear();
  datesByDay.set(day, made);
  return made;
}

/** First instant after year 9999, whose dates need more digits. */
const YEAR_10000_MS = Date.UTC(10_000, 0, 1);

/** The same text as `Date.prototype.toISOString`, made from the day's date. */
export function utcText(atMs: EpochMs): Instant {
  if (!(atMs >= 0 && atMs < YEAR_10000_MS)) return new Date(atMs).toISOString();
  const ofDay = Math.floor(atMs % DAY_MS);
  const hours = twoDigits(Math.floor(ofDay / HOUR_MS));
  const minutes = twoDigits(Math.floor((ofDay % HOUR_MS) / MINUTE_MS));
  const seconds = twoDigits(Math.floor((ofDay % MINUTE_MS) / SECOND_MS));
  const thousandths = ofDay % SECOND_MS;
  const rest = thousandths === 0 ? "000" : String(thousandths).padStart(3, "0");
  return `${dateOfUtcMs(atMs)}T${hours}:${minutes}:${seconds}.${rest}Z`;
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

/** Days since 1970-01-01 in a zone's calendar. */
export function localDayNumber(zone: TimeZone, atMs: EpochMs): number {
  return Math.floor((atMs + zoneOffsetMs(zone, atMs)) / DAY_MS);
}

/** The calendar date at an instant in a zone. */
export function localDate(zone: TimeZone, atMs: EpochMs): LocalDate {
  return dateOfUtcMs(atMs + zoneOffsetMs(zone, atMs));
}

/** Minutes since local midnight, 0..1439. */
export function localMinuteOfDay(zone: TimeZone, atMs: EpochMs): number {
  const localMs = atMs + zoneOffsetMs(zone, atMs);
  return Math.floor((((localMs % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS);
}

/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** ISO weekday at an instant in a zone: 1 = Monday … 7 = Sunday. */
export function localWeekday(zone: TimeZone, atMs: EpochMs): number {
  return weekdayOfDay(localDayNumber(zone, atMs));
}

/** ISO weekday of a date. */
export function weekdayOf(date: LocalDate): number {
  return weekdayOfDay((dateToUtcMs(date) ?? Number.NaN) / DAY_MS);
}

/** ISO weekday of a day, given in days since 1970-01-01. */
export function weekdayOfDay(dayNumber: number): number {
  return ((((dayNumber + EPOCH_WEEKDAY - 1) % 7) + 7) % 7) + 1;
}

export function minutesOf(time: LocalTime): number {
  return digitsAt(time, 0, 2) * 60 + digitsAt(time, 3, 5);
}

/** The instant of a local date and minute of day. In a spring-forward gap the later reading is taken, in an overlap the first. */
export function instantAt(zone: TimeZone, date: LocalDate, minuteOfDay: number): EpochMs {
  return instantOfWall(zone, (dateToUtcMs(date) ?? Number.NaN) + minuteOfDay * MINUTE_MS);
}

/** The first instant of a day, given in days since 1970-01-01 in the zone's calendar. */
export function startOfDay(zone: TimeZone, dayNumber: number): EpochMs {
  return instantOfWall(zone, dayNumber * DAY_MS);
}

/** The instant at which the zone's clocks show what UTC shows at `wallMs`. */
function instantOfWall(zone: TimeZone, wallMs: EpochMs): EpochMs {
  const before = zoneOffsetMs(zone, wallMs - DAY_MS);
  const first = wallMs - before;
  if (zoneOffsetMs(zone, first) === before) return first;
  const after = zoneOffsetMs(zone, wallMs + DAY_MS);
  const second = wallMs - after;
  return zoneOffsetMs(zone, second) === after ? second : first;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return dateOfUtcMs((dateToUtcMs(date) ?? Number.NaN) + days * DAY_MS);
}

/** Whole days from one date to another; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round(((dateToUtcMs(to) ?? Number.NaN) - (dateToUtcMs(from) ?? Number.NaN)) / DAY_MS);
}

/** ISO string with the zone's offset, to the second (milliseconds only when not zero). */
export function formatInstant(zone: TimeZone, atMs: EpochMs): Instant {
  const offset = zoneOffsetMs(zone, atMs);
  const local = utcText(atMs + offset);
  const body = local.endsWith(".000Z") ? local.slice(0, 19) : local.slice(0, 23);
  const minutes = Math.abs(offset) / MINUTE_MS;
  const hh = String(Math.floor(minutes / 60)).padStart(2, "0");
  const mm = String(minutes % 60).padStart(2, "0");
  return `${body}${offset < 0 ? "-" : "+"}${hh}:${mm}`;
}
