import type { AnyRule } from "../model/market-pack";
import type { ContactAttempt, PolicyReason, PolicyVerdict } from "../model/policy";
import { DAY_MS, type EpochMs, formatInstant, HOUR_MS, type TimeZone } from "../model/time";
import { nextUnderCap, usedUp } from "./counts";
import { dayBegunEverywhere, dayNumberOf, earliestDay, latestDay } from "./days";
import { type FloorRule, floorUnder, isPlaced, PLACE_FLOOR } from "./floor";
import { NEVER, type PolicyQuestion, type RulePart } from "./kinds/define";
import { type LinkedPart, linkedRules } from "./link";
import { isRelaxed, nextRelaxed } from "./relax";

export type { PolicyQuestion } from "./kinds/define";

/** A contact that may not leave within this many days is refused instead of put off. */
export const DEFER_HORIZON_DAYS = 14;
/** Rounds in which the rules agree on an instant; each moves it to an opening, a midnight or the end of a gap. */
const AGREEMENT_ROUNDS_MAX = 200;
/** No clock on earth is farther from UTC; dates begin between these. */
const EARLIEST_DAY_MS = -14 * HOUR_MS;
const LATEST_DAY_MS = 12 * HOUR_MS;
/** Where an action needs no place and none is known, dates are those of both ends of the earth, and the stricter counts. */
const ANYWHERE: readonly TimeZone[] = ["Pacific/Kiritimati", "Pacific/Pago_Pago"];
/** Name of the limit a step sets itself, where a reason names its rule. */
const OWN_CAP = "step.max-per-day";

/** Whether a day has begun for the law: on the day asked for, else as soon as it has begun in one of the possible places. */
function hasBegun(day: number, { asOf, attempt }: PolicyQuestion, atMs: EpochMs): boolean {
  if (asOf !== undefined) return dayNumberOf(asOf) >= day;
  if (atMs >= day * DAY_MS + LATEST_DAY_MS) return true;
  return atMs >= day * DAY_MS + EARLIEST_DAY_MS && latestDay(attempt.timeZones, atMs) >= day;
}

function isOver({ untilDay }: LinkedPart, { asOf, attempt }: PolicyQuestion, atMs: EpochMs): boolean {
  if (untilDay === Number.POSITIVE_INFINITY) return false;
  return (asOf === undefined ? earliestDay(attempt.timeZones, atMs) : dayNumberOf(asOf)) >= untilDay;
}

/** How severe a part is at an instant; null = it does not apply then. Until it is enforced a rule only warns. */
function severityAt(linked: LinkedPart, asked: PolicyQuestion, atMs: EpochMs): RulePart["severity"] | null {
  if (!hasBegun(linked.fromDay, asked, atMs) || isOver(linked, asked, atMs)) return null;
  return hasBegun(linked.enforcedDay, asked, atMs) ? linked.part.severity : "warn";
}

type Known<TValue> = TValue | undefined;

/** Whether a list speaks of a value; `unsure` where it is not known. */
function speaksOf<TValue>(list: Known<readonly TValue[]>, value: Known<TValue>): "yes" | "no" | "unsure" {
  if (list === undefined) return "yes";
  if (value === undefined) return "unsure";
  return list.includes(value) ? "yes" : "no";
}

/** `US-MA` lies in `US`; of `US` alone nobody knows whether it is `US-MA`. */
function speaksOfRegion(list: Known<readonly string[]>, region: Known<string>): "yes" | "no" | "unsure" {
  if (list === undefined) return "yes";
  if (region === undefined) return "unsure";
  const country = region.slice(0, 2);
  if (list.includes(region) || list.includes(country)) return "yes";
  return region === country && list.some((known) => known.startsWith(`${country}-`)) ? "unsure" : "no";
}

/** Whether a rule speaks of an attempt: what is not known of it meets every list, since the strictest reading counts. */
export function applies({ appliesTo }: AnyRule, attempt: ContactAttempt): "yes" | "no" | "unsure" {
  if (appliesTo === undefined) return "yes";
  const found = [
    speaksOf<string>(appliesTo.actors, attempt.actor),
    speaksOf<string>(appliesTo.licences, attempt.licence),
    speaksOf<string>(appliesTo.products, attempt.product),
    speaksOf<string>(appliesTo.roles, attempt.partyRole),
    speaksOfRegion(appliesTo.regions, attempt.region),
  ];
  if (found.includes("no")) return "no";
  return found.includes("unsure") ? "unsure" : "yes";
}

/** Earliest instant at or after `atMs` at which a part does not stop it; `NEVER` = none. */
function nextOf(linked: LinkedPart, asked: PolicyQuestion, atMs: EpochMs): EpochMs {
  const { rule, part } = linked;
  if (rule.appliesTo !== undefined && applies(rule, asked.attempt) === "no") return atMs;
  const nextMs = part.next(asked, atMs);
  if (nextMs === atMs || isRelaxed(rule, asked, atMs)) return atMs;
  const relaxedMs = nextRelaxed(rule, asked, atMs);
  const overMs =
    linked.untilDay === Number.POSITIVE_INFINITY || asked.asOf !== undefined
      ? NEVER
      : Math.max(atMs, dayBegunEverywhere(asked.attempt.timeZones, linked.untilDay));
  return Math.min(nextMs, relaxedMs, overMs);
}

/** The same, where only what blocks at that instant stops it. */
function nextBlocked(linked: LinkedPart, asked: PolicyQuestion, atMs: EpochMs): EpochMs {
  return severityAt(linked, asked, atMs) === "block" ? nextOf(linked, asked, atMs) : atMs;
}

/** Local time as people write it, `2026-03-02 21:59`. */
function wallClock(asked: PolicyQuestion, atMs: EpochMs): string {
  const zone = asked.attempt.timeZones[0];
  if (zone === undefined || !Number.isFinite(atMs)) return "";
  return formatInstant(zone, atMs).slice(0, 16).replace("T", " ");
}

function reasonsOf(linked: LinkedPart, asked: PolicyQuestion, untilMs: EpochMs): readonly PolicyReason[] {
  const { rule, part } = linked;
  return part.objections(asked, asked.nowMs).map(({ code, params }) => {
    if (part.standing) return { rule: rule.id, code, params };
    const times = { at: wallClock(asked, asked.nowMs), until: wallClock(asked, untilMs) };
    return { rule: rule.id, code, params: { ...times, ...params } };
  });
}

/** What was found at one instant; most questions find nothing. */
type Findings = {
  standing: readonly PolicyReason[];
  timed: readonly PolicyReason[];
  warnings: readonly PolicyReason[];
};
const NOTHING: readonly PolicyReason[] = [];

/** Asks one part and puts what it has to say where it belongs. */
function ask(linked: LinkedPart, asked: PolicyQuestion, found: Findings): void {
  const { nowMs } = asked;
  const untilMs = nextOf(linked, asked, nowMs);
  if (untilMs === nowMs) return;
  const severity = severityAt(linked, asked, nowMs);
  if (severity === null) return;
  const reasons = reasonsOf(linked, asked, untilMs);
  if (severity === "warn") found.warnings = [...found.warnings, ...reasons];
  else if (linked.part.standing) found.standing = [...found.standing, ...reasons];
  else found.timed = [...found.timed, ...reasons];
}

/** Without a known place nothing that goes by the clock can be reckoned; that the place is unknown is refused by itself. */
function askAll(
  parts: readonly LinkedPart[],
  asked: PolicyQuestion,
  found: Findings & { readonly clocks: boolean },
): void {
  for (const linked of parts) if (found.clocks || linked.part.standing) ask(linked, asked, found);
}

const nothingFound = (clocks: boolean): Findings & { readonly clocks: boolean } => ({
  standing: NOTHING,
  timed: NOTHING,
  warnings: NOTHING,
  clocks,
});

/** Bits of the floor for which a rule of the pack stands at an instant: one that surely applies and is enforced. */
function stoodFor(parts: readonly LinkedPart[], asked: PolicyQuestion, atMs: EpochMs): number {
  let bits = 0;
  for (const linked of parts) {
    if ((bits | linked.standsFor) === bits) continue;
    if (!hasBegun(linked.enforcedDay, asked, atMs) || isOver(linked, asked, atMs)) continue;
    if (applies(linked.rule, asked.attempt) === "yes") bits |= linked.standsFor;
  }
  return bits;
}

const floorParts = new Map<string, readonly LinkedPart[]>();

function floorPartsUnder({ action = "contact" }: ContactAttempt): readonly LinkedPart[] {
  const known = floorParts.get(action);
  if (known !== undefined) return known;
  const made = floorUnder(action).flatMap(partsOfFloor);
  floorParts.set(action, made);
  return made;
}

function partsOfFloor({ id, bit, parts }: FloorRule): readonly LinkedPart[] {
  return parts.map((part) => always(id, part, bit));
}

const placeParts = partsOfFloor(PLACE_FLOOR);

/** Rules of the floor no rule of the pack stands for. */
function askFloor(parts: readonly LinkedPart[], asked: PolicyQuestion, found: Findings): void {
  const bits = stoodFor(parts, asked, asked.nowMs);
  for (const linked of floorPartsUnder(asked.attempt)) {
    if ((linked.standsFor & bits) === 0) ask(linked, asked, found);
  }
}

/** A part of no pack: it applies at any time. */
function always(id: string, part: RulePart, standsFor: number): LinkedPart {
  const source = { kind: "house-policy", name: "Duecourse", counselCheck: false } as const;
  const rule: AnyRule = {
    id,
    kind: "floor",
    title: { en: id },
    severity: "block",
    source,
    effectiveFrom: "1970-01-01",
  };
  const when = { fromDay: 0, enforcedDay: 0, untilDay: Number.POSITIVE_INFINITY };
  return { rule, part, ...when, standsFor };
}

/** What a step allows itself, as a rule beside those of the pack. */
function ownCapOf({ channel, ownCap }: ContactAttempt): readonly LinkedPart[] {
  if (ownCap === undefined) return [];
  const cap = {
    metric: "attempted",
    per: "visit",
    channels: [channel],
    window: { kind: "calendar-day", days: 1 },
    limit: ownCap.maxPerDay,
  } as const;
  const part: RulePart = {
    severity: "block",
    standing: false,
    next: (asked, atMs) => nextUnderCap(cap, asked, atMs),
    objections: (asked, atMs) => [
      { code: "policy.cap-attempted", params: { used: usedUp(cap, asked, atMs), limit: cap.limit, days: 1 } },
    ],
  };
  return [always(OWN_CAP, part, 0)];
}

/**
 * Earliest instant within the horizon at which every rule lets it pass, or null. Each rule in turn moves the instant on to where
 * it itself allows; what none of them moves any more is the least instant they agree on.
 */
function agreedInstant(parts: readonly LinkedPart[], asked: PolicyQuestion): EpochMs | null {
  const horizonMs = asked.nowMs + DEFER_HORIZON_DAYS * DAY_MS;
  let agreedMs = asked.nowMs;
  for (let round = 0; round < AGREEMENT_ROUNDS_MAX; round += 1) {
    const before = agreedMs;
    for (const linked of parts) {
      const nextMs = nextBlocked(linked, asked, agreedMs);
      if (nextMs > horizonMs) return null;
      agreedMs = nextMs;
    }
    // A hold may begin, and a rule that stood for the floor may have ended meanwhile.
    const bits = stoodFor(parts, asked, agreedMs);
    for (const linked of floorPartsUnder(asked.attempt)) {
      if ((linked.standsFor & bits) !== 0) continue;
      const nextMs = nextBlocked(linked, asked, agreedMs);
      if (nextMs > horizonMs) return null;
      agreedMs = nextMs;
    }
    if (agreedMs === before) return agreedMs;
  }
  return null;
}

/** The question with clocks the rules can go by. */
function reckonable(asked: PolicyQuestion, placed: boolean): PolicyQuestion {
  return placed ? asked : { ...asked, attempt: { ...asked.attempt, timeZones: ANYWHERE } };
}

/**
 * May this be done now? `deny` for what waiting does not cure (hold, consent, no or wrong contact point, unknown place) or when no
 * instant within `DEFER_HORIZON_DAYS` satisfies every rule; `defer` with the earliest instant that does, in epoch milliseconds;
 * else `allow`. Every rule of the pack that is in force then is asked and the strictest wins; rules of severity `warn` are only
 * noted. All reasons are carried, and nothing here reads a clock: lint, simulator and live gate ask this same function. Rules
 * about words are asked where there is a text (`checkWords`).
 */
export function checkPolicy(question: PolicyQuestion): PolicyVerdict {
  const { attempt, rulePack } = question;
  const isContact = (attempt.action ?? "contact") === "contact";
  const placed = isPlaced(attempt);
  const asked = reckonable(question, placed);
  const { parts } = linkedRules(rulePack, attempt);
  const own = ownCapOf(attempt);
  const blocking = own.length === 0 ? parts : [...parts, ...own];
  const found = nothingFound(placed || !isContact);
  askFloor(parts, asked, found);
  askAll(blocking, asked, found);
  // Asked as it was put, so that an unknown place is seen.
  if (isContact && !placed) askAll(placeParts, question, found);
  const { standing, timed, warnings } = found;
  if (standing.length > 0) return { verdict: "deny", reasons: timed.length === 0 ? standing : [...standing, ...timed] };
  if (timed.length === 0) return { verdict: "allow", warnings };
  const untilMs = agreedInstant(blocking, asked);
  if (untilMs !== null) return { verdict: "defer", untilMs, reasons: timed };
  const beyond = { rule: rulePack.pack, code: "policy.no-time", params: { days: DEFER_HORIZON_DAYS } };
  return { verdict: "deny", reasons: [beyond, ...timed] };
}

/** What the rules about words have against a text, and what they note; asked when everything else is allowed. */
export function checkWords(question: PolicyQuestion & { readonly text: string }): {
  readonly reasons: readonly PolicyReason[];
  readonly warnings: readonly PolicyReason[];
} {
  const { attempt, rulePack } = question;
  const { aboutWords: about } = linkedRules(rulePack, attempt);
  const found = nothingFound(true);
  askAll(about, reckonable(question, isPlaced(attempt)), found);
  return { reasons: found.standing, warnings: found.warnings };
}

/** Whether a rule of the pack asks for the parts of the debt. */
export function needsDebt(rulePack: PolicyQuestion["rulePack"], attempt: ContactAttempt): boolean {
  return linkedRules(rulePack, attempt).needsDebt;
}

/** Whether a rule of the pack asks for notices that were sent. */
export function needsNotices(rulePack: PolicyQuestion["rulePack"], attempt: ContactAttempt): boolean {
  return linkedRules(rulePack, attempt).needsNotices;
}
