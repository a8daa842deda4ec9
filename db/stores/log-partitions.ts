import type { EpochMs, LocalDate } from "#engine/model/time";
import type { Connection, Database } from "../client";
import { inTransaction } from "../client";

/** Names the advisory lock of this purpose. */
const PARTITION_LOCK = 7_263_003;
/** Months made ahead of the engine's time; a fast demo clock needs more than one. */
const MONTHS_AHEAD = 3;
/** Making a partition locks the log for a moment; if it is busy for longer, the next look tries again. */
const LOCK_TIMEOUT = "2s";

/**
 * Makes the monthly partitions of the decision log from the engine's present month on. Where decisions of a month lie in the
 * default partition already, that month stays there. Any number of workers may call it. Returns how many were made.
 */
export async function ensureLogPartitions(database: Database, nowMs: EpochMs): Promise<number> {
  const months = Array.from({ length: MONTHS_AHEAD + 1 }, (_, ahead) => monthOf(nowMs, ahead));
  const missing = await missingOf(database.sql, months);
  if (missing.length === 0) return 0;
  return inTransaction(database, async (connection) => {
    await connection`select pg_advisory_xact_lock(${PARTITION_LOCK})`;
    await connection.unsafe(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    let made = 0;
    for (const { name, from, until } of await missingOf(connection, months)) {
      const [taken] = await connection`select 1 from decision_default where at >= ${from} and at < ${until} limit 1`;
      if (taken !== undefined) continue;
      await connection.unsafe(`create table ${name} partition of decision for values from ('${from}') to ('${until}')`);
      made += 1;
    }
    return made;
  });
}

/** Whether the records of a day may be deleted: the rules on retention (`askToDelete`, records of collection). */
type MayGo = (lastDay: LocalDate) => boolean;
type Old = { readonly beforeMs: EpochMs; readonly mayGo: MayGo };

/** Months of the log that ended before an instant, by the names of their partitions, oldest first. */
export type OldMonths = { readonly going: readonly string[]; readonly kept: readonly string[] };

/** Drops the months of the log that may go, whole. */
export async function dropLogBefore(database: Database, old: Old): Promise<OldMonths> {
  const months = await logMonthsBefore(database.sql, old);
  for (const name of months.going) await database.sql.unsafe(`drop table ${name}`);
  return months;
}

/** Which months may go: as far as the rules let their last day; what is younger than the first that must stay, stays as well. */
export async function logMonthsBefore(connection: Connection, { beforeMs, mayGo }: Old): Promise<OldMonths> {
  const limit = monthOf(beforeMs, 0).name;
  const rows = await connection<{ name: string }[]>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'decision'::regclass and c.relname ~ '^decision_[0-9]{4}_[0-9]{2}$' and c.relname < ${limit} order by 1`;
  const names = rows.map(({ name }) => name);
  const first = names.findIndex((name) => !mayGo(lastDayOf(name)));
  const count = first === -1 ? names.length : first;
  return { going: names.slice(0, count), kept: names.slice(count) };
}

/** Last day of a month by the name of its partition. */
function lastDayOf(name: string): LocalDate {
  const [year = 0, month = 0] = name.split("_").slice(1).map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

type Month = { readonly name: string; readonly from: string; readonly until: string };

function monthOf(nowMs: EpochMs, ahead: number): Month {
  const now = new Date(nowMs);
  const first = (months: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1)).toISOString();
  const from = first(ahead);
  return { name: `decision_${from.slice(0, 4)}_${from.slice(5, 7)}`, from, until: first(ahead + 1) };
}

/**
 * Asks the catalogue's rows: `to_regclass` answers from a cache that, inside a transaction that has waited for the lock, may not
 * have heard yet of what the other worker made.
 */
async function missingOf(connection: Connection, months: readonly Month[]): Promise<readonly Month[]> {
  const rows = await connection<{ name: string }[]>`
    select name from unnest(${months.map(({ name }) => name)}::text[]) as name
    where not exists (select 1 from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'decision'::regclass and c.relname = name)`;
  const missing = new Set(rows.map(({ name }) => name));
  return months.filter(({ name }) => missing.has(name));
}
