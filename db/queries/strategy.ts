import type { PublishedSplit } from "#engine/experiment/phase-needed";
import type { ActorId, StrategyId, StrategyVersionId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import type { LocalText } from "#engine/model/locale";
import type { MarketPack } from "#engine/model/market-pack";
import type { Program } from "#engine/model/program";
import { err, ok, type Result } from "#engine/model/result";
import type { StrategyDoc } from "#engine/model/strategy";
import type { EpochMs } from "#engine/model/time";
import { type Connection, type Database, inTransaction } from "../client";
import { insertAudit } from "./audit";

export type VersionSummary = {
  readonly id: StrategyVersionId;
  readonly number: number;
  readonly hash: string;
  readonly contentHash: string;
  readonly publishedAtMs: EpochMs;
  readonly publishedBy: ActorId;
};

export type StrategySummary = {
  readonly id: StrategyId;
  readonly key: string;
  readonly name: LocalText;
  readonly draftRevision: number;
  readonly draftUpdatedAtMs: EpochMs;
  /** The version new enrollments go into; null = none runs. */
  readonly liveVersionId: StrategyVersionId | null;
  readonly paused: boolean;
  /** Published versions, the latest first. */
  readonly versions: readonly VersionSummary[];
};

export type StrategyRecord = StrategySummary & {
  /** As it was stored, perhaps by an older build: `parseStrategy` reads it. */
  readonly draft: unknown;
};

export type VersionRecord = VersionSummary & {
  readonly strategyId: StrategyId;
  readonly strategyKey: string;
  /** As it was published, perhaps by an older build: `parseStrategy` reads it. */
  readonly doc: unknown;
  /** The document as published, byte for byte. */
  readonly docText: string;
  readonly program: Program;
};

/** Most strategies a list holds. */
const STRATEGIES_MAX = 1000;

type SummaryRow = {
  id: StrategyId;
  key: string;
  name: LocalText;
  draft_revision: number;
  draft_updated_ms: number;
  live_version_id: StrategyVersionId | null;
  paused: boolean;
  versions: readonly VersionSummary[];
};

/** Stopped counts as paused here: nobody moves. */
const isPaused = (connection: Connection) => connection`
  exists (select 1 from stop t where t.phase <> 'over' and t.scope = 'strategy' and t.subject = s.id) as paused`;

const versionsOf = (connection: Connection) => connection`
  coalesce((select jsonb_agg(jsonb_build_object('id', v.id, 'number', v.number, 'hash', v.hash, 'contentHash', v.content_hash,
    'publishedAtMs', (extract(epoch from v.published_at) * 1000)::int8, 'publishedBy', v.published_by) order by v.number desc)
    from strategy_version v where v.strategy_id = s.id), '[]'::jsonb) as versions`;

function summaryOf(row: SummaryRow): StrategySummary {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    draftRevision: row.draft_revision,
    draftUpdatedAtMs: row.draft_updated_ms,
    liveVersionId: row.live_version_id,
    paused: row.paused,
    versions: row.versions,
  };
}

export async function listStrategies(connection: Connection): Promise<readonly StrategySummary[]> {
  const rows = await connection<SummaryRow[]>`
    select s.id, s.key, s.name, s.draft_revision, (extract(epoch from s.draft_updated_at) * 1000)::float8 as draft_updated_ms,
      s.live_version_id, ${isPaused(connection)}, ${versionsOf(connection)}
    from strategy s order by s.created_at, s.key limit ${STRATEGIES_MAX}`;
  return rows.map(summaryOf);
}

/** One strategy with its draft, or null. */
export async function strategyByKey(connection: Connection, key: string): Promise<StrategyRecord | null> {
  const [row] = await connection<(SummaryRow & { draft: unknown })[]>`
    select s.id, s.key, s.name, s.draft_revision, (extract(epoch from s.draft_updated_at) * 1000)::float8 as draft_updated_ms,
      s.live_version_id, ${isPaused(connection)}, s.draft, ${versionsOf(connection)}
    from strategy s where s.key = ${key}`;
  return row === undefined ? null : { ...summaryOf(row), draft: row.draft };
}

/** One published version with its document and Program, or null. */
export async function versionById(connection: Connection, id: StrategyVersionId): Promise<VersionRecord | null> {
  const [row] = await connection<
    {
      id: StrategyVersionId;
      strategy_id: StrategyId;
      key: string;
      number: number;
      hash: string;
      content_hash: string;
      published_ms: number;
      published_by: ActorId;
      doc: unknown;
      doc_text: string;
      program: Program;
    }[]
  >`
    select v.id, v.strategy_id, s.key, v.number, v.hash, v.content_hash, v.published_by, v.doc, v.doc_text, v.program,
      (extract(epoch from v.published_at) * 1000)::float8 as published_ms
    from strategy_version v join strategy s on s.id = v.strategy_id where v.id = ${id}`;
  if (row === undefined) return null;
  return {
    id: row.id,
    strategyId: row.strategy_id,
    strategyKey: row.key,
    number: row.number,
    hash: row.hash,
    contentHash: row.content_hash,
    publishedAtMs: row.published_ms,
    publishedBy: row.published_by,
    doc: row.doc,
    docText: row.doc_text,
    program: row.program,
  };
}

/** Postgres has no NUL character in texts; refused here with its own code instead of a driver error. */
function holdsNul(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\u0000");
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, member]) => key.includes("\u0000") || holdsNul(member));
}

export type NewStrategy = { readonly doc: StrategyDoc; readonly actorId: ActorId };

/** Makes a strategy with its first draft (revision 1). Issues: `strategy.key-taken`, `strategy.id-taken`, `strategy.nul-character`. */
export async function createStrategy(
  database: Database,
  { doc, actorId }: NewStrategy,
): Promise<Result<{ readonly id: StrategyId; readonly draftRevision: number }, readonly Issue[]>> {
  if (holdsNul(doc)) return err([issue("strategy.nul-character")]);
  return inTransaction(database, async (connection) => {
    const inserted = await connection`
      insert into strategy (id, key, name, draft, draft_revision, draft_updated_at, created_at)
      values (${doc.id}, ${doc.key}, ${JSON.stringify(doc.name)}::text::jsonb, ${JSON.stringify(doc)}::text::jsonb, 1,
        clock_timestamp(), clock_timestamp())
      on conflict do nothing returning id`;
    if (inserted.length === 0) {
      const taken = await connection`select 1 from strategy where key = ${doc.key}`;
      return err([
        issue(taken.length > 0 ? "strategy.key-taken" : "strategy.id-taken", {}, { key: doc.key, id: doc.id }),
      ]);
    }
    const id = doc.id as StrategyId;
    await insertAudit(connection, { actorId, action: "strategy.created", subject: id, detail: { key: doc.key } });
    return ok({ id, draftRevision: 1 });
  });
}

export type DraftChange = {
  readonly strategyId: StrategyId;
  /** Revision the editor started from. */
  readonly baseRevision: number;
  readonly doc: StrategyDoc;
  readonly actorId: ActorId;
};

export type SavedDraft = { readonly draftRevision: number; readonly savedAtMs: EpochMs };

/**
 * Saves a draft if nobody else has saved since `baseRevision`. Key and id of a strategy stay what they were. Issues:
 * `strategy.not-found`, `strategy.draft-conflict` (params: the present revision), `strategy.nul-character`,
 * `strategy.identity-changed`.
 */
export async function saveDraft(
  database: Database,
  { strategyId, baseRevision, doc, actorId }: DraftChange,
): Promise<Result<SavedDraft, readonly Issue[]>> {
  if (holdsNul(doc)) return err([issue("strategy.nul-character")]);
  return inTransaction(database, async (connection) => {
    const [held] = await connection<{ key: string; draft_revision: number }[]>`
      select key, draft_revision from strategy where id = ${strategyId} for update`;
    if (held === undefined) return err([issue("strategy.not-found", {}, { id: strategyId })]);
    if (held.key !== doc.key || doc.id !== strategyId)
      return err([issue("strategy.identity-changed", {}, { key: held.key })]);
    if (held.draft_revision !== baseRevision) {
      return err([issue("strategy.draft-conflict", {}, { revision: held.draft_revision, baseRevision })]);
    }
    const [saved] = await connection<{ revision: number; at_ms: number }[]>`
      update strategy set draft = ${JSON.stringify(doc)}::text::jsonb, name = ${JSON.stringify(doc.name)}::text::jsonb,
        draft_revision = draft_revision + 1, draft_updated_at = clock_timestamp()
      where id = ${strategyId}
      returning draft_revision as revision, (extract(epoch from draft_updated_at) * 1000)::float8 as at_ms`;
    const draftRevision = saved?.revision ?? baseRevision + 1;
    await insertAudit(connection, {
      actorId,
      action: "strategy.draft-saved",
      subject: strategyId,
      detail: { revision: draftRevision },
    });
    return ok({ draftRevision, savedAtMs: saved?.at_ms ?? 0 });
  });
}

export type Publication = {
  readonly strategyId: StrategyId;
  /** Draft the document was taken from; another one by now is a conflict. Null = not taken from the draft. */
  readonly draftRevision: number | null;
  readonly doc: StrategyDoc;
  /** Canonical text of `doc` (`writeStrategy`). */
  readonly docText: string;
  readonly program: Program;
  readonly actorId: ActorId;
};

export type PublishedVersionSummary = {
  readonly versionId: StrategyVersionId;
  readonly number: number;
  readonly hash: string;
  /** False when the latest version is this very document: nothing was written. */
  readonly created: boolean;
};

/** Writes a version that never changes again. Issues: `strategy.not-found`, `strategy.draft-conflict`, `strategy.nul-character`. */
export async function publishVersion(
  database: Database,
  publication: Publication,
): Promise<Result<PublishedVersionSummary, readonly Issue[]>> {
  if (holdsNul(publication.doc)) return err([issue("strategy.nul-character")]);
  return inTransaction(database, async (connection) => {
    const { strategyId, program, docText, draftRevision } = publication;
    const [held] = await connection<{ draft_revision: number }[]>`
      select draft_revision from strategy where id = ${strategyId} for update`;
    if (held === undefined) return err([issue("strategy.not-found", {}, { id: strategyId })]);
    if (draftRevision !== null && held.draft_revision !== draftRevision) {
      return err([
        issue("strategy.draft-conflict", {}, { revision: held.draft_revision, baseRevision: draftRevision }),
      ]);
    }
    const [latest] = await connection<{ id: StrategyVersionId; number: number; hash: string; doc_text: string }[]>`
      select id, number, hash, doc_text from strategy_version where strategy_id = ${strategyId} order by number desc limit 1`;
    if (latest !== undefined && latest.doc_text === docText && latest.hash === program.hash) {
      return ok({ versionId: latest.id, number: latest.number, hash: latest.hash, created: false });
    }
    const number = (latest?.number ?? 0) + 1;
    const versionId: StrategyVersionId = `ver_${strategyId.slice("strat_".length)}-${number}`;
    await insertVersion(connection, { ...publication, versionId, number });
    return ok({ versionId, number, hash: program.hash, created: true });
  });
}

async function insertVersion(
  connection: Connection,
  version: Publication & { readonly versionId: StrategyVersionId; readonly number: number },
): Promise<void> {
  const { versionId, number, strategyId, program, doc, docText, actorId } = version;
  await connection`
    insert into strategy_version (id, strategy_id, number, doc, doc_text, program, hash, content_hash, published_at, published_by)
    values (${versionId}, ${strategyId}, ${number}, ${JSON.stringify(doc)}::text::jsonb, ${docText},
      ${JSON.stringify(program)}::text::jsonb, ${program.hash}, ${program.contentHash}, clock_timestamp(), ${actorId})`;
  await insertAudit(connection, {
    actorId,
    action: "strategy.published",
    subject: strategyId,
    detail: { versionId, number, hash: program.hash },
  });
}

export type LiveChange = {
  readonly strategyId: StrategyId;
  readonly versionId: StrategyVersionId;
  readonly actorId: ActorId;
};

/** Split steps of every version of a strategy, the newest first: what a phase was drawn with. */
export async function publishedSplits(
  connection: Connection,
  strategyId: StrategyId,
): Promise<readonly PublishedSplit[]> {
  const rows = await connection<{ number: number; spec: Pick<PublishedSplit, "experimentKey" | "phase" | "arms"> }[]>`
    select v.number, s.value -> 'spec' as spec from strategy_version v, jsonb_each(v.program -> 'steps') s
    where v.strategy_id = ${strategyId} and s.value -> 'spec' ->> 'kind' = 'split' order by v.number desc`;
  return rows.map(({ number, spec: { experimentKey, phase, arms } }) => ({
    version: number,
    experimentKey,
    phase,
    arms,
  }));
}

/** Makes a version the one new enrollments go into. Issues: `strategy.version-not-found`. */
export async function setLiveVersion(
  database: Database,
  { strategyId, versionId, actorId }: LiveChange,
): Promise<Result<null, readonly Issue[]>> {
  return inTransaction(database, async (connection) => {
    const changed = await connection`
      update strategy set live_version_id = ${versionId} where id = ${strategyId}
        and exists (select 1 from strategy_version v where v.id = ${versionId} and v.strategy_id = ${strategyId}) returning id`;
    if (changed.length === 0) return err([issue("strategy.version-not-found", {}, { versionId })]);
    await insertAudit(connection, {
      actorId,
      action: "strategy.made-live",
      subject: strategyId,
      detail: { versionId },
    });
    return ok(null);
  });
}

/** Rules that published versions run by, whichever of them still have accounts: what was done under them stays under them. */
export async function rulePacksInUse(
  connection: Connection,
): Promise<readonly { readonly market: MarketPack["market"]; readonly rulePack: string }[]> {
  return connection`
    select distinct program -> 'settings' ->> 'market' as market, program -> 'settings' ->> 'rulePack' as "rulePack"
    from strategy_version order by 1, 2`;
}
