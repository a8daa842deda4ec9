import { z } from "zod";
import { CHANNELS, type Channel } from "../model/content";
import { draw } from "../model/draw";
import type { FactValue } from "../model/facts";
import { accountIdOf, type PartyId, partyIdOf } from "../model/ids";
import { InvariantError } from "../model/invariant";
import { LocalTextSchema } from "../model/locale";
import { CurrencySchema } from "../model/money";
import type { Account, ContactPoint } from "../model/party";
import { addDays, type LocalDate } from "../model/time";
import { overdueSinceOf } from "./facts";
import { channelsOf, simulatedContactPoint } from "./intake/contacts";
import shares from "./synthetic/portfolio.json";

const WeightSchema = z.number().positive();
const ShareSchema = z.number().min(0).max(1);
const SharesSchema = z.strictObject({
  note: LocalTextSchema,
  currency: CurrencySchema,
  timeZone: z.string(),
  accountsPerParty: z.array(z.strictObject({ value: z.int().min(1), weight: WeightSchema })),
  stages: z.array(z.strictObject({ value: z.string(), weight: WeightSchema, leastDpd: z.int(), mostDpd: z.int() })),
  products: z.array(
    z.strictObject({
      value: z.string(),
      weight: WeightSchema,
      medianMinor: z.int().positive(),
      /** Standard deviation of the logarithm. */
      spread: z.number().positive(),
      terms: z.array(z.int().positive()).min(1),
    }),
  ),
  provinces: z.array(z.strictObject({ value: z.string(), weight: WeightSchema })),
  familyNames: z.array(z.string()).min(1),
  unknownZoneShare: ShareSchema,
  maskedShare: ShareSchema,
  refusedSmsShare: ShareSchema,
  refusedRobotShare: ShareSchema,
  unknownRobotConsentShare: ShareSchema,
  /** Of those whose first phone can be called: who has another. */
  secondPhoneShare: ShareSchema,
  /** Who has a contact point of the kind at all. */
  pointShares: z.strictObject({ email: ShareSchema, app: ShareSchema, address: ShareSchema }),
  /** What is neither granted nor refused is unknown. */
  consentShares: z.partialRecord(z.enum(CHANNELS), z.strictObject({ granted: ShareSchema, refused: ShareSchema })),
});

/** Make-up of the synthetic portfolio; its note says that nothing in it is real. */
export const syntheticShares = SharesSchema.parse(shares);

/** Most accounts one call makes. */
export const SYNTHETIC_ACCOUNTS_MAX = 1_000_000;

export type SyntheticPortfolio = {
  readonly synthetic: true;
  readonly accounts: readonly Account[];
  readonly contactPoints: readonly ContactPoint[];
};

type Draws = (kind: string) => number;
type Person = {
  readonly partyId: PartyId;
  readonly customerNo: string;
  readonly name: string;
  readonly province: string;
  readonly age: number;
  readonly zoneKnown: boolean;
  readonly reliability: number;
};

/**
 * A portfolio of people and loans that never were, for the demo and for tests: stages M0 to M6+ in a plausible pyramid, several
 * loans for about one person in eight, log-normal balances, simulated contact points of every kind of which a few percent are
 * masked or without consent, so that refusals can be seen. The same arguments give the same bytes. Ids begin with `SYN`, so a second
 * call with another seed and the same count makes the same ids with other data.
 */
export function synthesisePortfolio({
  seed,
  accounts: count,
  dataDate,
}: {
  readonly seed: number;
  /** 0..1,000,000. */
  readonly accounts: number;
  readonly dataDate: LocalDate;
}): SyntheticPortfolio {
  if (!Number.isInteger(count) || count < 0 || count > SYNTHETIC_ACCOUNTS_MAX) {
    throw new InvariantError("portfolio.synthetic-count", { count });
  }
  const accounts: Account[] = [];
  const contactPoints: ContactPoint[] = [];
  for (let number = 1; accounts.length < count; number += 1) {
    const customerNo = `SYN-C${String(number).padStart(6, "0")}`;
    const draws: Draws = (kind) => draw(seed, customerNo, `synthetic:${kind}`);
    const person = personOf(customerNo, draws);
    const loans = Math.min(pick(syntheticShares.accountsPerParty, draws("loans")).value, count - accounts.length);
    for (let loan = 1; loan <= loans; loan += 1) {
      const accountNo = `SYN-A${String(accounts.length + 1).padStart(6, "0")}`;
      const loanDraws: Draws = (kind) => draws(`${loan}:${kind}`);
      accounts.push(accountOf(person, loanDraws, { accountNo, dataDate }));
    }
    contactPoints.push(...contactPointsOf(person.partyId, draws));
  }
  return { synthetic: true, accounts, contactPoints };
}

function personOf(customerNo: string, draws: Draws): Person {
  const { familyNames, provinces, unknownZoneShare } = syntheticShares;
  const family = familyNames[Math.floor(draws("name") * familyNames.length)] ?? "";
  return {
    partyId: partyIdOf(customerNo),
    customerNo,
    // A name nobody bears, so that it cannot be taken for a real person's.
    name: `${family}试样${customerNo.slice(-4)}`,
    province: pick(provinces, draws("province")).value,
    age: 21 + Math.floor(draws("age") ** 1.6 * 42),
    zoneKnown: draws("zone") >= unknownZoneShare,
    reliability: draws("reliability"),
  };
}

function accountOf(
  person: Person,
  draws: Draws,
  { accountNo, dataDate }: { readonly accountNo: string; readonly dataDate: LocalDate },
): Account {
  const stage = pick(syntheticShares.stages, draws("stage"));
  const dpd = stage.leastDpd + Math.floor(draws("dpd") * (stage.mostDpd - stage.leastDpd + 1));
  const product = pick(syntheticShares.products, draws("product"));
  const balance = wholeYuan(product.medianMinor * Math.exp(product.spread * normal(draws)));
  const terms = product.terms[Math.floor(draws("terms") * product.terms.length)] ?? 12;
  const instalment = Math.min(balance, wholeYuan((balance / terms) * 1.06));
  const missed = dpd > 0 ? Math.min(terms, 1 + Math.floor((dpd - 1) / 30)) : 1;
  const interest = dpd > 0 ? wholeYuan(balance * 0.0005 * Math.min(dpd, 180)) : 0;
  // Not overdue yet: what must be paid to stay so is the instalment coming due.
  const overdueMinor = Math.min(balance, instalment * missed) + interest;
  return {
    id: accountIdOf(accountNo),
    partyId: person.partyId,
    accountNo,
    customerNo: person.customerNo,
    currency: syntheticShares.currency,
    overdueSince: dpd > 0 ? overdueSinceOf(dataDate, dpd) : null,
    overdueMinor,
    totalOutstandingMinor: balance + interest,
    dataDate,
    status: "open",
    timeZone: person.zoneKnown ? syntheticShares.timeZone : null,
    fields: {
      ...riskOf(person, draws, dpd),
      customer_name: person.name,
      province: person.province,
      age: person.age,
      product_type: product.value,
      loan_amount: wholeYuan(balance * (1 + draws("repaid"))),
      principal_balance: balance,
      instalment_amount: instalment,
      interest_due: interest,
      term_total: terms,
      term_paid: Math.floor(draws("paid-terms") * terms),
      due_date: addDays(dataDate, -dpd),
    },
  };
}

function riskOf(person: Person, draws: Draws, dpd: number): { readonly [key: string]: FactValue } {
  const strain = Math.min(1, Math.max(0, dpd) / 180);
  const score = Math.round(1000 * (0.15 + 0.6 * person.reliability * (1 - strain) + 0.25 * draws("score")));
  const timesOverdue = dpd > 0 ? 1 + Math.floor((1 - person.reliability) * 5 * draws("times")) : 0;
  return {
    risk_score: score,
    risk_level: score >= 650 ? "low" : score >= 400 ? "medium" : "high",
    self_cure_score: Math.round(Math.min(1000, score * (0.8 + 0.3 * draws("self-cure")))),
    times_overdue_12m: timesOverdue,
    max_dpd_12m: Math.max(0, dpd, Math.floor(timesOverdue * 12 * draws("worst"))),
    ptp_broken_count: dpd > 30 ? Math.floor(draws("broken") * 4) : 0,
    payday: 1 + Math.floor(draws("payday") * 28),
  };
}

/** Addresses no network has. Few are masked or without consent, as in any lender's file, and not everybody has every kind. */
function contactPointsOf(partyId: PartyId, draws: Draws): readonly ContactPoint[] {
  const { secondPhoneShare, pointShares } = syntheticShares;
  const phone = phoneOf(partyId, draws);
  const points: ContactPoint[] = [phone];
  if (phone.status === "valid" && draws("second-phone") < secondPhoneShare) {
    points.push({ ...simulatedContactPoint(partyId, { kind: "phone", rank: 2 }), consent: phone.consent });
  }
  for (const kind of ["email", "app", "address"] as const) {
    if (draws(`has-${kind}`) >= pointShares[kind]) continue;
    const consents = channelsOf(kind).map((channel) => consentTo(channel, draws));
    points.push({ ...simulatedContactPoint(partyId, { kind }), consent: Object.assign({}, ...consents) });
  }
  return points;
}

function phoneOf(partyId: PartyId, draws: Draws): ContactPoint {
  const { maskedShare, refusedSmsShare, refusedRobotShare, unknownRobotConsentShare } = syntheticShares;
  const point = simulatedContactPoint(partyId, { kind: "phone" });
  const robot = draws("consent-robot");
  return {
    ...point,
    status: draws("masked") < maskedShare ? "masked" : "valid",
    consent: {
      sms: draws("consent-sms") < refusedSmsShare ? "refused" : "granted",
      ...(robot < unknownRobotConsentShare
        ? {}
        : { robot: robot < unknownRobotConsentShare + refusedRobotShare ? "refused" : "granted" }),
      ...consentTo("agent", draws),
    },
  };
}

function consentTo(channel: Channel, draws: Draws): ContactPoint["consent"] {
  const { granted, refused } = syntheticShares.consentShares[channel] ?? { granted: 0, refused: 0 };
  const drawn = draws(`consent-${channel}`);
  if (drawn < granted) return { [channel]: "granted" };
  return drawn < granted + refused ? { [channel]: "refused" } : {};
}

/** A draw from the standard normal distribution (Box-Muller), kept within three standard deviations. */
function normal(draws: Draws): number {
  const radius = Math.sqrt(-2 * Math.log(1 - draws("normal-radius")));
  return Math.min(3, Math.max(-3, radius * Math.cos(2 * Math.PI * draws("normal-angle"))));
}

function wholeYuan(minor: number): number {
  return Math.max(100, Math.round(minor / 100) * 100);
}

function pick<TItem extends { readonly weight: number }>(items: readonly TItem[], drawn: number): TItem {
  let left = drawn * items.reduce((sum, { weight }) => sum + weight, 0);
  const last = items.at(-1);
  for (const item of items) {
    left -= item.weight;
    if (left < 0) return item;
  }
  if (last === undefined) throw new InvariantError("portfolio.synthetic-shares");
  return last;
}
