import { and, count, countDistinct, eq, gte, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import type { StrategyVersionId } from "#engine/model/ids";
import type { Currency } from "#engine/model/money";
import { BUCKETS, type Bucket } from "#engine/model/party";
import type { LocalDate } from "#engine/model/time";
import type { Database } from "../client";
import { account, cureReversal, payment } from "../schema/account";
import { conversation } from "../schema/conversation";
import { enrollment } from "../schema/enrollment";
import { inbox } from "../schema/inbox";
import { contactAttempt, intent } from "../schema/outbox";

/** How much stands in one overdue stage of one portfolio. `cured` were overdue in the file and have paid it since. */
export type BucketTotal = {
  readonly synthetic: boolean;
  readonly currency: Currency;
  readonly bucket: Bucket | "cured";
  readonly accounts: number;
  readonly parties: number;
  readonly overdueMinor: number;
  readonly outstandingMinor: number;
};

/** One portfolio: one origin, one currency. A person with loans in two stages is counted once. */
export type PortfolioTotal = {
  readonly synthetic: boolean;
  readonly currency: Currency;
  readonly accounts: number;
  readonly parties: number;
  /** Youngest data date among its accounts. */
  readonly dataDate: LocalDate;
};

const inTreatment = or(eq(account.status, "open"), eq(account.status, "paid"));

export async function portfolioTotals(database: Database): Promise<readonly PortfolioTotal[]> {
  return database.db
    .select({
      synthetic: account.synthetic,
      currency: account.currency,
      accounts: count(),
      parties: countDistinct(account.partyId),
      dataDate: sql<LocalDate>`max(${account.dataDate})::text`,
    })
    .from(account)
    .where(inTreatment)
    .groupBy(account.synthetic, account.currency);
}

/** Days past due on a date, from the first day past due, which is day one. */
const daysPastDue = (today: LocalDate): SQL<number> =>
  sql<number>`case when ${account.overdueSince} is null then 0 else greatest(0, ${today}::date - ${account.overdueSince} + 1) end`;

/**
 * People and money per overdue stage on a date of the lender's calendar, apart by origin and currency: amounts of two
 * currencies are never added. What was paid since the data date is taken off. Closed, sold and written-off loans are left out.
 */
export async function bucketTotals(database: Database, today: LocalDate): Promise<readonly BucketTotal[]> {
  const paid = database.db
    .select({
      accountId: payment.accountId,
      paidMinor:
        sql<number>`sum(case when ${payment.reversed} then -${payment.amountMinor} else ${payment.amountMinor} end)::float8`.as(
          "paid_minor",
        ),
    })
    .from(payment)
    .groupBy(payment.accountId)
    .as("paid");
  const paidMinor = sql`coalesce(${paid.paidMinor}, 0)`;
  const dpd = daysPastDue(today);
  const bucket = sql<Bucket | "cured">`case
    when ${account.overdueMinor} > 0 and ${paidMinor} >= ${account.overdueMinor} then 'cured'
    when ${dpd} <= 0 then 'M0'
    when ${dpd} > 180 then 'M6+'
    else 'M' || ceil(${dpd} / 30.0)::int
  end`;
  const rows = await database.db
    .select({
      synthetic: account.synthetic,
      currency: account.currency,
      bucket,
      accounts: count(),
      parties: countDistinct(account.partyId),
      overdueMinor: sql<number>`sum(greatest(0, ${account.overdueMinor} - ${paidMinor}))::float8`,
      outstandingMinor: sql<number>`sum(${account.totalOutstandingMinor})::float8`,
    })
    .from(account)
    .leftJoin(paid, eq(paid.accountId, account.id))
    .where(inTreatment)
    .groupBy(sql`1`, sql`2`, sql`3`);
  const order: readonly string[] = [...BUCKETS, "cured"];
  return rows.sort((left, right) => order.indexOf(left.bucket) - order.indexOf(right.bucket));
}

/** What waits for a person. Each is a count of rows that will not move on by themselves. */
export type AttentionCounts = {
  readonly faulted: number;
  readonly unknownSends: number;
  readonly deadEvents: number;
  /** Conversations that wait for a reviewer. */
  readonly reviews: number;
  /** Payments taken back after a cure, of which nobody has decided. */
  readonly reversals: number;
  /** Accounts frozen by a hold: they wait until somebody releases it or it ends. */
  readonly held: number;
};

export async function attentionCounts(database: Database): Promise<AttentionCounts> {
  const [standing, unknownSends, deadEvents, reviews, reversals] = await Promise.all([
    database.db
      .select({
        faulted: sql<number>`(count(*) filter (where ${enrollment.status} = 'faulted'))::int`,
        held: sql<number>`(count(*) filter (where ${enrollment.status} = 'held'))::int`,
      })
      .from(enrollment),
    database.db.select({ total: count() }).from(intent).where(eq(intent.state, "unknown")),
    database.db.select({ total: count() }).from(inbox).where(eq(inbox.status, "dead")),
    database.db
      .select({ total: count() })
      .from(conversation)
      .where(inArray(conversation.review, ["open", "follow-up"])),
    database.db.select({ total: count() }).from(cureReversal).where(isNull(cureReversal.decision)),
  ]);
  return {
    faulted: standing[0]?.faulted ?? 0,
    held: standing[0]?.held ?? 0,
    unknownSends: unknownSends[0]?.total ?? 0,
    deadEvents: deadEvents[0]?.total ?? 0,
    reviews: reviews[0]?.total ?? 0,
    reversals: reversals[0]?.total ?? 0,
  };
}

/** How many accounts stand in a version, and how many have left it. */
export type VersionPopulation = {
  readonly versionId: StrategyVersionId;
  readonly inFlight: number;
  readonly exited: number;
  readonly cured: number;
};

export async function populationByVersion(database: Database): Promise<readonly VersionPopulation[]> {
  return database.db
    .select({
      versionId: enrollment.versionId,
      inFlight: sql<number>`count(*) filter (where ${enrollment.status} <> 'exited')::int`,
      exited: sql<number>`count(*) filter (where ${enrollment.status} = 'exited')::int`,
      cured: sql<number>`count(*) filter (where ${enrollment.exitReason} = 'cured')::int`,
    })
    .from(enrollment)
    .groupBy(enrollment.versionId);
}

/** What moved since an instant of the engine's clock. */
export type Movement = {
  /** Contacts that left, in all channels. */
  readonly contacts: number;
  readonly conversed: number;
  /** Contacts the gate refused. */
  readonly denied: number;
  readonly cured: number;
  readonly payments: readonly { readonly currency: Currency; readonly count: number; readonly minor: number }[];
};

export async function movementSince(database: Database, sinceMs: number): Promise<Movement> {
  const since = new Date(sinceMs);
  const [contacts, denied, cured, payments] = await Promise.all([
    database.db
      .select({ total: count(), conversed: sql<number>`(count(*) filter (where ${contactAttempt.conversed}))::int` })
      .from(contactAttempt)
      .where(gte(contactAttempt.at, since)),
    database.db
      .select({ total: count() })
      .from(intent)
      .where(and(eq(intent.state, "denied"), gte(intent.updatedAt, since))),
    database.db
      .select({ total: count() })
      .from(enrollment)
      .where(and(eq(enrollment.exitReason, "cured"), gte(enrollment.enteredAt, since))),
    database.db
      .select({
        currency: payment.currency,
        count: count(),
        minor: sql<number>`sum(case when ${payment.reversed} then -${payment.amountMinor} else ${payment.amountMinor} end)::float8`,
      })
      .from(payment)
      .where(gte(payment.at, since))
      .groupBy(payment.currency)
      .orderBy(payment.currency),
  ]);
  return {
    contacts: contacts[0]?.total ?? 0,
    conversed: contacts[0]?.conversed ?? 0,
    denied: denied[0]?.total ?? 0,
    cured: cured[0]?.total ?? 0,
    payments,
  };
}
