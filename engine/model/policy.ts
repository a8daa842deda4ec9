import type { Channel } from "./content";
import type { AccountId, PartyId } from "./ids";
import type { PartyRole, PolicyAction, PolicyActor } from "./market-pack";
import type { ContactPoint } from "./party";
import type { EpochMs, LocalDate, TimeZone } from "./time";
import type { WeeklyWindow } from "./weekly-window";

/**
 * What is about to be done: a contact about to leave, or another action a rule may speak about. Whatever is missing is not known,
 * and a rule that needs it says what that means (`ifUnknown`).
 */
export type ContactAttempt = {
  /** `contact` when it is missing. */
  readonly action?: PolicyAction;
  readonly partyId: PartyId;
  readonly accountId: AccountId;
  readonly channel: Channel;
  readonly partyRole: PartyRole;
  /** Null when the party has no contact point for the channel. */
  readonly contactPoint: ContactPoint | null;
  /** Zones the party's clocks may show; empty = unknown. With several, what one of them forbids is forbidden. */
  readonly timeZones: readonly TimeZone[];
  /** ISO 3166-2 code of the party's place. */
  readonly region?: string | undefined;
  readonly actor?: PolicyActor | undefined;
  readonly licence?: string | undefined;
  readonly product?: string | undefined;
  /** How many people make it; absent = nobody, or nobody knows. */
  readonly people?: number | undefined;
  /** Day of the last training of those who make it. */
  readonly trainedOn?: LocalDate;
  /** Whether the conversation is recorded. */
  readonly recorded?: boolean | undefined;
  /** `locate` asks for nothing but a call back and says nothing of a debt. Absent = about the debt. */
  readonly purpose?: "collect" | "locate";
  /** What is known of whether the debtor can be reached at all. */
  readonly debtor?: DebtorStanding;
  readonly debt?: DebtStanding | undefined;
  /** The agency that makes it, or that would get the placement. */
  readonly agency?: AgencyStanding | undefined;
  /** The record that would be deleted. */
  readonly record?: KeptRecord;
  /** Days of the party on which it is left in peace; `until` is the first day after. */
  readonly specialDays?: readonly {
    readonly event: SpecialEvent;
    readonly from: LocalDate;
    readonly until: LocalDate;
  }[];
  /** The step's own limit: attempts of this visit on one day at the party's place. */
  readonly ownCap?: { readonly visit: string; readonly maxPerDay: number } | undefined;
};

/**
 * What the house says about itself, where it says it. Whatever is missing is not known, and rules for any house apply.
 */
export type HouseStanding = {
  /** Whose debts it collects: its own, as an agency, or those it bought. */
  readonly actor?: PolicyActor | undefined;
  readonly licence?: string | undefined;
  /** Channels on which every conversation is recorded; the others are not. */
  readonly recordedChannels?: readonly Channel[] | undefined;
};

/** An agency by the name or code strategies call it, and what the register of agencies says of it. */
export type KnownAgency = { readonly name: string; readonly code?: string; readonly standing: AgencyStanding };

export const SPECIAL_EVENTS = ["bereavement", "wedding", "disaster"] as const;
export type SpecialEvent = (typeof SPECIAL_EVENTS)[number];

/** Why somebody else may be asked after a debtor. Absent members are not known, which is no permission. */
export type DebtorStanding = {
  readonly numbersInvalid?: boolean;
  readonly deceased?: boolean;
  readonly incapable?: boolean;
};

/** Parts of the debt. Amounts are minor units; absent members are not known. */
export type DebtStanding = {
  readonly principalMinor?: number;
  /** Interest, compound interest, penalties and fees that are due. */
  readonly chargesMinor?: number;
  /** What has been paid of those so far. */
  readonly chargesPaidMinor?: number;
  /** Principal outstanding, summed over the days it was: minor units times days. */
  readonly principalDays?: number;
  readonly dueOn?: LocalDate;
  readonly lastPaymentOn?: LocalDate;
  readonly acknowledgedOn?: LocalDate;
  /** Day on which the claim can no longer be sued for, where the lender knows it. */
  readonly limitationOn?: LocalDate;
};

export type AgencyStanding = {
  readonly licensed?: boolean;
  readonly whitelisted?: boolean;
  readonly violation?: boolean;
  /** Last day of the contract. */
  readonly contractUntil?: LocalDate;
  readonly evaluatedOn?: LocalDate;
  readonly trainedOn?: LocalDate;
};

export const RECORD_CLASSES = [
  "call-recording",
  "collection-record",
  "card-recording",
  "oral-plan-recording",
  "impact-assessment",
] as const;
export type RecordClass = (typeof RECORD_CLASSES)[number];

export type KeptRecord = {
  readonly class: RecordClass;
  readonly createdOn: LocalDate;
  /** Day of the last collection activity on the debt. */
  readonly lastActivityOn?: LocalDate;
  readonly settled?: boolean;
};

/**
 * One contact that was made: three facts that laws count differently (domain.md 0.2). What an agency did is a contact as well; a
 * member that is missing was not recorded, and what is not known of a contact counts against the next one.
 */
export type ContactRecord = {
  readonly atMs: EpochMs;
  readonly channel: Channel;
  /** Null = an agency did not say. */
  readonly contactPointId: string | null;
  readonly connected: boolean;
  readonly conversed: boolean;
  /** Visit of the step that asked for it (`visitKey`); null = no strategy of ours did. */
  readonly visit: string | null;
  readonly accountId?: string;
  /** `self` when it is missing. */
  readonly role?: PartyRole;
  /** `own` when it is missing: robots and agents of the house. */
  readonly by?: "own" | "agency";
  /** Result code of the channel (domain.md 3.4). */
  readonly outcome?: string | null;
  /** The notice in the sense of a law that was given with it, by its text (`Content.notice`). */
  readonly notice?: string;
  /** When the person asked to be called again; missing = they did not. */
  readonly callBackAtMs?: EpochMs;
};

/** Results that outlast every look-back: somebody else asked not to be contacted again, or the number is not the debtor's. */
export const LASTING_OUTCOMES = ["TPR", "WN"] as const;

/** A notice that was sent to the party. */
export type NoticeRecord = { readonly notice: string; readonly sentMs: EpochMs; readonly returned: boolean };

/** Longest a recorded consent may last: what somebody agreed to more than a year ago is asked for again. */
export const CONSENT_DAYS_MAX = 366;

/**
 * A debtor agreed to something a rule would forbid. It relaxes the named rules on the named channels, from one instant to before
 * another, within its hours where it has some; without evidence or without an end it relaxes nothing.
 */
export type RecordedConsent = {
  readonly rules: readonly string[];
  readonly channels: readonly Channel[];
  readonly fromMs: EpochMs;
  readonly untilMs: EpochMs;
  /** Recording, or page with a signature, where the debtor can be heard or read agreeing. */
  readonly evidence: string;
  readonly windows?: readonly WeeklyWindow[];
};

export const HOLD_KINDS = [
  "dispute",
  "complaint",
  "hardship",
  "deceased",
  "bankruptcy",
  "represented",
  "cease-request",
  "fraud",
  "wrong-number",
  "active-plan",
  "manual",
] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];
export type Hold = { readonly kind: HoldKind; readonly fromMs: EpochMs; readonly untilMs: EpochMs | null };

/** One reason of the gate: the rule that spoke and the facts it spoke from. */
export type PolicyReason = {
  readonly rule: string;
  readonly code: string;
  readonly params: { readonly [name: string]: string | number };
};

export type PolicyVerdict =
  | { readonly verdict: "allow"; readonly warnings: readonly PolicyReason[] }
  | { readonly verdict: "defer"; readonly untilMs: EpochMs; readonly reasons: readonly PolicyReason[] }
  | { readonly verdict: "deny"; readonly reasons: readonly PolicyReason[] };
