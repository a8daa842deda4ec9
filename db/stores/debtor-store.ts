import type { AccountId, StrategyVersionId } from "#engine/model/ids";
import type { DebtorStore, SimulatedDebtor } from "#engine/ports/debtor-store";
import type { NewInboxEntry } from "#engine/ports/inbox";
import type { Connection, Database } from "../client";
import { inboxRows } from "./inbox-store";
import { rowsParameter } from "./rows-parameter";
import { isSimulated, loadSnapshots } from "./snapshots";

/** When everybody has been asked, newcomers are looked for only this often: it takes a look at every enrollment. */
const QUIET_MS = 3000;

/** The demo's simulated people in Postgres. That one was asked stands in the inbox as an event that is over. */
export function debtorStore(database: Database): DebtorStore {
  let quietUntilMs = 0;
  return {
    async unasked(limit) {
      if (performance.now() < quietUntilMs) return [];
      const found = await unasked(database.sql, limit);
      quietUntilMs = found.length === 0 ? performance.now() + QUIET_MS : 0;
      return found;
    },
    answered: (debtors, payments) => answered(database.sql, debtors, payments),
  };
}

async function unasked(connection: Connection, limit: number): Promise<readonly SimulatedDebtor[]> {
  const rows = await connection<{ account_id: AccountId; version_id: StrategyVersionId; started_ms: number }[]>`
    select distinct on (e.account_id) e.account_id, e.version_id,
      (extract(epoch from e.started_at) * 1000)::float8 as started_ms
    from enrollment e join account a on a.id = e.account_id
    where e.status in ('active', 'paused', 'held')
      and ${isSimulated(connection)}
      and not exists (select 1 from inbox i where i.dedupe_key = 'debtor:' || e.account_id)
    order by e.account_id, e.started_at limit ${limit}`;
  const ids = rows.map((row) => row.account_id);
  const snapshots = await loadSnapshots(connection, ids, { nowMs: 0 });
  return rows.flatMap((row) => {
    const account = snapshots.get(row.account_id)?.account;
    return account === undefined ? [] : [{ account, versionId: row.version_id, startedAtMs: row.started_ms }];
  });
}

async function answered(
  connection: Connection,
  debtors: readonly SimulatedDebtor[],
  payments: readonly NewInboxEntry[],
): Promise<void> {
  const asked = debtors.map(({ account, startedAtMs }) => ({
    dedupe_key: `debtor:${account.id}`,
    party_id: account.partyId,
    account_id: account.id,
    at_ms: startedAtMs,
  }));
  await connection`
    with asked as (
      insert into inbox (dedupe_key, party_id, account_id, type, at, data, status)
      select d.dedupe_key, d.party_id, d.account_id, 'debtor.asked', to_timestamp(d.at_ms / 1000.0), '{}'::jsonb, 'done'
      from json_to_recordset(${rowsParameter(asked)}::text::json) as d(dedupe_key text, party_id text, account_id text,
        at_ms numeric)
      on conflict (dedupe_key) do nothing
    )
    insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, step_seq, attempt, data)
    select n.dedupe_key, n.party_id, n.enrollment_id, n.account_id, n.type, to_timestamp(n.at_ms / 1000.0), n.step_seq,
      n.attempt, n.data
    from ${inboxRows(connection, payments)}
    on conflict (dedupe_key) do nothing`;
}
