import type { Database } from "#db";
import { type SavedImport, saveImport } from "#db/queries/import";
import type { Actor } from "#engine";
import { AppError } from "../errors";
import { createJobs, keptJobs } from "../jobs";
import { forgetUpload, uploadPath } from "../uploads";
import { type ImportRequest, readingOf } from "./import-options";
import { readWhole } from "./reading";

export type ImportOrder = ImportRequest & { readonly fileName: string; readonly sha256: string };

/** Where an import is. Reading and writing are each one piece of work; what is known is how many accounts are being written. */
export type ImportProgress = { readonly phase: "reading" } | { readonly phase: "writing"; readonly accounts: number };

/** Two big files at once would only wait for each other. */
const RUNNING_MAX = 2;

export const importJobs = () => keptJobs("import", () => createJobs<ImportProgress, SavedImport>(RUNNING_MAX));

/**
 * Reads the file and writes its accounts in one transaction: all of them or none. Returns the job's id. The job fails with
 * `import.refused` and the located issues when the file cannot be used at all; single rejected rows are listed and left out.
 */
export function importAccounts(database: Database, actor: Actor, order: ImportOrder): string {
  return importJobs().start({ phase: "reading" }, async ({ report }) => {
    const [path, reading] = await Promise.all([uploadPath(order.uploadId), readingOf(database, order)]);
    const whole = await readWhole({ path, ...reading });
    if (whole.refused) throw new AppError("invalid", "import.refused", { issues: whole.rejected });
    report({ phase: "writing", accounts: whole.accounts.length });
    const saved = await saveImport(database, {
      fileName: order.fileName,
      fileSha256: order.sha256,
      mappingName: whole.mapping?.name ?? null,
      options: { contacts: order.contacts, asOf: order.asOf, dataDate: whole.dataDate },
      rows: whole.rows,
      accounts: whole.accounts,
      contactPoints: whole.contactPoints,
      rejected: whole.rejected,
      rejectedRows: whole.rejectedRows,
      synthetic: false,
      actorId: actor.id,
    });
    await forgetUpload(order.uploadId);
    return saved;
  });
}
