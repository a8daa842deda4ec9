import type { AccountId } from "#engine/model/ids";
import { PromiseTermsSchema } from "#engine/model/promise";
import type { Due } from "#engine/ports/inbox";
import type { Connection } from "../client";
import { deadLetters } from "./isolate";
import { textList } from "./row-columns";
import { rowsParameter } from "./rows-parameter";

type Row = { id: number; account_id: AccountId; at_ms: number; data: unknown };

/**
 * Opens promises that are due, of some accounts (null = of all): an open one of the account is replaced, and every enrollment of
 * the account is told. One that cannot be read is set aside. Writes in one statement, each promise once, whoever else is at it.
 * Returns how many were looked at.
 */
export async function bookPromises(
  connection: Connection,
  due: Due,
  accountIds: readonly AccountId[] | null,
): Promise<number> {
  const rows = await connection<Row[]>`
    select i.id, i.account_id, (extract(epoch from i.at) * 1000)::float8 as at_ms, i.data from inbox i
    where i.status = 'pending' and i.at <= to_timestamp(${due.nowMs} / 1000.0) and i.enrollment_id is null
      and i.type = 'promise.made'
      ${accountIds === null ? connection`` : connection`and i.account_id = any(${textList(connection, accountIds)})`}
    order by i.at, i.id limit ${due.limit}`;
  if (rows.length > 0) await book(connection, rows);
  return rows.length;
}

async function book(connection: Connection, rows: readonly Row[]): Promise<void> {
  const read = rows.map((row) => ({ ...row, terms: PromiseTermsSchema.safeParse(row.data) }));
  const parameter = read.map((row, index) => {
    const later = read.slice(index + 1).find((next) => next.account_id === row.account_id && next.terms.success);
    const { id, terms } = row;
    return {
      id,
      amount_minor: terms.success ? terms.data.amountMinor : null,
      due_date: terms.success ? terms.data.dueDate : null,
      replaced_ms: later?.at_ms ?? null,
    };
  });
  await connection`
    with given as (
      select n.* from json_to_recordset(${rowsParameter(parameter)}::text::json) as n(id bigint, amount_minor bigint,
        due_date date, replaced_ms numeric)
    ), taken as (
      update inbox i set status = case when g.amount_minor is null then 'dead' else 'done' end,
        error = case when g.amount_minor is null then 'inbox.unreadable:data' end
      from given g where i.id = g.id and i.status = 'pending'
      returning i.id, i.dedupe_key, i.party_id, i.account_id, i.at, i.data, g.amount_minor, g.due_date, g.replaced_ms
    ), broken as (${deadLetters(
      connection,
      connection`select t.party_id, 'inbox' as kind, t.id::text as subject, null as enrollment_id,
        'inbox.unreadable:data' as code, null::timestamptz as wake_at, t.at from taken t where t.amount_minor is null`,
    )}), replaced as (
      update promise p set result = 'replaced', closed_at = t.at
      from (select account_id, min(at) as at from taken where amount_minor is not null group by account_id) t
      where p.account_id = t.account_id and p.result is null
    ), opened as (
      insert into promise (id, party_id, account_id, amount_minor, currency, due_date, opened_at, closed_at, result, source)
      select 'prm_' || t.dedupe_key, t.party_id, t.account_id, t.amount_minor, a.currency, t.due_date, t.at,
        to_timestamp(t.replaced_ms / 1000.0), case when t.replaced_ms is not null then 'replaced' end, t.dedupe_key
      from taken t join account a on a.id = t.account_id where t.amount_minor is not null
      on conflict (id) do nothing
    )
    insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, data)
    select t.dedupe_key || ':' || e.id, t.party_id, e.id, t.account_id, 'promise.made', t.at, t.data
    from taken t join enrollment e on e.party_id = t.party_id and e.account_id = t.account_id
    where t.amount_minor is not null and e.status in ('active', 'paused', 'held')
    order by t.at, t.id
    on conflict (dedupe_key) do nothing`;
}
