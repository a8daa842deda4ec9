import type { AccountId, PartyId } from "#engine/model/ids";
import type { ContactPoint } from "#engine/model/party";
import type { PlanStanding } from "#engine/model/payment-plan";
import type { PromiseStanding } from "#engine/model/promise";
import { DAY_MS, type EpochMs } from "#engine/model/time";
import type { AccountSnapshot, TurnSnapshot } from "#engine/ports/account-snapshot";
import type { Connection } from "../client";
import { type AccountRow, accountColumns, accountOf } from "../queries/account-row";
import { loadPeriods } from "./asked-periods";

const WEEK_MS = 7 * DAY_MS;

type SnapshotRow = AccountRow & {
  paid_minor: number;
  promise: PromiseStanding | null;
  plan: PlanStanding | null;
  other_accounts: number;
};
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
  if (accountIds.length === 0) return new Map();
  const known = await loadTurnSnapshots(connection, accountIds, view);
  const reached = new Map((await reachRows(connection, accountIds)).map((row) => [row.id, row]));
  return new Map(
    [...known].map(([id, snapshot]) => {
      const { points = [], simulated = false } = reached.get(id) ?? {};
      const { partyId } = snapshot.account;
      return [id, { ...snapshot, contactPoints: points.map((point) => ({ ...point, partyId })), simulated }] as const;
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
  const accounts = await accountRows(connection, accountIds, nowMs);
  const partyIds = [...new Set(accounts.map((row) => row.party_id))];
  const parties = new Map((await partyRows(connection, partyIds, nowMs)).map((row) => [row.party_id, row]));
  const periodsOf = await loadPeriods(connection, partyIds, { days, nowMs });
  return new Map(
    accounts.map((row) => [row.id, snapshotOf(row, parties.get(row.party_id), periodsOf(row.party_id))] as const),
  );
}

/** Payments count from the day after nothing was known: those before the file's date are already in its balances. */
async function accountRows(connection: Connection, accountIds: readonly AccountId[], nowMs: EpochMs) {
  return connection<SnapshotRow[]>`
    select ${accountColumns(connection)},
      coalesce((select sum(case when p.reversed then -p.amount_minor else p.amount_minor end) from payment p
        where p.account_id = a.id and p.at <= to_timestamp(${nowMs} / 1000.0)
          and p.at >= a.data_date::timestamp at time zone coalesce(a.time_zone, 'UTC')), 0)::float8 as paid_minor,
      (select count(*) from account o where o.party_id = a.party_id and o.id <> a.id and o.status = 'open')::int as other_accounts,
      (select jsonb_build_object('amountMinor', m.amount_minor, 'dueDate', m.due_date, 'result', m.result, 'paidMinor',
          ${paidBetween(connection, connection`m.opened_at`, connection`coalesce(m.closed_at, to_timestamp(${nowMs} / 1000.0))`)})
        from promise m where m.account_id = a.id and m.opened_at <= to_timestamp(${nowMs} / 1000.0)
          and m.result is distinct from 'replaced' order by m.opened_at desc, m.id desc limit 1) as promise,
      (select jsonb_build_object('instalments', n.instalments, 'instalmentMinor', n.instalment_minor, 'firstDue', n.first_due,
          'paidMinor', ${paidBetween(connection, connection`n.opened_at`, connection`to_timestamp(${nowMs} / 1000.0)`)})
        from payment_plan n where n.account_id = a.id and n.opened_at <= to_timestamp(${nowMs} / 1000.0)
        order by n.opened_at desc, n.id desc limit 1) as plan
    from account a where a.id = any(${[...accountIds]}::text[])`;
}

type Fragment = ReturnType<Connection>;

/** Paid by the account within two instants, both included, reversals taken off. */
function paidBetween(connection: Connection, from: Fragment, until: Fragment): Fragment {
  return connection`coalesce((select sum(case when y.reversed then -y.amount_minor else y.amount_minor end) from payment y
    where y.account_id = a.id and y.at >= ${from} and y.at <= ${until}), 0)`;
}

/** Whether the person behind account `a` does not exist: made up, or reachable by simulated contact points alone. */
export function isSimulated(connection: Connection): Fragment {
  return connection`(
    (a.synthetic or exists (select 1 from contact_point p where p.party_id = a.party_id and p.simulated))
    and not exists (select 1 from contact_point p where p.party_id = a.party_id and not p.simulated))`;
}

type ReachRow = { id: AccountId; simulated: boolean; points: readonly Omit<ContactPoint, "partyId">[] };

/** How the person behind each account is reached. */
async function reachRows(connection: Connection, accountIds: readonly AccountId[]) {
  return connection<ReachRow[]>`
    select a.id, ${isSimulated(connection)} as simulated,
      coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'kind', t.kind, 'rank', t.rank, 'address', t.address,
        'simulated', t.simulated, 'status', t.status, 'consent', t.consent) order by t.rank, t.id) from contact_point t
        where t.party_id = a.party_id), '[]'::jsonb) as points
    from account a where a.id = any(${[...accountIds]}::text[])`;
}

/** Only parties with a past have a row: most have neither contacts of the week nor arms. Agencies' contacts are contacts. */
async function partyRows(connection: Connection, partyIds: readonly PartyId[], nowMs: EpochMs) {
  return connection<PartyRow[]>`
    select party_id, coalesce(c.contacts, 0)::int as contacts, coalesce(c.conversations, 0)::int as conversations,
      coalesce(s.arms, '{}'::jsonb) as arms
    from (
      select a.party_id, count(*) as contacts, count(*) filter (where a.conversed) as conversations from (
        select party_id, at, conversed from contact_attempt where party_id = any(${[...partyIds]}::text[])
        union all select party_id, at, conversed from outside_contact where party_id = any(${[...partyIds]}::text[])
      ) a where a.at <= to_timestamp(${nowMs} / 1000.0) and a.at > to_timestamp(${nowMs - WEEK_MS} / 1000.0)
      group by a.party_id
    ) c full join (
      select s.party_id, jsonb_object_agg(s.experiment_key || ':' || s.phase, s.arm) as arms from arm_assignment s
      where s.party_id = any(${[...partyIds]}::text[]) group by s.party_id
    ) s using (party_id)`;
}

function snapshotOf(row: SnapshotRow, party: PartyRow | undefined, periods: TurnSnapshot["periods"]): TurnSnapshot {
  return {
    account: accountOf(row),
    paidMinor: row.paid_minor,
    contacts7d: party?.contacts ?? 0,
    conversations7d: party?.conversations ?? 0,
    otherAccounts: row.other_accounts,
    arms: party?.arms ?? {},
    promise: row.promise,
    plan: row.plan,
    periods,
  };
}
