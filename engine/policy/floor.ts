import type { AnyRule, PolicyAction } from "../model/market-pack";
import type { ContactAttempt } from "../model/policy";
import { isTimeZone, type TimeZone } from "../model/time";
import { consentPart } from "./kinds/consent";
import { type RulePart, standingPart } from "./kinds/define";
import { holdPart } from "./kinds/hold";
import { partyPart } from "./kinds/party";

/**
 * Rules no pack can forget: a hold, an unknown consent, an unknown place or a missing number means no contact (design D6). A
 * pack's own rule of the same sort gives them its name.
 */
export type FloorRule = {
  readonly id: string;
  /** One bit of its own, so that what stands for the floor is one number; 0 = nothing can. */
  readonly bit: number;
  readonly parts: readonly RulePart[];
};
const HOLD_BIT = 1;
const PARTY_BIT = 2;
const CONSENT_BIT = 4;

const contactPoint = standingPart("block", ({ attempt }) => {
  const { contactPoint: point, channel, partyId } = attempt;
  const params = { channel };
  if (point === null) return [{ code: "policy.no-contact-point", params }];
  if (point.partyId !== partyId) return [{ code: "policy.contact-point-of-another", params }];
  if (point.status === "masked") return [{ code: "policy.contact-point-masked", params }];
  if (point.status === "invalid") return [{ code: "policy.contact-point-invalid", params }];
  return [];
});

/** Zones that were found to exist last: the same list is asked about again and again. */
let latestPlaced: readonly TimeZone[] | null = null;

/** Whether the party's clocks are known; every zone that is possible must exist. */
export function isPlaced({ timeZones }: ContactAttempt): boolean {
  if (timeZones === latestPlaced) return true;
  if (timeZones.length === 0 || !timeZones.every(isTimeZone)) return false;
  latestPlaced = timeZones;
  return true;
}

const timeZone = standingPart("block", ({ attempt }) =>
  isPlaced(attempt) ? [] : [{ code: "policy.zone-unknown", params: { zone: attempt.timeZones.join(", ") } }],
);

const HOLD: FloorRule = { bit: HOLD_BIT, id: "floor.hold", parts: [holdPart("block", null)] };
const OF_CONTACTS: readonly FloorRule[] = [
  HOLD,
  { bit: PARTY_BIT, id: "floor.party", parts: [partyPart({ severity: "block", roles: ["self"] })] },
  { bit: 0, id: "floor.contact-point", parts: [contactPoint] },
  {
    bit: CONSENT_BIT,
    id: "floor.consent",
    parts: [consentPart("block", "refused"), consentPart("block", "unknown")],
  },
];

/** The place is looked at last: what else stands in the way is said first. */
export const PLACE_FLOOR: FloorRule = { bit: 0, id: "floor.time-zone", parts: [timeZone] };
const OF_TREATMENT: readonly FloorRule[] = [HOLD];

/** The floor under an action. Quoting a settlement and deleting a record stand on none: neither presses anybody. */
const FLOORS: { readonly [action in PolicyAction]: readonly FloorRule[] } = {
  contact: OF_CONTACTS,
  placement: OF_TREATMENT,
  lawsuit: OF_TREATMENT,
  "credit-report": OF_TREATMENT,
  "settlement-quote": [],
  "record-deletion": [],
};

export function floorUnder(action: PolicyAction): readonly FloorRule[] {
  return FLOORS[action];
}

/**
 * The bit of the floor's rule a rule of a pack may stand in for; 0 = none. A hold rule must stop for every hold and block; whom to
 * contact must be blocked; that silence is enough may be said by a market's law alone, never by a house.
 */
export function floorOf(rule: AnyRule): number {
  const { kind, severity, source } = rule;
  if (kind === "hold") return severity === "block" && rule.holds === undefined ? HOLD_BIT : 0;
  if (kind === "party") return severity === "block" ? PARTY_BIT : 0;
  if (kind === "consent") return severity === "block" || source.kind !== "house-policy" ? CONSENT_BIT : 0;
  return 0;
}
