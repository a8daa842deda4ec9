import type { AccountId } from "#engine/model/ids";
import type { Currency } from "#engine/model/money";
import type { Connection } from "../client";

/** One portfolio of loans that are still the lender's to collect: one origin, one currency. */
export type CollectedPortfolio = { readonly synthetic: boolean; readonly currency: Currency };

export type CollectedPage = CollectedPortfolio & {
  /** Null = from the beginning. */
  readonly after: AccountId | null;
  readonly limit: number;
};

/** The ids of a page of it, in the order of ids. */
export async function collectedIds(connection: Connection, page: CollectedPage): Promise<readonly AccountId[]> {
  const rows = await connection<{ id: AccountId }[]>`
    select a.id from account a
    where a.id > ${page.after ?? ""} and a.status = 'open' and a.currency = ${page.currency} and a.synthetic = ${page.synthetic}
    order by a.id limit ${page.limit}`;
  return rows.map(({ id }) => id);
}
