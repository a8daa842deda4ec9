import type { PolicyRule, RulePack } from "../model/market-pack";
import type { ContactAttempt, Hold, PolicyReason } from "../model/policy";
import { type EpochMs, isTimeZone } from "../model/time";

/**
 * Rules no pack can forget: a hold, an unknown consent, an unknown place or a missing number means no contact (design D6). A
 * pack's own rule of the same kind gives them its name.
 */
const FLOOR_RULES = {
  hold: "floor.hold",
  consent: "floor.consent",
  party: "floor.party",
  contactPoint: "floor.contact-point",
  zone: "floor.time-zone",
} as const;

export type Refused = { readonly attempt: ContactAttempt; readonly holds: readonly Hold[]; readonly nowMs: EpochMs };

type TimelessKind = "hold" | "consent" | "party" | "people";

function ruleOf(pack: RulePack, kind: TimelessKind, attempt: ContactAttempt): PolicyRule | undefined {
  return pack.rules.find((rule) => rule.kind === kind && rule.channels.includes(attempt.channel));
}

export function isHeld(hold: Hold, atMs: EpochMs): boolean {
  return hold.fromMs <= atMs && (hold.untilMs === null || atMs < hold.untilMs);
}

/** Each kind once, however many accounts of the party brought it. */
function holdReasons(pack: RulePack, { attempt, holds, nowMs }: Refused): readonly PolicyReason[] {
  if (holds.length === 0) return [];
  const rule = ruleOf(pack, "hold", attempt)?.id ?? FLOOR_RULES.hold;
  const kinds = new Set(holds.filter((hold) => isHeld(hold, nowMs)).map((hold) => hold.kind));
  return [...kinds].sort().map((kind) => ({ rule, code: "policy.hold", params: { hold: kind } }));
}

function contactPointReasons({ attempt }: Refused): readonly PolicyReason[] {
  const rule = FLOOR_RULES.contactPoint;
  const point = attempt.contactPoint;
  const params = { channel: attempt.channel };
  if (point === null) return [{ rule, code: "policy.no-contact-point", params }];
  if (point.partyId !== attempt.partyId) return [{ rule, code: "policy.contact-point-of-another", params }];
  if (point.status === "masked") return [{ rule, code: "policy.contact-point-masked", params }];
  if (point.status === "invalid") return [{ rule, code: "policy.contact-point-invalid", params }];
  return [];
}

type Spoken = { readonly reason: PolicyReason; readonly severity: PolicyRule["severity"] };

/** A refusal always stands; silence may be relaxed to a warning by a pack whose law asks for no consent on this channel. */
function consentReason(pack: RulePack, { attempt }: Refused): Spoken | null {
  const point = attempt.contactPoint;
  if (point === null) return null;
  const consent = point.consent[attempt.channel];
  if (consent === "granted") return null;
  const rule = ruleOf(pack, "consent", attempt);
  const code = consent === "refused" ? "policy.consent-refused" : "policy.consent-unknown";
  const reason = { rule: rule?.id ?? FLOOR_RULES.consent, code, params: { channel: attempt.channel } };
  return { reason, severity: consent === "refused" ? "block" : (rule?.severity ?? "block") };
}

function partyReasons(pack: RulePack, { attempt }: Refused): readonly PolicyReason[] {
  const rule = ruleOf(pack, "party", attempt);
  const roles: readonly string[] = rule?.kind === "party" ? rule.roles : ["self"];
  if (roles.includes(attempt.partyRole)) return [];
  return [{ rule: rule?.id ?? FLOOR_RULES.party, code: "policy.party-role", params: { role: attempt.partyRole } }];
}

/** Who goes alone does not go: an unknown number of people is none. */
function peopleReason(pack: RulePack, { attempt }: Refused): Spoken | null {
  const rule = ruleOf(pack, "people", attempt);
  const people = attempt.people ?? 0;
  if (rule?.kind !== "people" || people >= rule.minimum) return null;
  const reason = { rule: rule.id, code: "policy.people", params: { people, minimum: rule.minimum } };
  return { reason, severity: rule.severity };
}

function zoneReasons({ attempt }: Refused): readonly PolicyReason[] {
  if (attempt.timeZone !== null && isTimeZone(attempt.timeZone)) return [];
  return [{ rule: FLOOR_RULES.zone, code: "policy.zone-unknown", params: { zone: attempt.timeZone ?? "" } }];
}

/** Reasons that no waiting removes, and warnings of the same kind. */
export function refusalsOf(
  pack: RulePack,
  refused: Refused,
): { readonly reasons: readonly PolicyReason[]; readonly warnings: readonly PolicyReason[] } {
  const consent = consentReason(pack, refused);
  const people = peopleReason(pack, refused);
  const warnings = [consent, people].flatMap((spoken) => (spoken?.severity === "warn" ? [spoken.reason] : []));
  return {
    reasons: [
      ...holdReasons(pack, refused),
      ...partyReasons(pack, refused),
      ...contactPointReasons(refused),
      ...(consent?.severity === "block" ? [consent.reason] : []),
      ...(people?.severity === "block" ? [people.reason] : []),
      ...zoneReasons(refused),
    ],
    warnings,
  };
}
