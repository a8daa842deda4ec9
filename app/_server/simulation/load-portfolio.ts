import type { Database } from "#db";
import { portfolioPage } from "#db/queries/account";
import type { AccountId, ContactPointId } from "#engine/model/ids";
import { canonicalHash } from "#engine/model/json";
import type { Currency } from "#engine/model/money";
import type { Account, ContactPoint } from "#engine/model/party";

/** One portfolio: one origin and one currency, because sums of several currencies mean nothing. */
export type PortfolioChoice = { readonly synthetic: boolean; readonly currency: Currency };

export type LoadedPortfolio = {
  readonly accounts: readonly Account[];
  readonly contactPoints: readonly ContactPoint[];
  /** Changes when any account or contact point does; a stored result is good for one fingerprint. */
  readonly fingerprint: string;
};

const PAGE = 2_000;
/** The bound of one simulation, in pages. */
const PAGES_MAX = 500;

/** The open accounts of a portfolio as they stand: what was paid since the file is taken off what is due. */
export async function loadPortfolio(database: Database, choice: PortfolioChoice): Promise<LoadedPortfolio> {
  const accounts: Account[] = [];
  const contactPoints = new Map<ContactPointId, ContactPoint>();
  const seen: string[] = [];
  let after: AccountId | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found: Awaited<ReturnType<typeof portfolioPage>> = await portfolioPage(database.sql, {
      after,
      limit: PAGE,
      synthetic: choice.synthetic,
    });
    for (const detail of found) {
      if (detail.account.currency !== choice.currency) continue;
      const account = asItStands(detail.account, detail.paidMinor);
      accounts.push(account);
      for (const point of detail.contactPoints) contactPoints.set(point.id, point);
      seen.push(
        `${account.id}|${account.overdueMinor}|${account.overdueSince}|${account.status}|${detail.contactPoints.length}`,
      );
    }
    after = found.at(-1)?.account.id ?? null;
    if (found.length < PAGE) break;
  }
  return { accounts, contactPoints: [...contactPoints.values()], fingerprint: canonicalHash(seen) };
}

function asItStands(account: Account, paidMinor: number): Account {
  if (paidMinor === 0) return account;
  const overdueMinor = Math.max(0, account.overdueMinor - paidMinor);
  const cured = account.overdueMinor > 0 && overdueMinor === 0;
  return {
    ...account,
    overdueMinor,
    overdueSince: cured ? null : account.overdueSince,
    totalOutstandingMinor: account.totalOutstandingMinor - paidMinor,
  };
}
