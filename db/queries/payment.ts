import type { AccountId } from "#engine/model/ids";
import type { Currency, Money } from "#engine/model/money";
import type { EpochMs } from "#engine/model/time";
import type { Connection } from "../client";

export type PaymentRecord = {
  readonly id: string;
  readonly amount: Money;
  readonly atMs: EpochMs;
  readonly reversed: boolean;
  /** `simulated` = made up by the demo's simulated debtors. */
  readonly source: string;
};

/** The ledger of an account, the latest first. */
export async function paymentsOfAccount(
  connection: Connection,
  accountId: AccountId,
  limit: number,
): Promise<readonly PaymentRecord[]> {
  const rows = await connection<
    { id: string; minor: number; currency: Currency; at_ms: number; reversed: boolean; source: string }[]
  >`
    select id, amount_minor::float8 as minor, currency, (extract(epoch from at) * 1000)::float8 as at_ms, reversed, source
    from payment where account_id = ${accountId} order by at desc, id limit ${limit}`;
  return rows.map((row) => ({
    id: row.id,
    amount: { minor: row.minor, currency: row.currency },
    atMs: row.at_ms,
    reversed: row.reversed,
    source: row.source,
  }));
}
