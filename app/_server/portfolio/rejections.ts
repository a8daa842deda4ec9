import type { Database } from "#db";
import { rejectionsOf } from "#db/queries/import";
import { issueText } from "#engine/graph/issue-text";
import { csvText } from "#engine/model/csv-text";
import type { ImportBatchId } from "#engine/model/ids";
import type { Locale } from "#engine/model/locale";
import { INTAKE_LIMITS } from "#engine/portfolio/intake/limits";
import { portfolioIssueTexts } from "#engine/portfolio/texts";

/** Lines of a CSV with a byte order mark, so that spreadsheets read the Chinese in it. */
export function csvOf(rows: readonly (readonly (string | number | null)[])[]): string {
  return `\uFEFF${csvText(rows)}`;
}

export type RejectionHead = readonly [line: string, column: string, reason: string, code: string];

/** The rejected rows of an import as a file: line, column, reason in the reader's language, code. */
export async function rejectionsFile(
  database: Database,
  request: { readonly batchId: ImportBatchId; readonly locale: Locale; readonly head: RejectionHead },
): Promise<string> {
  const rejections = await rejectionsOf(database.sql, request.batchId, INTAKE_LIMITS.rejections);
  const rows = rejections.map(({ line, columnIndex, columnName, code, params }) => {
    const found = { code, severity: "error" as const, path: columnName, params };
    const column = columnName === "" && columnIndex !== null ? columnIndex : columnName;
    return [line, column, issueText(found, request.locale, [portfolioIssueTexts]), code];
  });
  return csvOf([request.head, ...rows]);
}
