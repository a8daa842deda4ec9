import type { Database } from "#db";
import { listStrategies, type StrategySummary, strategyByKey, versionById } from "#db/queries/strategy";
import { strategyContentHash } from "#engine";
import { findInStrategies, type SearchedStrategy, type StrategiesFound } from "#engine/graph/find/find-strategies";
import type { Locale } from "#engine/model/locale";
import { packOf } from "../compose-packs";
import { documentOf, readDraft } from "../stored-documents";

export type FindRequest = { readonly search: string; readonly locale: Locale };

/** Where something is said in the drafts, and in what runs where that is not what the draft says. */
export async function findEverywhere(database: Database, request: FindRequest): Promise<StrategiesFound> {
  const { search, locale } = request;
  const strategies = await listStrategies(database.sql);
  const searched: SearchedStrategy[] = [];
  for (const summary of strategies) searched.push(...(await documentsOf(database, summary)));
  return findInStrategies(searched, search, locale);
}

/** The draft that can be read, and the live version if it is another. */
async function documentsOf(database: Database, summary: StrategySummary): Promise<readonly SearchedStrategy[]> {
  const { key } = summary;
  const record = await strategyByKey(database.sql, key);
  const read = record === null ? null : readDraft(record);
  const draft = read?.ok === true ? read.value : null;
  const found: SearchedStrategy[] = [];
  if (draft !== null) found.push({ key, version: null, doc: draft, pack: packOf(draft.settings.market) });
  const live = summary.versions.find(({ id }) => id === summary.liveVersionId);
  if (live === undefined || (draft !== null && live.contentHash === strategyContentHash(draft))) return found;
  const version = await versionById(database.sql, live.id);
  const doc = version === null ? null : documentOf(version);
  if (doc !== null) found.push({ key, version: live.number, doc, pack: packOf(doc.settings.market) });
  return found;
}
