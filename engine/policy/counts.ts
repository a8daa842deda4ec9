import type { PolicyRule } from "../model/market-pack";
import type { ContactAttempt, ContactRecord } from "../model/policy";
import { addDays, DAY_MS, type EpochMs, instantAt, localDate, MINUTE_MS, type TimeZone } from "../model/time";

type CapRule = Extract<PolicyRule, { kind: "cap" }>;
type GapRule = Extract<PolicyRule, { kind: "minimum-gap" }>;

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
 * Contacts a rule looks at: those of its channels (a robot call and every other call of the rule use up one cap), of the
 * party or of this contact point. The history handed in is the party's, over all accounts and strategies.
 */
function concerning(rule: CapRule | GapRule, { attempt, history }: Past): readonly ContactRecord[] {
  return history.filter(
    (record) =>
      rule.channels.includes(record.channel) &&
      (rule.per === "party" || record.contactPointId === attempt.contactPoint?.id),
  );
}

/** First instant of the stretch a cap looks back over. Contacts dated after `atMs` count too: clocks may differ, caps may not. */
function lookBackMs({ window }: CapRule, zone: TimeZone, atMs: EpochMs): EpochMs {
  if (window.kind === "rolling-days") return atMs - window.days * DAY_MS + 1;
  return instantAt(zone, addDays(localDate(zone, atMs), 1 - window.days), 0);
}

/** Instants of the contacts that use up a cap at an instant. */
function countingAt(rule: CapRule, past: Past, atMs: EpochMs): readonly EpochMs[] {
  const counted = concerning(rule, past).filter(COUNTS[rule.metric]);
  // Nothing to count needs no calendar, and most people have not been contacted yet.
  const sinceMs = counted.length === 0 ? atMs : lookBackMs(rule, past.zone, atMs);
  return counted.filter((record) => record.atMs >= sinceMs).map((record) => record.atMs);
}

/** How many contacts use up a cap at an instant. */
export function usedUp(rule: CapRule, past: Past, atMs: EpochMs): number {
  return countingAt(rule, past, atMs).length;
}

/** Earliest instant at or after `atMs` at which one more contact stays within the cap. */
export function nextUnderCap(rule: CapRule, past: Past, atMs: EpochMs): EpochMs {
  const counting = countingAt(rule, past, atMs);
  if (counting.length < rule.limit) return atMs;
  const last = [...counting].sort((left, right) => left - right)[counting.length - rule.limit];
  if (last === undefined) return atMs;
  const { kind, days } = rule.window;
  if (kind === "rolling-days") return last + days * DAY_MS;
  return instantAt(past.zone, addDays(localDate(past.zone, last), days), 0);
}

/** Earliest instant at or after `atMs` that keeps the gap to the latest contact. */
export function nextAfterGap(rule: GapRule, past: Past, atMs: EpochMs): EpochMs {
  const latestMs = concerning(rule, past).reduce(
    (latest, record) => Math.max(latest, record.atMs),
    Number.NEGATIVE_INFINITY,
  );
  return Math.max(atMs, latestMs + rule.minutes * MINUTE_MS);
}
