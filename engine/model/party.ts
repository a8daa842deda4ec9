import type { Channel } from "./content";
import type { FactValue } from "./facts";
import type { AccountId, ContactPointId, PartyId } from "./ids";
import type { Currency } from "./money";
import type { LocalDate, TimeZone } from "./time";

/** Sorts of contact points: a number that rings, a mailbox, an account in the lender's app or its WeChat service, a postal address. */
export const CONTACT_POINT_KINDS = ["phone", "email", "app", "address"] as const;
export type ContactPointKind = (typeof CONTACT_POINT_KINDS)[number];

/** A way to reach a party. `simulated` ones hold addresses that cannot exist; only simulated providers may use them. */
export type ContactPoint = {
  readonly id: ContactPointId;
  readonly partyId: PartyId;
  readonly kind: ContactPointKind;
  /** Order among the party's points of its kind: 1 is the one to try first. */
  readonly rank: number;
  /** A phone in E.164 (`+8613800001234`), else as the lender writes it; for simulated ones `sim:` and digits. */
  readonly address: string;
  readonly simulated: boolean;
  readonly status: "valid" | "invalid" | "masked";
  /** Consent per channel; a channel that is missing is unknown, and unknown means no contact (design D6). */
  readonly consent: { readonly [channel in Channel]?: "granted" | "refused" };
};

/** A loan, as imported. Amounts are minor units of `currency`. */
export type Account = {
  readonly id: AccountId;
  readonly partyId: PartyId;
  readonly accountNo: string;
  readonly customerNo: string;
  readonly currency: Currency;
  /** First day past due; null when nothing is overdue. Days past due are reckoned from it, so that they grow by themselves. */
  readonly overdueSince: LocalDate | null;
  /** What must be paid to be cured, at the data date. */
  readonly overdueMinor: number;
  readonly totalOutstandingMinor: number;
  /** As-of date of the file. */
  readonly dataDate: LocalDate;
  readonly status: AccountStatus;
  /** Zone of the party's place; null = unknown, and then no contact is allowed. */
  readonly timeZone: TimeZone | null;
  /** Every other imported field of the catalogue, parsed. Personal fields included; rules cannot read those. */
  readonly fields: { readonly [key: string]: FactValue };
};

export const ACCOUNT_STATUSES = ["open", "paid", "closed", "sold", "written-off"] as const;
/** `paid`: what was overdue has been paid since the data date. */
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** Overdue stages, convention A (domain.md 3.2). */
export const BUCKETS = ["M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+"] as const;
export type Bucket = (typeof BUCKETS)[number];

/** Stage of a number of days past due: M0 <= 0, M1 1-30, M2 31-60 … M6 151-180, M6+ above 180. */
export function bucketOf(dpd: number): Bucket {
  if (dpd <= 0) return "M0";
  if (dpd > 180) return "M6+";
  return BUCKETS[Math.ceil(dpd / 30)] ?? "M6+";
}
