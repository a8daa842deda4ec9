import type { PolicyRule } from "../model/market-pack";
import type { ContactAttempt, ContactRecord } from "../model/policy";
import { DAY_MS, type EpochMs, localDayNumber, MINUTE_MS, startOfDay, type TimeZone } from "../model/time";

type PackCap = Extract<PolicyRule, { kind: "cap" }>;
/** A cap of a pack, or the one a step sets itself over the attempts of one visit. */
export type CapRule = Omit<PackCap, "per" | "severity" | "title" | "source" | "effectiveFrom"> & {
  readonly per: PackCap["per"] | "visit";
};
type GapRule = Extract<PolicyRule, { kind: "minimum-gap" }>;

/** Name of the limit a step sets itself, where a reason names its rule. */
const OWN_CAP = "step.max-per-day";

/** What one contact is checked against: who, over what, where, with which past. */
export type Past = {
  readonly attempt: ContactAttempt;
  readonly history: readonly ContactRecord[];
  readonly zone: TimeZone;
};

const COUNTS: { readonly [metric in CapRule["metric"]]: (record: ContactRecord) => boolean } = {
  attempted: () => true,
  connected: (record) => record.connected,
  conversed: (record) => record.conversed,
};

/**
 * Whether a rule looks at a contact: one over its channels (a robot call and every other call of the rule use up one cap), with
 * the party, over this contact point or by this visit of the step. The history handed in is the party's, over all accounts and
 * strategies.
 */
function concerns(rule: CapRule | GapRule, { attempt }: Past, record: ContactRecord): boolean {
  if (!rule.channels.includes(record.channel)) return false;
  if (rule.per === "visit") return record.visit === attempt.ownCap?.visit;
  return rule.per === "party" || record.contactPointId === attempt.contactPoint?.id;
}

/** What a step allows itself, as a rule beside those of the pack; null = it sets no limit. */
export function ownCapOf({ channel, ownCap }: ContactAttempt): CapRule | null {
  if (ownCap === undefined) return null;
  return {
    id: OWN_CAP,
    kind: "cap",
    channels: [channel],
    metric: "attempted",
    per: "visit",
    window: { kind: "calendar-day", days: 1 },
    limit: ownCap.maxPerDay,
  };
}

/** First instant of the stretch a cap looks back over. Contacts dated after `atMs` count too: clocks may differ, caps may not. */
function lookBackMs({ window }: CapRule, zone: TimeZone, atMs: EpochMs): EpochMs {
  if (window.kind === "rolling-days") return atMs - window.days * DAY_MS + 1;
  return startOfDay(zone, localDayNumber(zone, atMs) + 1 - window.days);
}

/** How many contacts use up a cap at an instant. */
export function usedUp(rule: CapRule, past: Past, atMs: EpochMs): number {
  const counts = COUNTS[rule.metric];
  // Nothing to count needs no calendar, and most people have not been contacted yet.
  let sinceMs: EpochMs | null = null;
  let used = 0;
  for (const record of past.history) {
    if (!concerns(rule, past, record) || !counts(record)) continue;
    sinceMs ??= lookBackMs(rule, past.zone, atMs);
    if (record.atMs >= sinceMs) used += 1;
  }
  return used;
}

/** Earliest instant at or after `atMs` at which one more contact stays within the cap. */
export function nextUnderCap(rule: CapRule, past: Past, atMs: EpochMs): EpochMs {
  const used = usedUp(rule, past, atMs);
  if (used < rule.limit) return atMs;
  const sinceMs = lookBackMs(rule, past.zone, atMs);
  const counting = past.history
    .filter((record) => concerns(rule, past, record) && COUNTS[rule.metric](record) && record.atMs >= sinceMs)
    .map((record) => record.atMs);
  const last = counting.sort((left, right) => left - right)[used - rule.limit];
  if (last === undefined) return atMs;
  const { kind, days } = rule.window;
  if (kind === "rolling-days") return last + days * DAY_MS;
  return startOfDay(past.zone, localDayNumber(past.zone, last) + days);
}

/** Earliest instant at or after `atMs` that keeps the gap to the latest contact. */
export function nextAfterGap(rule: GapRule, past: Past, atMs: EpochMs): EpochMs {
  let latestMs = Number.NEGATIVE_INFINITY;
  for (const record of past.history) {
    if (concerns(rule, past, record)) latestMs = Math.max(latestMs, record.atMs);
  }
  return Math.max(atMs, latestMs + rule.minutes * MINUTE_MS);
}
