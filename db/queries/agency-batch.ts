import { EXCHANGE_LIMITS } from "#engine/agency/limits";
import {
  type BatchFiles,
  manifestText,
  type PlacementLine,
  placementFiles,
  type RecallLine,
  recallFiles,
} from "#engine/agency/outgoing";
import type { FactValue } from "#engine/model/facts";
import type { AccountId, ActorId, EnrollmentId, PartyId } from "#engine/model/ids";
import type { PolicyReason } from "#engine/model/policy";
import type { EpochMs } from "#engine/model/time";
import type { AccountSnapshot } from "#engine/ports/account-snapshot";
import type { OutgoingBatch } from "#engine/ports/agency-outbox";
import type { PartyRecord } from "#engine/ports/outbox";
import { type Connection, type Database, inTransaction } from "../client";
import { readBlocked } from "../stores/blocked";
import { loadPartyRecords } from "../stores/outbox-rows";
import { rowsParameter } from "../stores/rows-parameter";
import { loadSnapshots } from "../stores/snapshots";
import { insertAudit } from "./audit";
import { readClock } from "./clock";

/** An account a strategy wants placed and that lies in the house. */
export type WaitingPlacement = {
  readonly intentKey: string;
  readonly partyId: PartyId;
  readonly accountId: AccountId;
  readonly enrollmentId: EnrollmentId;
  /** What the step says of it: agency, hand, commission share, end of the term. */
  readonly details: { readonly [name: string]: FactValue };
  /** Market and rule pack of its strategy. */
  readonly market: string;
  readonly rulePack: string;
  /** Not to be given out after this instant. */
  readonly notAfterMs: EpochMs;
  readonly snapshot: AccountSnapshot;
  /** What the rules look at: contacts, notices, holds, consents. */
  readonly party: PartyRecord;
};
/** What becomes of it. */
export type PlacementDecision = { readonly waiting: WaitingPlacement } & (
  | { readonly kind: "place"; readonly agency: string; readonly line: PlacementLine }
  /** No agency may take it: its step is told. */
  | { readonly kind: "refuse"; readonly reasons: readonly PolicyReason[] }
  /** It stays in the house for now. */
  | { readonly kind: "wait" }
);
/** Accounts an agency has or had in hand at this moment, by its code: who has few gets the next. */
export type OutNow = { readonly [agency: string]: number };
export type Allotment = { readonly placed: number; readonly refused: number; readonly waiting: number };

export type AllotOrder = {
  readonly actorId: ActorId;
  /** A part of a name nobody has used before. */
  readonly newId: () => string;
};

/** Names the advisory lock of everything that goes out to agencies: one allots at a time. */
const OUTGOING_LOCK = 7_263_011;
/** Requests looked at in one commit: no more than one batch holds. */
const PAGE = EXCHANGE_LIMITS.batchLines;

/**
 * Gives waiting accounts their agency and their line of a batch, in one commit a page: batch, lines, refusals. Real accounts only,
 * none whose person is held, and nothing of what is paused or stopped. The files are rows now; `writeBatches` lays them down.
 */
export async function allotPlacements(
  database: Database,
  order: AllotOrder,
  decide: (
    waiting: readonly WaitingPlacement[],
    now: { readonly nowMs: EpochMs; readonly out: OutNow },
  ) => readonly PlacementDecision[],
): Promise<Allotment> {
  const sum = { placed: 0, refused: 0, waiting: 0 };
  for (let after: string | null = ""; after !== null; ) {
    const from: string = after;
    after = await inTransaction(database, async (connection) => {
      await connection`select pg_advisory_xact_lock(${OUTGOING_LOCK})`;
      const { nowMs } = await readClock(connection);
      const { waiting, last } = await waitingPage(connection, { after: from, nowMs });
      const decisions = decide(waiting, { nowMs, out: await outNow(connection) });
      const outgoing: Outgoing = { connection, nowMs, ...order };
      const placed = decisions.filter((one) => one.kind === "place");
      for (const [agency, ofAgency] of byAgency(placed)) await insertPlacements(outgoing, agency, ofAgency);
      const refused = decisions.filter((one) => one.kind === "refuse");
      await refuse(outgoing, refused);
      sum.placed += placed.length;
      sum.refused += refused.length;
      sum.waiting += decisions.length - placed.length - refused.length;
      return last;
    });
  }
  return sum;
}

type Outgoing = AllotOrder & { readonly connection: Connection; readonly nowMs: EpochMs };
type RequestRow = Omit<WaitingPlacement, "snapshot" | "party">;

async function waitingPage(
  connection: Connection,
  { after, nowMs }: { readonly after: string; readonly nowMs: EpochMs },
) {
  const now = connection`to_timestamp(${nowMs} / 1000.0)`;
  const { timeless } = await readBlocked(connection, {});
  const rows = await connection<RequestRow[]>`
    select i.key as "intentKey", i.party_id as "partyId", i.account_id as "accountId", i.enrollment_id as "enrollmentId",
      i.details -> 'details' as details, v.program #>> '{settings,market}' as market,
      v.program #>> '{settings,rulePack}' as "rulePack", (extract(epoch from i.not_after) * 1000)::float8 as "notAfterMs"
    from intent i join enrollment e on e.party_id = i.party_id and e.id = i.enrollment_id
    join strategy_version v on v.id = e.version_id
    -- in the words of its index: what lies open in the house
    where i.kind = 'task' and i.state = 'sent' and i.provider = 'house' and i.details ->> 'task' = 'placement' and i.key > ${after}
      and i.not_after > ${now} and e.status = 'active' and e.step_seq = i.step_seq
      and e.version_id <> all(${[...timeless]}::text[])
      and not exists (select 1 from agency_placement p where p.intent_key = i.key)
      and not exists (select 1 from inbox n where n.dedupe_key = 'denied:' || i.key)
      and not exists (select 1 from hold h where h.party_id = i.party_id and h.from_at <= ${now}
        and (h.until_at is null or h.until_at > ${now}))
    order by i.key limit ${PAGE}
    for no key update of i skip locked`;
  const snapshots = await loadSnapshots(
    connection,
    rows.map(({ accountId }) => accountId),
    { nowMs },
  );
  const parties = await loadPartyRecords(
    connection,
    rows.map(({ partyId }) => partyId),
    nowMs,
  );
  const waiting = rows.flatMap((row) => {
    const [snapshot, party] = [snapshots.get(row.accountId), parties.get(row.partyId)];
    // Nobody who does not exist is given to an agency.
    return snapshot === undefined || party === undefined || snapshot.simulated ? [] : [{ ...row, snapshot, party }];
  });
  return { waiting, last: rows.length < PAGE ? null : (rows.at(-1)?.intentKey ?? null) };
}

async function outNow(connection: Connection): Promise<OutNow> {
  const rows = await connection<{ agency: string; count: number }[]>`
    select agency, count(*)::int as count from agency_placement where ended_at is null group by agency`;
  return Object.fromEntries(rows.map(({ agency, count }) => [agency, count]));
}

type Placed = Extract<PlacementDecision, { readonly kind: "place" }>;

function byAgency(placed: readonly Placed[]): ReadonlyMap<string, readonly Placed[]> {
  const sorted = new Map<string, Placed[]>();
  for (const one of placed) {
    const own = sorted.get(one.agency);
    if (own === undefined) sorted.set(one.agency, [one]);
    else own.push(one);
  }
  return sorted;
}

async function insertPlacements(outgoing: Outgoing, agency: string, placed: readonly Placed[]): Promise<void> {
  const { connection, nowMs } = outgoing;
  const batch = `plc-${agency}-${outgoing.newId()}`;
  const files = placementFiles(
    { batch, agency, createdAtMs: nowMs },
    placed.map(({ line }) => line),
  );
  await insertBatch(outgoing, files);
  const rows = placed.map(({ waiting: { partyId, accountId, enrollmentId, intentKey } }, index) => ({
    ...{ partyId, accountId, enrollmentId, intentKey, line: index + 1 },
  }));
  await connection`
    with placed as (
      insert into agency_placement (party_id, batch_id, line, agency, account_id, enrollment_id, intent_key, placed_at)
      select n."partyId", ${batch}, n.line, ${agency}, n."accountId", n."enrollmentId", n."intentKey",
        to_timestamp(${nowMs} / 1000.0)
      from json_to_recordset(${rowsParameter(rows)}::text::json) as n("partyId" text, line int, "accountId" text,
        "enrollmentId" text, "intentKey" text)
      returning intent_key, line
    )
    update intent i set provider = ${`agency:${agency}`}, provider_ref = ${`${batch}:`}::text || p.line,
      updated_at = clock_timestamp()
    from placed p where i.key = p.intent_key`;
}

async function insertBatch({ connection, nowMs, actorId }: Outgoing, { manifest, csv }: BatchFiles): Promise<void> {
  const { batch, agency, kind, rows, sha256 } = manifest;
  await connection`
    insert into agency_batch (id, agency, kind, manifest, content, created_at)
    values (${batch}, ${agency}, ${kind}, ${JSON.stringify(manifest)}::text::jsonb, ${csv}, to_timestamp(${nowMs} / 1000.0))`;
  const detail = { agency, kind, rows, sha256 };
  await insertAudit(connection, { actorId, action: "agency.exported", subject: batch, detail });
}

type Refused = Extract<PlacementDecision, { readonly kind: "refuse" }>;

/** What the rules refuse when it is given out is refused as the gate refuses: the step takes its way for what is blocked. */
async function refuse({ connection, nowMs }: Outgoing, refused: readonly Refused[]): Promise<void> {
  if (refused.length === 0) return;
  const rows = refused.map(({ waiting, reasons }) => ({ key: waiting.intentKey, reasons }));
  await connection`
    with told as (
      update intent i set reasons = n.reasons, updated_at = clock_timestamp()
      from json_to_recordset(${rowsParameter(rows)}::text::json) as n(key text, reasons jsonb)
      where i.key = n.key returning i.*
    )
    insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, step_seq, attempt, data)
    select 'denied:' || t.key, t.party_id, t.enrollment_id, t.account_id, 'contact.denied',
      to_timestamp(${nowMs} / 1000.0), t.step_seq, t.attempt,
      jsonb_build_object('reasons', jsonb_path_query_array(t.reasons, '$[*].rule'))
    from told t on conflict (dedupe_key) do nothing`;
}

type RecallRow = RecallLine & { readonly partyId: PartyId; readonly agency: string };

/**
 * Lets agencies know what they must let go of: accounts of people who are held, and those whose strategy has left the step that
 * placed them. Each once. Returns how many.
 */
export async function allotRecalls(database: Database, order: AllotOrder): Promise<number> {
  let recalled = 0;
  for (let more = true; more; ) {
    const some = await inTransaction(database, async (connection) => {
      await connection`select pg_advisory_xact_lock(${OUTGOING_LOCK})`;
      const { nowMs } = await readClock(connection);
      const rows = await recallable(connection, nowMs);
      const outgoing: Outgoing = { connection, nowMs, ...order };
      for (const agency of new Set(rows.map((row) => row.agency))) {
        await insertRecalls(
          outgoing,
          agency,
          rows.filter((row) => row.agency === agency),
        );
      }
      return rows.length;
    });
    recalled += some;
    more = some === PAGE;
  }
  return recalled;
}

async function recallable(connection: Connection, nowMs: EpochMs): Promise<readonly RecallRow[]> {
  const now = connection`to_timestamp(${nowMs} / 1000.0)`;
  return connection<RecallRow[]>`
    select p.party_id as "partyId", p.agency, p.batch_id as "placementBatch", p.line as "placementLine",
      a.account_no as "accountNo", case when w.held then 'hold' else 'withdrawn' end as reason
    from agency_placement p join account a on a.id = p.account_id
    left join intent i on i.key = p.intent_key
    left join enrollment e on e.party_id = p.party_id and e.id = p.enrollment_id
    cross join lateral (select exists (select 1 from hold h where h.party_id = p.party_id and h.from_at <= ${now}
      and (h.until_at is null or h.until_at > ${now})) as held) w
    where p.ended_at is null and p.recall_batch_id is null
      and (w.held or i.state is distinct from 'sent' or e.step_seq is distinct from i.step_seq or e.status = 'exited')
    order by p.agency, p.batch_id, p.line limit ${PAGE}`;
}

async function insertRecalls(outgoing: Outgoing, agency: string, lines: readonly RecallRow[]): Promise<void> {
  const { connection, nowMs } = outgoing;
  const batch = `rcl-${agency}-${outgoing.newId()}`;
  await insertBatch(outgoing, recallFiles({ batch, agency, createdAtMs: nowMs }, lines));
  const rows = lines.map(({ partyId, placementBatch, placementLine, reason }, index) => ({
    ...{ partyId, placementBatch, placementLine, reason, line: index + 1 },
  }));
  await connection`
    update agency_placement p set recall_batch_id = ${batch}, recall_line = n.line, recall_reason = n.reason,
      recalled_at = to_timestamp(${nowMs} / 1000.0)
    from json_to_recordset(${rowsParameter(rows)}::text::json) as n("partyId" text, "placementBatch" text,
      "placementLine" int, reason text, line int)
    where p.party_id = n."partyId" and p.batch_id = n."placementBatch" and p.line = n."placementLine"`;
}

/** Batches that do not lie in the outbox yet, as far as anybody knows, the oldest first. */
export async function unwrittenBatches(connection: Connection, limit: number): Promise<readonly OutgoingBatch[]> {
  const rows = await connection<{ agency: string; batch: string; manifest: BatchFiles["manifest"]; csv: string }[]>`
    select agency, id as batch, manifest, content as csv from agency_batch
    where written_at is null and content is not null order by created_at, id limit ${limit}`;
  return rows.map(({ agency, batch, manifest, csv }) => ({
    ...{ agency, batch, csv, file: manifest.file, manifest: manifestText(manifest) },
  }));
}

/** It lies in the outbox: its text, which is about people, is forgotten here. */
export async function batchWritten(connection: Connection, batch: string): Promise<void> {
  await connection`update agency_batch set written_at = clock_timestamp(), content = null where id = ${batch}`;
}
