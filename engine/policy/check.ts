import type { Channel } from "../model/content";
import type { PolicyRule, RulePack } from "../model/market-pack";
import type { ContactAttempt, ContactRecord, Hold, PolicyReason, PolicyVerdict } from "../model/policy";
import { DAY_MS, type EpochMs, formatInstant } from "../model/time";
import { type CapRule, nextAfterGap, nextUnderCap, ownCapOf, type Past, usedUp } from "./counts";
import { isHeld, refusalsOf } from "./refusals";
import { nextInWindow } from "./windows";

/** A contact that may not leave within this many days is refused instead of put off. */
export const DEFER_HORIZON_DAYS = 14;
/** Rounds in which the rules agree on an instant; each moves it to an opening, a midnight or the end of a gap. */
const AGREEMENT_ROUNDS_MAX = 200;

export type PolicyQuestion = {
  readonly attempt: ContactAttempt;
  /** Contacts made with the party so far, over all its accounts, strategies and channels. */
  readonly history: readonly ContactRecord[];
  readonly holds: readonly Hold[];
  readonly rulePack: RulePack;
  readonly nowMs: EpochMs;
};

/** A rule that looks at the clock and the past: it may say "not now", and then when. */
type TimedPackRule = Extract<PolicyRule, { kind: "window" | "cap" | "minimum-gap" }>;
type TimedRule = Exclude<TimedPackRule, { kind: "cap" }> | CapRule;

function isTimed(rule: PolicyRule): rule is TimedPackRule {
  return rule.kind === "window" || rule.kind === "cap" || rule.kind === "minimum-gap";
}

type TimedRules = { readonly blocking: readonly TimedRule[]; readonly warning: readonly TimedRule[] };

const timedRulesOf = new WeakMap<RulePack, Map<Channel, TimedRules>>();

/** The rules of a pack that speak of a channel, found once per pack: the question is asked for every contact. */
function timedRules(rulePack: RulePack, channel: Channel): TimedRules {
  const ofPack = timedRulesOf.get(rulePack) ?? new Map<Channel, TimedRules>();
  timedRulesOf.set(rulePack, ofPack);
  const known = ofPack.get(channel);
  if (known !== undefined) return known;
  const timed = rulePack.rules.filter(isTimed).filter((rule) => rule.channels.includes(channel));
  const blocking = timed.filter((rule) => rule.severity === "block");
  const made = { blocking, warning: timed.filter((rule) => rule.severity === "warn") };
  ofPack.set(channel, made);
  return made;
}

/** Earliest instant at or after `atMs` at which a rule lets the contact pass; null = never. */
function nextAllowed(rule: TimedRule, past: Past, atMs: EpochMs): EpochMs | null {
  switch (rule.kind) {
    case "window":
      return nextInWindow(rule, past.zone, atMs);
    case "cap":
      return nextUnderCap(rule, past, atMs);
    case "minimum-gap":
      return nextAfterGap(rule, past, atMs);
    default:
      rule satisfies never;
      return null;
  }
}

/** Local time as people write it, `2026-03-02 21:59`. */
function wallClock(past: Past, atMs: EpochMs): string {
  return formatInstant(past.zone, atMs).slice(0, 16).replace("T", " ");
}

function reasonOf(
  rule: TimedRule,
  past: Past,
  at: { readonly nowMs: EpochMs; readonly untilMs: EpochMs | null },
): PolicyReason {
  const { nowMs, untilMs } = at;
  const common = {
    at: wallClock(past, nowMs),
    until: untilMs === null ? "" : wallClock(past, untilMs),
  };
  switch (rule.kind) {
    case "window":
      return { rule: rule.id, code: "policy.window", params: common };
    case "cap": {
      const params = { ...common, used: usedUp(rule, past, nowMs), limit: rule.limit, days: rule.window.days };
      return { rule: rule.id, code: `policy.cap-${rule.metric}`, params };
    }
    case "minimum-gap":
      return { rule: rule.id, code: "policy.minimum-gap", params: { ...common, minutes: rule.minutes } };
    default:
      rule satisfies never;
      return { rule: "", code: "", params: {} };
  }
}

type Agreement = { readonly rules: readonly TimedRule[]; readonly past: Past; readonly holds: readonly Hold[] };

/** Holds that begin later than now still stand in the way of a later contact. */
function afterHolds(holds: readonly Hold[], atMs: EpochMs): EpochMs | null {
  let freeMs = atMs;
  for (const hold of [...holds].sort((left, right) => left.fromMs - right.fromMs)) {
    if (!isHeld(hold, freeMs)) continue;
    if (hold.untilMs === null) return null;
    freeMs = hold.untilMs;
  }
  return freeMs;
}

/**
 * Earliest instant within the horizon at which every rule lets the contact pass, or null. Each rule in turn moves the
 * instant on to where it itself allows; what none of them moves any more is the least instant they agree on.
 */
function agreedInstant({ rules, past, holds }: Agreement, nowMs: EpochMs): EpochMs | null {
  const horizonMs = nowMs + DEFER_HORIZON_DAYS * DAY_MS;
  let agreedMs = nowMs;
  for (let round = 0; round < AGREEMENT_ROUNDS_MAX; round += 1) {
    const before = agreedMs;
    for (const rule of rules) {
      const nextMs = nextAllowed(rule, past, agreedMs);
      if (nextMs === null || nextMs > horizonMs) return null;
      agreedMs = nextMs;
    }
    const freeMs = afterHolds(holds, agreedMs);
    if (freeMs === null || freeMs > horizonMs) return null;
    agreedMs = freeMs;
    if (agreedMs === before) return agreedMs;
  }
  return null;
}

/** Rules that do not let the contact pass now, each with its own next instant. */
function objections(rules: readonly TimedRule[], past: Past, nowMs: EpochMs): readonly PolicyReason[] {
  const objecting: PolicyReason[] = [];
  for (const rule of rules) {
    const untilMs = nextAllowed(rule, past, nowMs);
    if (untilMs !== nowMs) objecting.push(reasonOf(rule, past, { nowMs, untilMs }));
  }
  return objecting;
}

/**
 * May this contact leave now? `deny` for what waiting does not cure (hold, consent, no or wrong contact point, unknown place)
 * or when no instant within `DEFER_HORIZON_DAYS` satisfies every rule; `defer` with the earliest instant that does, in epoch
 * milliseconds; else `allow`. Rules of severity `warn` are only noted. All reasons are carried, and nothing here reads a clock:
 * lint, simulator and live gate ask this same function. The pack is applied whole, as published; `effectiveFrom` informs.
 */
export function checkPolicy({ attempt, history, holds, rulePack, nowMs }: PolicyQuestion): PolicyVerdict {
  const refused = refusalsOf(rulePack, { attempt, holds, nowMs });
  const zone = attempt.timeZone;
  // Without a usable zone or contact point the other rules cannot be reckoned; the refusal says so.
  if (zone === null || refused.reasons.some((reason) => reason.code === "policy.zone-unknown")) {
    return { verdict: "deny", reasons: refused.reasons };
  }
  const past: Past = { attempt, history, zone };
  const { blocking: fromPack, warning } = timedRules(rulePack, attempt.channel);
  const own = ownCapOf(attempt);
  const blocking = own === null ? fromPack : [...fromPack, own];
  const objecting = objections(blocking, past, nowMs);
  if (refused.reasons.length > 0) return { verdict: "deny", reasons: [...refused.reasons, ...objecting] };
  if (objecting.length === 0) {
    return { verdict: "allow", warnings: [...refused.warnings, ...objections(warning, past, nowMs)] };
  }
  const untilMs = agreedInstant({ rules: blocking, past, holds }, nowMs);
  if (untilMs !== null) return { verdict: "defer", untilMs, reasons: objecting };
  const beyond = { rule: rulePack.pack, code: "policy.no-time", params: { days: DEFER_HORIZON_DAYS } };
  return { verdict: "deny", reasons: [beyond, ...objecting] };
}
