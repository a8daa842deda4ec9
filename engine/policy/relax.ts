import type { AnyRule } from "../model/market-pack";
import { CONSENT_DAYS_MAX, type RecordedConsent } from "../model/policy";
import { DAY_MS, type EpochMs } from "../model/time";
import type { WeeklyWindow } from "../model/weekly-window";
import { nextInEveryZone } from "./days";
import { NEVER, type PolicyQuestion } from "./kinds/define";
import { type Hours, hoursOf, nextInHours } from "./windows";

const hoursByWindows = new WeakMap<readonly WeeklyWindow[], Hours>();

function agreedHours(windows: readonly WeeklyWindow[]): Hours {
  const known = hoursByWindows.get(windows);
  if (known !== undefined) return known;
  const made = hoursOf(windows, () => "ordinary");
  hoursByWindows.set(windows, made);
  return made;
}

/** Whether a consent names the rule and the channel, has its evidence, and ends soon enough. */
function speaksOf(consent: RecordedConsent, rule: AnyRule, { attempt }: PolicyQuestion): boolean {
  const lasts = consent.untilMs - consent.fromMs;
  return (
    consent.rules.includes(rule.id) &&
    consent.channels.includes(attempt.channel) &&
    consent.evidence.trim() !== "" &&
    lasts > 0 &&
    lasts <= CONSENT_DAYS_MAX * DAY_MS
  );
}

/** Earliest instant at or after `atMs` at which a recorded consent relaxes the rule; `NEVER` = none does. */
export function nextRelaxed(rule: AnyRule, asked: PolicyQuestion, atMs: EpochMs): EpochMs {
  if (rule.relaxedBy === undefined || asked.consents === undefined) return NEVER;
  let earliestMs = NEVER;
  for (const consent of asked.consents) {
    if (!speaksOf(consent, rule, asked)) continue;
    const { windows, fromMs, untilMs } = consent;
    const begunMs = Math.max(atMs, fromMs);
    const freeMs =
      windows === undefined
        ? begunMs
        : nextInEveryZone(asked.attempt.timeZones, begunMs, (zone, ms) => nextInHours(agreedHours(windows), zone, ms));
    if (freeMs < untilMs) earliestMs = Math.min(earliestMs, freeMs);
  }
  return earliestMs;
}

export function isRelaxed(rule: AnyRule, asked: PolicyQuestion, atMs: EpochMs): boolean {
  return rule.relaxedBy !== undefined && nextRelaxed(rule, asked, atMs) === atMs;
}
