import type { AccountId, PartyId } from "#engine/model/ids";
import type { Account } from "#engine/model/party";
import type { LocalDate } from "#engine/model/time";
import type { Connection } from "../client";

/** An account as `accountColumns` reads it; rows never leave `db`. */
export type AccountRow = {
  readonly id: AccountId;
  readonly party_id: PartyId;
  readonly account_no: string;
  readonly customer_no: string;
  readonly currency: Account["currency"];
  readonly overdue_since: LocalDate | null;
  readonly overdue_minor: number;
  readonly total_outstanding_minor: number;
  readonly data_date: LocalDate;
  readonly status: Account["status"];
  readonly time_zone: string | null;
  readonly fields: Account["fields"];
};

/** The columns of an account named `a` in the statement. */
export const accountColumns = (connection: Connection) => connection`
  a.id, a.party_id, a.account_no, a.customer_no, a.currency, a.overdue_since::text as overdue_since,
  a.overdue_minor::float8 as overdue_minor, a.total_outstanding_minor::float8 as total_outstanding_minor,
  a.data_date::text as data_date, a.status, a.time_zone, a.fields`;

/** The same, read as a list of values in the columns' order; columns of the statement's own may follow (`ACCOUNT_COLUMNS_COUNT`). */
export function accountRowOf(values: readonly unknown[]): AccountRow {
  const row = values as AccountValues;
  return {
    id: row[0],
    party_id: row[1],
    account_no: row[2],
    customer_no: row[3],
    currency: row[4],
    overdue_since: row[5],
    overdue_minor: row[6],
    total_outstanding_minor: row[7],
    data_date: row[8],
    status: row[9],
    time_zone: row[10],
    fields: row[11],
  };
}

export const ACCOUNT_COLUMNS_COUNT = 12;

type AccountValues = readonly [
  AccountId,
  AccountRow["party_id"],
  string,
  string,
  AccountRow["currency"],
  AccountRow["overdue_since"],
  number,
  number,
  LocalDate,
  AccountRow["status"],
  string | null,
  AccountRow["fields"],
];

export function accountOf(row: AccountRow): Account {
  return {
    id: row.id,
    partyId: row.party_id,
    accountNo: row.account_no,
    customerNo: row.customer_no,
    currency: row.currency,
    overdueSince: row.overdue_since,
    overdueMinor: row.overdue_minor,
    totalOutstandingMinor: row.total_outstanding_minor,
    dataDate: row.data_date,
    status: row.status,
    timeZone: row.time_zone,
    fields: row.fields,
  };
}
