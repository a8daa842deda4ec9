import type { ActorId, ContactPointId, ImportBatchId, MappingId } from "#engine/model/ids";
import type { Issue, IssueParams } from "#engine/model/issue";
import { canonicalHash, type JsonValue } from "#engine/model/json";
import type { Account, ContactPoint } from "#engine/model/party";
import type { EpochMs } from "#engine/model/time";
import { type Connection, type Database, inTransaction } from "../client";
import { insertAudit } from "./audit";
import { latestConsents } from "./consent";

/** A file read to the end: what becomes accounts, what does not and why. */
export type NewImport = {
  readonly fileName: string;
  readonly fileSha256: string;
  readonly mappingName: string | null;
  readonly options: JsonValue;
  /** Data rows of the file. */
  readonly rows: number;
  readonly accounts: readonly Account[];
  readonly contactPoints: readonly ContactPoint[];
  /** Why rows were rejected; several issues may be about one row, and a reader may keep fewer than there are. */
  readonly rejected: readonly Issue[];
  /** Rows that did not become accounts. */
  readonly rejectedRows: number;
  /** Made from a seed, not from a lender's file. */
  readonly synthetic: boolean;
  readonly actorId: ActorId;
};

export type SavedImport = {
  readonly batchId: ImportBatchId;
  readonly inserted: number;
  readonly updated: number;
  /** Left as they were: the file is older than what is stored, or names another person for the account. */
  readonly skipped: number;
  /** Rows that did not become accounts. */
  readonly rejected: number;
};

/** Rows per statement; more gains nothing and makes one text parameter of many megabytes. */
const CHUNK = 2000;

/**
 * Writes an import whole or not at all. An account that is there already is brought up to the file's date, and strategies it is in
 * hear `facts.changed`; a contact point that is there already gets the file's status and consent.
 */
export async function saveImport(database: Database, given: NewImport): Promise<SavedImport> {
  const batchId: ImportBatchId = `batch_${crypto.randomUUID()}`;
  const { rejectedRows } = given;
  return inTransaction(database, async (connection) => {
    await connection`
      insert into import_batch (id, file_name, file_sha256, mapping_name, options, rows, accepted, rejected, created_at, actor_id)
      values (${batchId}, ${given.fileName}, ${given.fileSha256}, ${given.mappingName},
        ${JSON.stringify(given.options)}::text::jsonb, ${given.rows}, ${given.accounts.length}, ${rejectedRows},
        clock_timestamp(), ${given.actorId})`;
    let inserted = 0;
    let updated = 0;
    for (const accounts of chunks(given.accounts)) {
      await upsertParties(connection, accounts);
      const written = await upsertAccounts(connection, accounts, { batchId, synthetic: given.synthetic });
      inserted += written.inserted;
      updated += written.updated.length;
      await tellStrategies(connection, batchId, written.updated);
    }
    for (const points of chunks(given.contactPoints)) await upsertContactPoints(connection, points);
    for (const issues of chunks(given.rejected)) await insertRejections(connection, batchId, issues);
    const skipped = given.accounts.length - inserted - updated;
    const detail = {
      rows: given.rows,
      inserted,
      updated,
      skipped,
      rejected: rejectedRows,
      fileSha256: given.fileSha256,
    };
    await insertAudit(connection, { actorId: given.actorId, action: "portfolio.imported", subject: batchId, detail });
    return { batchId, inserted, updated, skipped, rejected: rejectedRows };
  });
}

function* chunks<TItem>(items: readonly TItem[]): Generator<readonly TItem[]> {
  for (let from = 0; from < items.length; from += CHUNK) yield items.slice(from, from + CHUNK);
}

async function upsertParties(connection: Connection, accounts: readonly Account[]): Promise<void> {
  const rows = accounts.map(({ partyId, customerNo, timeZone }) => ({
    id: partyId,
    customer_no: customerNo,
    time_zone: timeZone,
  }));
  await connection`
    insert into party (id, customer_no, time_zone)
    select distinct on (p.id) p.id, p.customer_no, p.time_zone
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as p(id text, customer_no text, time_zone text)
    order by p.id, p.time_zone nulls last
    on conflict (id) do update set time_zone = coalesce(excluded.time_zone, party.time_zone)`;
}

type Origin = { readonly batchId: ImportBatchId; readonly synthetic: boolean };

async function upsertAccounts(connection: Connection, accounts: readonly Account[], { batchId, synthetic }: Origin) {
  const rows = await connection<{ id: string; is_new: boolean }[]>`
    insert into account (id, party_id, account_no, customer_no, currency, overdue_since, overdue_minor, total_outstanding_minor,
      data_date, status, time_zone, fields, batch_id, synthetic)
    select a."id", a."partyId", a."accountNo", a."customerNo", a."currency", a."overdueSince", a."overdueMinor",
      a."totalOutstandingMinor", a."dataDate", a."status", a."timeZone", a."fields", ${batchId}, ${synthetic}
    from json_to_recordset(${JSON.stringify(accounts)}::text::json) as a("id" text, "partyId" text, "accountNo" text,
      "customerNo" text, "currency" text, "overdueSince" date, "overdueMinor" bigint, "totalOutstandingMinor" bigint,
      "dataDate" date, "status" text, "timeZone" text, "fields" jsonb)
    on conflict (id) do update set currency = excluded.currency, overdue_since = excluded.overdue_since,
      overdue_minor = excluded.overdue_minor, total_outstanding_minor = excluded.total_outstanding_minor,
      data_date = excluded.data_date, status = excluded.status, time_zone = excluded.time_zone, fields = excluded.fields,
      batch_id = excluded.batch_id, synthetic = excluded.synthetic
    where account.data_date <= excluded.data_date and account.party_id = excluded.party_id
    returning id, (xmax = 0) as is_new`;
  return {
    inserted: rows.filter((row) => row.is_new).length,
    updated: rows.filter((row) => !row.is_new).map((row) => row.id),
  };
}

/** What a strategy knows of these accounts is no longer true. */
async function tellStrategies(
  connection: Connection,
  batchId: ImportBatchId,
  accountIds: readonly string[],
): Promise<void> {
  if (accountIds.length === 0) return;
  await connection`
    insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, data)
    select 'facts:' || ${batchId}::text || ':' || e.id, e.party_id, e.id, e.account_id, 'facts.changed',
      c.anchor_virtual + (clock_timestamp() - c.anchor_real) * c.ratio, '{}'::jsonb
    from enrollment e cross join engine_clock c
    where e.account_id = any(${[...accountIds]}::text[]) and e.status in ('active', 'paused', 'held')
    on conflict (dedupe_key) do nothing`;
}

/** Named by what it is, so that the same number of the same person is the same contact point whichever file it came in. */
function contactPointId({ partyId, kind, address }: ContactPoint): ContactPointId {
  return `cp_${canonicalHash([partyId, kind, address]).slice(0, 24)}`;
}

async function upsertContactPoints(connection: Connection, points: readonly ContactPoint[]): Promise<void> {
  const rows = points.map((point) => ({ ...point, id: contactPointId(point) }));
  await connection`
    insert into contact_point (id, party_id, kind, rank, address, simulated, status, consent)
    select distinct on (p."partyId", p."kind", p."address") p."id", p."partyId", p."kind", p."rank", p."address", p."simulated",
      p."status", p."consent"
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as p("id" text, "partyId" text, "kind" text, "rank" int,
      "address" text, "simulated" boolean, "status" text, "consent" jsonb)
    join party on party.id = p."partyId"
    order by p."partyId", p."kind", p."address", p."rank"
    on conflict (party_id, kind, address) do update set rank = excluded.rank, status = excluded.status,
      -- what a person has refused by their own word no file gives back; what they gave by it only a file that says no takes away
      consent = excluded.consent || coalesce((
        select jsonb_object_agg(l.channel, case when l.given then 'granted' else 'refused' end)
        from (${latestConsents(connection, connection`c.contact_point_id = contact_point.id`)}) l
        where not l.given or excluded.consent ->> l.channel is distinct from 'refused'), '{}'::jsonb)`;
}

async function insertRejections(
  connection: Connection,
  batchId: ImportBatchId,
  issues: readonly Issue[],
): Promise<void> {
  const rows = issues.map((found) => ({
    line: found.line ?? null,
    column_index: found.column ?? null,
    column_name: found.path,
    code: found.code,
    params: found.params,
  }));
  await connection`
    insert into import_rejection (batch_id, line, column_index, column_name, code, params)
    select ${batchId}, r.line, r.column_index, r.column_name, r.code, r.params
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as r(line int, column_index int, column_name text, code text,
      params jsonb)`;
}

export type ImportBatchRecord = {
  readonly id: ImportBatchId;
  readonly fileName: string;
  readonly mappingName: string | null;
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly createdAtMs: EpochMs;
  readonly actorId: ActorId;
};

/** Files people brought in, the latest first. The seeded portfolio is no file, so it is not among them. */
export async function listImports(connection: Connection, limit: number): Promise<readonly ImportBatchRecord[]> {
  return connection<ImportBatchRecord[]>`
    select id, file_name as "fileName", mapping_name as "mappingName", rows, accepted, rejected,
      (extract(epoch from created_at) * 1000)::float8 as "createdAtMs", actor_id as "actorId"
    from import_batch where not (options ? 'synthetic') order by created_at desc, id limit ${limit}`;
}

export type Rejection = {
  readonly line: number | null;
  readonly columnIndex: number | null;
  readonly columnName: string;
  readonly code: string;
  readonly params: IssueParams;
};

/** Rejected rows of an import in the order of the file. */
export async function rejectionsOf(
  connection: Connection,
  batchId: ImportBatchId,
  limit: number,
): Promise<readonly Rejection[]> {
  return connection<Rejection[]>`
    select line, column_index as "columnIndex", column_name as "columnName", code, params
    from import_rejection where batch_id = ${batchId} order by line nulls first, id limit ${limit}`;
}

export type MappingRecord = {
  readonly id: MappingId;
  readonly name: string;
  readonly mapping: JsonValue;
  readonly updatedAtMs: EpochMs;
};

/** Saved mappings by name. */
export async function listMappings(connection: Connection): Promise<readonly MappingRecord[]> {
  return connection<MappingRecord[]>`
    select id, name, mapping, (extract(epoch from updated_at) * 1000)::float8 as "updatedAtMs"
    from import_mapping order by name limit 1000`;
}

export type MappingChange = { readonly name: string; readonly mapping: JsonValue; readonly actorId: ActorId };

/** Saves a mapping under its name; one that is there is replaced. */
export async function saveMapping(database: Database, { name, mapping, actorId }: MappingChange): Promise<MappingId> {
  return inTransaction(database, async (connection) => {
    const [saved] = await connection<{ id: MappingId }[]>`
      insert into import_mapping (id, name, mapping, updated_at)
      values (${`map_${crypto.randomUUID()}`}, ${name}, ${JSON.stringify(mapping)}::text::jsonb, clock_timestamp())
      on conflict (name) do update set mapping = excluded.mapping, updated_at = excluded.updated_at returning id`;
    if (saved === undefined) throw new Error("a mapping was not saved");
    await insertAudit(connection, { actorId, action: "mapping.saved", subject: saved.id, detail: { name } });
    return saved.id;
  });
}
