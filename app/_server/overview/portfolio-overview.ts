import type { Database } from "#db";
import { type BucketTotal, bucketTotals, type PortfolioTotal, portfolioTotals } from "#db/queries/overview";
import type { LocalDate } from "#engine/model/time";

/** One portfolio as the home page draws it: one origin, one currency, so that amounts may be added and bars compared. */
export type PortfolioOverview = PortfolioTotal & { readonly buckets: readonly BucketTotal[] };

/** Where people and money stand on a date. Imported portfolios first: they are what the reader came for. */
export async function portfolioOverview(database: Database, today: LocalDate): Promise<readonly PortfolioOverview[]> {
  const [portfolios, buckets] = await Promise.all([portfolioTotals(database), bucketTotals(database, today)]);
  return portfolios
    .map((portfolio) => ({
      ...portfolio,
      buckets: buckets.filter(
        (bucket) => bucket.synthetic === portfolio.synthetic && bucket.currency === portfolio.currency,
      ),
    }))
    .sort((left, right) => Number(left.synthetic) - Number(right.synthetic) || right.accounts - left.accounts);
}
