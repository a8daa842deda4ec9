import type { AccountId, PartyId } from "#engine/model/ids";
import type { Account, ContactPoint } from "#engine/model/party";
import { DAY_MS, type EpochMs } from "#engine/model/time";
import type { AccountSnapshot, TurnSnapshot } from "#engine/ports/account-snapshot";
import type { Connection } from "../client";
import { ACCOUNT_COLUMNS_COUNT, accountColumns, accountOf, accountRowOf } from "../queries/account-row";
import { loadPeriods } from "./asked-periods";
import { groupedByParty } from "./by-party";
import { type Ledger, loadLedgers } from "./ledgers";
import { textList } from "./row-columns";

const WEEK_MS = 7 * DAY_MS;

type SnapshotRow = { readonly account: Account; readonly otherAccounts: number };
type PartyRow = {
  party_id: PartyId;
  contacts: number;
  conversations: number;
  arms: { readonly [experimentAndPhase: string]: string };
};

export type SnapshotView = {
  readonly nowMs: EpochMs;
  /** Periods the party's past is counted over, in days; none by default. */
  readonly days?: readonly number[];
};

/** What is known of each account at one instant. An account that does not exist is missing from the answer. */
export async function loadSnapshots(
  connection: Connection,
  accountIds: readonly AccountId[],
  view: SnapshotView,
): Promise<ReadonlyMap<AccountId, AccountSnapshot>> {
  const known = await loadTurnSnapshots(connection, accountIds, view);
  if (known.size === 0) return new Map();
  const simulated = await simulatedAccounts(connection, [...known.keys()]);
  const parties = new Set([...known.values()].map(({ account }) => account.partyId));
  const points = await loadContactPoints(connection, [...parties]);
  return new Map(
    [...known].map(([id, snapshot]) => {
      const contactPoints = points.get(snapshot.account.partyId) ?? [];
      return [id, { ...snapshot, contactPoints, simulated: simulated.has(id) }] as const;
    }),
  );
}

/** The same without how the person is reached, which a turn does not ask: half the work. */
export async function loadTurnSnapshots(
  connection: Connection,
  accountIds: readonly AccountId[],
  { nowMs, days = [] }: SnapshotView,
): Promise<ReadonlyMap<AccountId, TurnSnapshot>> {
  if (accountIds.length === 0) return new Map();
  const accounts = await accountRows(connection, accountIds);
  const ledgers = await loadLedgers(connection, accountIds, nowMs);
  const partyIds = [...new Set(accounts.map(({ account }) => account.partyId))];
  const parties = new Map((await partyRows(connection, partyIds, nowMs)).map((row) => [row.party_id, row]));
  const periodsOf = await loadPeriods(connection, partyIds, { days, nowMs });
  return new Map(
    accounts.map((row) => {
      const { id, partyId } = row.account;
      const known = { ledger: ledgers.get(id), party: parties.get(partyId) };
      return [id, snapshotOf(row, known, periodsOf(partyId))] as const;
    }),
  );
}

async function accountRows(connection: Connection, accountIds: readonly AccountId[]): Promise<readonly SnapshotRow[]> {
  const rows = await connection`
    select ${accountColumns(connection)},
      (select count(*) from account o where o.party_id = a.party_id and o.id <> a.id and o.status = 'open')::int as other_accounts
    from account a where a.id = any(${textList(connection, accountIds)})`.values();
  return rows.map((values) => ({
    account: accountOf(accountRowOf(values)),
    otherAccounts: Number(values[ACCOUNT_COLUMNS_COUNT]),
  }));
}

/** Whether the person behind account `a` does not exist: made up, or reachable by simulated contact points alone. */
export function isSimulated(connection: Connection): ReturnType<Connection> {
  return connection`(
    (a.synthetic or exists (select 1 from contact_point p where p.party_id = a.party_id and p.simulated))
    and not exists (select 1 from contact_point p where p.party_id = a.party_id and not p.simulated))`;
}

async function simulatedAccounts(connection: Connection, accountIds: readonly AccountId[]) {
  const rows = await connection<{ id: AccountId }[]>`
    select a.id from account a where a.id = any(${textList(connection, accountIds)}) and ${isSimulated(connection)}`;
  return new Set(rows.map(({ id }) => id));
}

/** How each person is reached, first choice first. */
async function loadContactPoints(connection: Connection, partyIds: readonly PartyId[]) {
  const rows = await connection<ContactPoint[]>`
    select p.party_id as "partyId", p.id, p.kind, p.rank, p.address, p.simulated, p.status, p.consent from contact_point p
    where p.party_id = any(${textList(connection, partyIds)}) order by p.rank, p.id`;
  return groupedByParty(rows.map((point) => [point.partyId, point]));
}

/** Only parties with a past have a row: most have neither contacts of the week nor arms. Agencies' contacts are contacts. */
async function partyRows(connection: Connection, partyIds: readonly PartyId[], nowMs: EpochMs) {
  return connection<PartyRow[]>`
    select party_id, coalesce(c.contacts, 0)::int as contacts, coalesce(c.conversations, 0)::int as conversations,
      coalesce(s.arms, '{}'::jsonb) as arms
    from (
      select a.party_id, count(*) as contacts, count(*) filter (where a.conversed) as conversations from (
        select party_id, at, conversed from contact_attempt where party_id = any(${textList(connection, partyIds)})
        union all select party_id, at, conversed from outside_contact where party_id = any(${textList(connection, partyIds)})
      ) a where a.at <= to_timestamp(${nowMs} / 1000.0) and a.at > to_timestamp(${nowMs - WEEK_MS} / 1000.0)
      group by a.party_id
    ) c full join (
      select s.party_id, jsonb_object_agg(s.experiment_key || ':' || s.phase, s.arm) as arms from arm_assignment s
      where s.party_id = any(${textList(connection, partyIds)}) group by s.party_id
    ) s using (party_id)`;
}

type Known = { readonly ledger: Ledger | undefined; readonly party: PartyRow | undefined };

function snapshotOf(row: SnapshotRow, { ledger, party }: Known, periods: TurnSnapshot["periods"]): TurnSnapshot {
  return {
    account: row.account,
    paidMinor: ledger?.paid ?? 0,
    contacts7d: party?.contacts ?? 0,
    conversations7d: party?.conversations ?? 0,
    otherAccounts: row.otherAccounts,
    arms: party?.arms ?? {},
    promise: ledger?.promise ?? null,
    plan: ledger?.plan ?? null,
    periods,
  };
}
