import type { Database } from "#db";
import { versionById } from "#db/queries/strategy";
import { AppError } from "../errors";
import { draftText } from "../stored-documents";
import { loadStrategy } from "./load-strategy";

/** A strategy as a file: the draft (`version` null) or a version, byte for byte as it was published. */
export async function exportStrategy(
  database: Database,
  { key, version }: { readonly key: string; readonly version: number | null },
): Promise<{ readonly fileName: string; readonly text: string }> {
  const strategy = await loadStrategy(database, key);
  if (version === null) return { fileName: `${key}.draft.json`, text: draftText(strategy) };
  const summary = strategy.versions.find((known) => known.number === version);
  const record = summary === undefined ? null : await versionById(database.sql, summary.id);
  if (record === null)
    throw new AppError("not-found", "strategy.version-not-found", { params: { versionId: version } });
  return { fileName: `${key}.v${version}.json`, text: record.docText };
}
