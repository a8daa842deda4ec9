import type { AccountId } from "#engine/model/ids";
import type { PlanStanding } from "#engine/model/payment-plan";
import type { PromiseStanding } from "#engine/model/promise";
import type { EpochMs } from "#engine/model/time";
import type { Connection } from "../client";
import { textList } from "./row-columns";

/** What was paid and agreed on an account; what is missing never happened. */
export type Ledger = {
  /** Paid since the data date, reversals taken off, minor units. */
  readonly paid?: number;
  readonly promise?: PromiseStanding;
  readonly plan?: PlanStanding;
};

type LedgerRow = {
  readonly [kind in keyof Ledger]-?: { account_id: AccountId; kind: kind; value: Required<Ledger>[kind] };
};

/**
 * Ledgers of some accounts as they stand at an instant. Most have neither payment nor promise, so they are asked as sets and only
 * what there is comes back: a look per account and kind cost three times as much (measured).
 */
export async function loadLedgers(
  connection: Connection,
  accountIds: readonly AccountId[],
  nowMs: EpochMs,
): Promise<ReadonlyMap<AccountId, Ledger>> {
  const ids = connection`any(${textList(connection, accountIds)})`;
  const now: Fragment = connection`to_timestamp(${nowMs} / 1000.0)`;
  const rows = await connection<LedgerRow[keyof Ledger][]>`
    -- payments count from the day after nothing was known: those before the file's date are already in its balances
    select p.account_id, 'paid' as kind, to_jsonb(sum(case when p.reversed then -p.amount_minor else p.amount_minor end)) as value
    from payment p join account a on a.id = p.account_id
    where p.account_id = ${ids} and p.at <= ${now} and p.at >= a.data_date::timestamp at time zone coalesce(a.time_zone, 'UTC')
    group by p.account_id
    union all
    select m.account_id, 'promise', jsonb_build_object('amountMinor', m.amount_minor, 'dueDate', m.due_date, 'result', m.result,
      'paidMinor', ${paidBetween(connection, connection`m.opened_at`, connection`coalesce(m.closed_at, ${now})`)})
    from (select distinct on (m.account_id) m.* from promise m where m.account_id = ${ids} and m.opened_at <= ${now}
      and m.result is distinct from 'replaced' order by m.account_id, m.opened_at desc, m.id desc) m
    union all
    select m.account_id, 'plan', jsonb_build_object('instalments', m.instalments, 'instalmentMinor', m.instalment_minor,
      'firstDue', m.first_due, 'paidMinor', ${paidBetween(connection, connection`m.opened_at`, now)})
    from (select distinct on (m.account_id) m.* from payment_plan m where m.account_id = ${ids} and m.opened_at <= ${now}
      order by m.account_id, m.opened_at desc, m.id desc) m`;
  const ledgers = new Map<AccountId, Ledger>();
  for (const { account_id: id, kind, value } of rows) ledgers.set(id, { ...ledgers.get(id), [kind]: value });
  return ledgers;
}

type Fragment = ReturnType<Connection>;

/** Paid on the account of agreement `m` within two instants, both included, reversals taken off. */
function paidBetween(connection: Connection, from: Fragment, until: Fragment): Fragment {
  return connection`coalesce((select sum(case when y.reversed then -y.amount_minor else y.amount_minor end) from payment y
    where y.account_id = m.account_id and y.at >= ${from} and y.at <= ${until}), 0)`;
}
