import type { EnrollmentStatus } from "#engine/model/execution";
import type { ExitReason } from "#engine/model/exit-reason";
import type { AccountId, EnrollmentId, StrategyVersionId } from "#engine/model/ids";
import type { Account, Bucket, ContactPoint } from "#engine/model/party";
import type { LocalDate } from "#engine/model/time";
import type { Connection } from "../client";
import { type AccountRow, accountColumns, accountOf } from "./account-row";

/** An account as a list shows it. */
export type AccountSummary = {
  readonly account: Account;
  readonly synthetic: boolean;
  /** Paid since the data date, reversals taken off, minor units. */
  readonly paidMinor: number;
  /** Where it stands in strategies, the latest first. */
  readonly enrollments: readonly AccountEnrollment[];
};

export type AccountEnrollment = {
  readonly enrollmentId: EnrollmentId;
  readonly versionId: StrategyVersionId;
  readonly strategyKey: string;
  readonly versionNumber: number;
  readonly nodeId: string;
  readonly status: EnrollmentStatus;
  readonly exitReason: ExitReason | null;
};

export type AccountDetail = AccountSummary & { readonly contactPoints: readonly ContactPoint[] };

export type AccountFilter = {
  /** `cured` = was overdue in the file and has paid it since. */
  readonly bucket?: Bucket | "cured";
  /** Part of an account or customer number. */
  readonly text?: string;
  readonly synthetic?: boolean;
  readonly status?: Account["status"];
  /** An imported field and its value, say product. */
  readonly field?: { readonly key: string; readonly value: string };
  readonly strategyKey?: string;
  readonly versionId?: StrategyVersionId;
  readonly nodeId?: string;
  /** Accounts that do not move on by themselves: frozen by a hold, or halted by a fault. */
  readonly standing?: "held" | "faulted";
};

export type AccountPageQuery = {
  /** Date of the lender's calendar that days past due are reckoned on. */
  readonly today: LocalDate;
  readonly filter: AccountFilter;
  readonly offset: number;
  /** At most ACCOUNTS_PAGE_MAX. */
  readonly limit: number;
};

export type AccountPage = { readonly accounts: readonly AccountSummary[]; readonly total: number };

export const ACCOUNTS_PAGE_MAX = 200;

/** Days past due of the first and last day of each stage; null = open end. */
const BUCKET_DAYS: { readonly [bucket in Bucket]: readonly [from: number | null, to: number | null] } = {
  M0: [null, 0],
  M1: [1, 30],
  M2: [31, 60],
  M3: [61, 90],
  M4: [91, 120],
  M5: [121, 150],
  M6: [151, 180],
  "M6+": [181, null],
};

type Row = AccountRow & {
  synthetic: boolean;
  paid_minor: number;
  enrollments: readonly AccountEnrollment[];
};

/** Payments before the file's date are in its balances already. */
const paidSince = (connection: Connection) => connection`
  coalesce((select sum(case when p.reversed then -p.amount_minor else p.amount_minor end) from payment p
    where p.account_id = a.id and p.at >= a.data_date::timestamp at time zone coalesce(a.time_zone, 'UTC')), 0)`;

const columns = (connection: Connection) => connection`
  ${accountColumns(connection)}, a.synthetic,
  ${paidSince(connection)}::int8 as paid_minor,
  coalesce((select jsonb_agg(jsonb_build_object('enrollmentId', e.id, 'versionId', e.version_id, 'strategyKey', s.key,
      'versionNumber', v.number, 'nodeId', e.node_id, 'status', e.status, 'exitReason', e.exit_reason) order by e.started_at desc)
    from enrollment e join strategy_version v on v.id = e.version_id join strategy s on s.id = v.strategy_id
    where e.account_id = a.id), '[]'::jsonb) as enrollments`;

function summaryOf(row: Row): AccountSummary {
  return {
    account: accountOf(row),
    synthetic: row.synthetic,
    paidMinor: row.paid_minor,
    enrollments: row.enrollments,
  };
}

function bucketCondition(connection: Connection, today: LocalDate, bucket: AccountFilter["bucket"]) {
  if (bucket === undefined) return connection``;
  const cured = connection`(a.overdue_minor > 0 and ${paidSince(connection)} >= a.overdue_minor)`;
  if (bucket === "cured") return connection`and ${cured}`;
  const [from, to] = BUCKET_DAYS[bucket];
  const dpd = connection`(case when a.overdue_since is null then 0 else greatest(0, ${today}::date - a.overdue_since + 1) end)`;
  return connection`and not ${cured}
    ${from === null ? connection`` : connection`and ${dpd} >= ${from}`}
    ${to === null ? connection`` : connection`and ${dpd} <= ${to}`}`;
}

function standingCondition(connection: Connection, { strategyKey, versionId, nodeId, standing }: AccountFilter) {
  if ([strategyKey, versionId, nodeId, standing].every((asked) => asked === undefined)) return connection``;
  return connection`and exists (
    select 1 from enrollment e join strategy_version v on v.id = e.version_id join strategy s on s.id = v.strategy_id
    where e.account_id = a.id
      ${strategyKey === undefined ? connection`` : connection`and s.key = ${strategyKey}`}
      ${versionId === undefined ? connection`` : connection`and e.version_id = ${versionId}`}
      ${standing === undefined ? connection`` : connection`and e.status = ${standing}`}
      ${nodeId === undefined ? connection`` : connection`and split_part(e.node_id, '/', 1) = ${nodeId} and e.status <> 'exited'`})`;
}

/** `%`, `_` and `\` in what people type stand for themselves. */
const containing = (text: string) => `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;

function conditions(connection: Connection, { today, filter }: AccountPageQuery) {
  const { text, synthetic, status, field } = filter;
  return connection`true
    ${text === undefined || text === "" ? connection`` : connection`and (a.account_no ilike ${containing(text)} or a.customer_no ilike ${containing(text)})`}
    ${synthetic === undefined ? connection`` : connection`and a.synthetic = ${synthetic}`}
    ${status === undefined ? connection`` : connection`and a.status = ${status}`}
    ${field === undefined ? connection`` : connection`and a.fields ->> ${field.key} = ${field.value}`}
    ${bucketCondition(connection, today, filter.bucket)}
    ${standingCondition(connection, filter)}`;
}

/** A page of accounts by account number, and how many there are in all. */
export async function listAccounts(connection: Connection, query: AccountPageQuery): Promise<AccountPage> {
  const limit = Math.min(query.limit, ACCOUNTS_PAGE_MAX);
  const [counted] = await connection<{ total: number }[]>`
    select count(*) as total from account a where ${conditions(connection, query)}`;
  const rows = await connection<Row[]>`
    select ${columns(connection)} from account a where ${conditions(connection, query)}
    order by a.account_no, a.id limit ${limit} offset ${query.offset}`;
  return { accounts: rows.map(summaryOf), total: counted?.total ?? 0 };
}

/** One account with its contact points, or null. */
export async function accountById(connection: Connection, id: AccountId): Promise<AccountDetail | null> {
  const [row] = await connection<Row[]>`select ${columns(connection)} from account a where a.id = ${id}`;
  if (row === undefined) return null;
  const contactPoints = await connection<ContactPoint[]>`
    select id, party_id as "partyId", kind, rank, address, simulated, status, consent
    from contact_point where party_id = ${row.party_id} order by kind desc, rank, id`;
  return { ...summaryOf(row), contactPoints };
}

/** The whole portfolio in pages by id: what simulations run on. `after` null = from the beginning. */
export type PortfolioPageQuery = {
  readonly after: AccountId | null;
  readonly limit: number;
  readonly synthetic?: boolean;
};

export async function portfolioPage(
  connection: Connection,
  query: PortfolioPageQuery,
): Promise<readonly AccountDetail[]> {
  const rows = await connection<(Row & { points: readonly ContactPoint[] })[]>`
    select ${columns(connection)},
      coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'partyId', c.party_id, 'kind', c.kind, 'rank', c.rank,
        'address', c.address, 'simulated', c.simulated, 'status', c.status, 'consent', c.consent) order by c.id)
        from contact_point c where c.party_id = a.party_id), '[]'::jsonb) as points
    from account a
    where a.id > ${query.after ?? ""} ${query.synthetic === undefined ? connection`` : connection`and a.synthetic = ${query.synthetic}`}
    order by a.id limit ${query.limit}`;
  return rows.map((row) => ({ ...summaryOf(row), contactPoints: row.points }));
}

export async function countAccounts(connection: Connection): Promise<number> {
  const [row] = await connection<{ total: number }[]>`select count(*) as total from account`;
  return row?.total ?? 0;
}
