import {
  type GoodLine,
  type JudgedReturn,
  judgeReturn,
  placementsNamed,
  type ReturnContext,
} from "#engine/agency/judge-return";
import type { ReturnKind } from "#engine/agency/manifest";
import { type KnownPlacement, placementName } from "#engine/agency/placement";
import type { ReturnFile } from "#engine/agency/read-return";
import type { ReturnChange } from "#engine/agency/returns/define";
import type { ActorId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import { err, ok, type Result } from "#engine/model/result";
import type { EpochMs } from "#engine/model/time";
import { type Connection, type Database, inTransaction } from "../client";
import { putInbox } from "../stores/inbox-store";
import { rowsParameter } from "../stores/rows-parameter";
import { insertAudit } from "./audit";
import { readClock } from "./clock";
import { recordConsents, recordOutsideContacts } from "./outside-contact";

/** What a return is judged by beside what is in the database. */
export type ReturnSetting = Pick<ReturnContext, "market" | "rules">;
/** `whole`: a line that cannot be applied keeps all others back. */
export type ReturnMode = "whole" | "partial";
export type ReturnOrder = ReturnSetting & {
  readonly file: ReturnFile;
  readonly mode: ReturnMode;
  readonly actorId: ActorId;
};
export type AppliedReturn = {
  readonly id: string;
  readonly applied: number;
  readonly repeated: number;
  readonly rejected: number;
  readonly issues: readonly Issue[];
  /** The same file had been applied before; nothing was done now. */
  readonly already: boolean;
};

/** Names the advisory locks of this purpose. */
const RETURN_LOCK_SEED = 11;
/** Rows per statement; more gains nothing and makes one text parameter of many megabytes. */
const CHUNK = 2000;

function* chunks<TItem>(items: readonly TItem[]): Generator<readonly TItem[]> {
  for (let from = 0; from < items.length; from += CHUNK) yield items.slice(from, from + CHUNK);
}

/** What applying a return would do now; nothing is written. Issues as those of `applyReturn` that refuse the whole file. */
export async function previewReturn(
  database: Database,
  file: ReturnFile,
  setting: ReturnSetting,
): Promise<Result<JudgedReturn & { readonly already: boolean }, readonly Issue[]>> {
  const before = await earlierReturn(database.sql, file);
  if (!before.ok) return before;
  const judged = judgeReturn(file, await contextOf(database.sql, file, setting));
  return ok({ ...judged, already: before.value !== null });
}

/**
 * Applies a return in one commit: contacts under the caps, holds their results bring, consents, money and endings through the
 * inbox, each line once for good. A process that dies in the middle leaves nothing; told again, the same file changes nothing.
 * Issues: `agency.unknown-agency`, `agency.return-differs`, and `agency.lines-rejected` followed by the reasons.
 */
export async function applyReturn(
  database: Database,
  { file, mode, actorId, ...setting }: ReturnOrder,
): Promise<Result<AppliedReturn, readonly Issue[]>> {
  const { manifest } = file;
  return inTransaction(database, async (connection) => {
    // One return of an agency at a time: two files with the same line are judged one after the other.
    await connection`select pg_advisory_xact_lock(hashtextextended(${manifest.agency}, ${RETURN_LOCK_SEED}))`;
    const before = await earlierReturn(connection, file);
    if (!before.ok) return before;
    if (before.value !== null) return ok({ ...before.value, issues: [], already: true });
    const context = await contextOf(connection, file, setting);
    const judged = judgeReturn(file, context);
    if (mode === "whole" && judged.rejected > 0) {
      return err([issue("agency.lines-rejected", {}, { count: judged.rejected }), ...judged.issues]);
    }
    const id = `return_${crypto.randomUUID()}`;
    const counts = { applied: judged.good.length, repeated: judged.repeated, rejected: judged.rejected };
    await connection`
      insert into agency_return (id, agency, kind, batch, sha256, lines, applied, repeated, rejected, applied_at, actor_id)
      values (${id}, ${manifest.agency}, ${manifest.kind}, ${manifest.batch}, ${manifest.sha256}, ${file.lines.length},
        ${counts.applied}, ${counts.repeated}, ${counts.rejected}, to_timestamp(${context.nowMs} / 1000.0), ${actorId})`;
    const applying: Applying = { connection, id, agency: manifest.agency, kind: manifest.kind, nowMs: context.nowMs };
    for (const good of chunks(judged.good)) await applyLines(applying, good);
    await recordIssues(applying, judged.issues);
    const detail = { ...counts, agency: manifest.agency, kind: manifest.kind, sha256: manifest.sha256 };
    await insertAudit(connection, { actorId, action: "agency.returned", subject: id, detail });
    return ok({ id, ...counts, issues: judged.issues, already: false });
  });
}

type Earlier = { readonly id: string; readonly applied: number; readonly repeated: number; readonly rejected: number };

/** The return of that name, when it was applied before; another file under its name is refused, and so is one of nobody. */
async function earlierReturn(
  connection: Connection,
  { manifest: { agency, batch, sha256 } }: ReturnFile,
): Promise<Result<Earlier | null, readonly Issue[]>> {
  const known = await connection`select 1 from agency where code = ${agency}`;
  if (known.length === 0) return err([issue("agency.unknown-agency", { path: "agency" }, { agency })]);
  const [found] = await connection<(Earlier & { sha256: string })[]>`
    select id, applied, repeated, rejected, sha256 from agency_return where agency = ${agency} and batch = ${batch}`;
  if (found === undefined) return ok(null);
  if (found.sha256 !== sha256) return err([issue("agency.return-differs", { path: "batch" }, { batch })]);
  const { id, applied, repeated, rejected } = found;
  return ok({ id, applied, repeated, rejected });
}

async function contextOf(connection: Connection, file: ReturnFile, setting: ReturnSetting): Promise<ReturnContext> {
  const { nowMs } = await readClock(connection);
  const placements = new Map<string, KnownPlacement>();
  for (const named of chunks(placementsNamed(file))) {
    for (const one of await loadPlacements(connection, named)) placements.set(placementName(one.batch, one.line), one);
  }
  const told = new Map<string, string>();
  const { agency, kind } = file.manifest;
  for (const some of chunks(file.lines)) {
    const refs = some.map(({ cells }) => cells.ref ?? "");
    const rows = await connection<{ ref: string; hash: string }[]>`
      select ref, hash from agency_return_line where agency = ${agency} and kind = ${kind} and ref = any(${refs}::text[])`;
    for (const { ref, hash } of rows) told.set(ref, hash);
  }
  return { ...setting, nowMs, placements, told };
}

async function loadPlacements(
  connection: Connection,
  named: readonly { readonly batch: string; readonly line: number }[],
): Promise<readonly KnownPlacement[]> {
  return connection<KnownPlacement[]>`
    select p.batch_id as batch, p.line, p.agency, p.party_id as "partyId", p.account_id as "accountId", a.currency,
      (extract(epoch from p.placed_at) * 1000)::float8 as "placedAtMs",
      (extract(epoch from p.recalled_at) * 1000)::float8 as "recalledAtMs",
      (extract(epoch from p.ended_at) * 1000)::float8 as "endedAtMs",
      coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'kind', c.kind, 'address', c.address) order by c.rank, c.id)
        from contact_point c where c.party_id = p.party_id), '[]'::jsonb) as "contactPoints"
    from json_to_recordset(${rowsParameter(named)}::text::json) as n(batch text, line int)
    join agency_placement p on p.batch_id = n.batch and p.line = n.line
    join account a on a.id = p.account_id`;
}

type Applying = {
  readonly connection: Connection;
  readonly id: string;
  readonly agency: string;
  readonly kind: ReturnKind;
  readonly nowMs: EpochMs;
};
type LineOf<TKind extends ReturnChange["kind"]> = Pick<GoodLine, "ref" | "line"> & {
  readonly change: Extract<ReturnChange, { readonly kind: TKind }>;
};

function linesOf<TKind extends ReturnChange["kind"]>(good: readonly GoodLine[], kind: TKind): readonly LineOf<TKind>[] {
  return good.filter((line): line is GoodLine & LineOf<TKind> => line.change.kind === kind);
}

async function applyLines(applying: Applying, good: readonly GoodLine[]): Promise<void> {
  const { connection, id, agency, kind } = applying;
  const rows = good.map(({ line, ref, hash }) => ({ line, ref, hash }));
  await connection`
    insert into agency_return_line (agency, kind, ref, hash, return_id, line)
    select ${agency}, ${kind}, n.ref, n.hash, ${id}, n.line
    from json_to_recordset(${rowsParameter(rows)}::text::json) as n(ref text, hash text, line int)`;
  await applyContacts(applying, linesOf(good, "contact"));
  await applyPayments(applying, linesOf(good, "payment"));
  await applyEndings(applying, linesOf(good, "ending"));
  await applyConsents(applying, linesOf(good, "consent"));
}

async function applyContacts(applying: Applying, lines: readonly LineOf<"contact">[]): Promise<void> {
  if (lines.length === 0) return;
  const { connection, agency, id, nowMs } = applying;
  const source = `agency:${agency}`;
  await recordOutsideContacts(
    connection,
    lines.map(({ ref, change: { kind: _, hold: __, ...contact } }) => ({ ...contact, id: `${agency}:${ref}`, source })),
  );
  const holds = lines.flatMap(({ ref, change: { partyId, hold } }) =>
    hold === null ? [] : [{ id: `hold_${source}:${ref}`, partyId, kind: hold }],
  );
  // From now on: nobody was held before anybody knew. One of a kind is enough while it is in force.
  await connection`
    insert into hold (id, party_id, kind, from_at, until_at, source)
    select distinct on (n."partyId", n.kind) n.id, n."partyId", n.kind, to_timestamp(${nowMs} / 1000.0), null, ${source}
    from json_to_recordset(${rowsParameter(holds)}::text::json) as n(id text, "partyId" text, kind text)
    where not exists (select 1 from hold h where h.party_id = n."partyId" and h.kind = n.kind and h.until_at is null)
    order by n."partyId", n.kind, n.id
    on conflict (id) do nothing`;
  const accountIds = lines.map(({ change }) => change.accountId);
  // Recall rules may hold now; strategies that watch nothing would only note that they were told.
  await connection`
    insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, data)
    select 'facts:' || ${id}::text || ':' || e.id, e.party_id, e.id, e.account_id, 'facts.changed',
      to_timestamp(${nowMs} / 1000.0), '{}'::jsonb
    from enrollment e join strategy_version v on v.id = e.version_id
    where e.account_id = any(${accountIds}::text[]) and e.status in ('active', 'paused', 'held')
      and v.program #> array['steps', e.node_id, 'spec', 'watch'] is not null
    on conflict (dedupe_key) do nothing`;
}

/** Money goes the way of all money: the engine books it and tells the strategies. */
async function applyPayments({ connection, agency }: Applying, lines: readonly LineOf<"payment">[]): Promise<void> {
  await putInbox(
    connection,
    lines.map(({ ref, change: { placement, atMs, amountMinor, reversed } }) => ({
      dedupeKey: `agency:${agency}:payment:${ref}`,
      partyId: placement.partyId,
      enrollmentId: null,
      accountId: placement.accountId,
      type: reversed ? "payment.reversed" : "payment.posted",
      atMs,
      stepSeq: null,
      attempt: null,
      data: { amountMinor, source: `agency:${agency}` },
    })),
  );
}

/** The step hears of it while it still waits; one that has gone on has made up its mind before. */
async function applyEndings({ connection }: Applying, lines: readonly LineOf<"ending">[]): Promise<void> {
  if (lines.length === 0) return;
  const rows = lines.map(({ change: { placement, ending, atMs } }) => ({
    batch: placement.batch,
    line: placement.line,
    ending,
    at_ms: atMs,
  }));
  await connection`
    with ended as (
      update agency_placement p set ended_at = to_timestamp(n.at_ms / 1000.0), ending = n.ending
      from json_to_recordset(${rowsParameter(rows)}::text::json) as n(batch text, line int, ending text, at_ms numeric)
      where p.batch_id = n.batch and p.line = n.line and p.ended_at is null returning p.*
    )
    insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, step_seq, attempt, data)
    select 'task:agency:' || p.batch_id || ':' || p.line, p.party_id, p.enrollment_id, p.account_id, 'task.completed',
      p.ended_at, i.step_seq, i.attempt, jsonb_build_object('task', 'placement', 'outcome', p.ending, 'values', '{}'::jsonb)
    from ended p join intent i on i.key = p.intent_key
    join enrollment e on e.party_id = p.party_id and e.id = p.enrollment_id
    where i.state = 'sent' and e.step_seq = i.step_seq and e.status in ('active', 'paused', 'held')
    on conflict (dedupe_key) do nothing`;
}

async function applyConsents({ connection, agency }: Applying, lines: readonly LineOf<"consent">[]): Promise<void> {
  const recordedBy = `agency:${agency}`;
  await recordConsents(
    connection,
    lines.map(({ ref, change: { partyId, consent } }) => ({
      ...consent,
      partyId,
      id: `${recordedBy}:${ref}`,
      recordedBy,
    })),
  );
}

async function recordIssues({ connection, id }: Applying, issues: readonly Issue[]): Promise<void> {
  const rows = issues.map(({ code, path, line = null, severity, params }, ordinal) => ({
    ...{ ordinal, line, column_name: path, severity, code, params },
  }));
  for (const some of chunks(rows)) {
    await connection`
      insert into agency_return_issue (return_id, ordinal, line, column_name, severity, code, params)
      select ${id}, n.ordinal, n.line, n.column_name, n.severity, n.code, n.params
      from json_to_recordset(${rowsParameter(some)}::text::json) as n(ordinal int, line int, column_name text, severity text,
        code text, params jsonb)`;
  }
}
