import { readFile, stat } from "node:fs/promises";
import type { Database } from "#db";
import {
  type AppliedReturn,
  applyReturn,
  previewReturn,
  type ReturnMode,
  type ReturnSetting,
} from "#db/queries/agency-return";
import type { Actor } from "#engine";
import { EXCHANGE_LIMITS } from "#engine/agency/limits";
import { type ReturnFile, readReturn } from "#engine/agency/read-return";
import type { Issue } from "#engine/model/issue";
import type { Result } from "#engine/model/result";
import { packOf } from "../compose-packs";
import { AppError } from "../errors";
import { LENDER_MARKET } from "../lender";
import { forgetUpload, uploadPath } from "../uploads";

/** A return on its way in: its two files, uploaded. */
export type UploadedReturn = { readonly manifestId: string; readonly fileId: string };
/** Issues of a preview that are shown; the count goes on. */
const SHOWN_MAX = 200;

export type ReturnPreview = {
  readonly agency: string;
  readonly kind: ReturnFile["manifest"]["kind"];
  readonly batch: string;
  readonly lines: number;
  readonly sums: ReturnFile["manifest"]["sums"];
  /** Lines that would be applied, were applied before, and cannot be. */
  readonly good: number;
  readonly repeated: number;
  readonly rejected: number;
  readonly issues: readonly Issue[];
  /** Found but not among `issues`. */
  readonly more: number;
  /** The whole file was applied before. */
  readonly already: boolean;
};

/** Rules and numbers a return is judged by: those of the lender's market. */
export function returnSetting(): ReturnSetting {
  const pack = packOf(LENDER_MARKET);
  const rules = Object.values(pack.rulePacks).flatMap((rulePack) => rulePack.rules.map(({ id }) => id));
  return { market: LENDER_MARKET, rules: new Set(rules) };
}

/** What applying it would do. Refuses with `exchange.refused` and the issues when it is not what its manifest says. */
export async function previewUploadedReturn(database: Database, uploaded: UploadedReturn): Promise<ReturnPreview> {
  const file = await opened(uploaded);
  const judged = refusing(await previewReturn(database, file, returnSetting()));
  const { agency, kind, batch, sums } = file.manifest;
  const issues = judged.issues.slice(0, SHOWN_MAX);
  return {
    ...{ agency, kind, batch, sums, issues, lines: file.lines.length },
    good: judged.good.length,
    repeated: judged.repeated,
    rejected: judged.rejected,
    more: judged.issues.length - issues.length,
    already: judged.already,
  };
}

/** Applies it and forgets the files. Refuses as the preview does, and where lines are rejected unless `partial` was chosen. */
export async function applyUploadedReturn(
  database: Database,
  actor: Actor,
  { mode, ...uploaded }: UploadedReturn & { readonly mode: ReturnMode },
): Promise<AppliedReturn> {
  const file = await opened(uploaded);
  const applied = refusing(await applyReturn(database, { file, mode, actorId: actor.id, ...returnSetting() }));
  await Promise.all([forgetUpload(uploaded.manifestId), forgetUpload(uploaded.fileId)]);
  return { ...applied, issues: applied.issues.slice(0, SHOWN_MAX) };
}

async function opened({ manifestId, fileId }: UploadedReturn): Promise<ReturnFile> {
  const manifest = await bounded(manifestId, EXCHANGE_LIMITS.manifestBytes);
  const csv = await bounded(fileId, EXCHANGE_LIMITS.returnBytes);
  return refusing(readReturn({ manifest: manifest.toString("utf8"), csv }));
}

/** An upload may be as large as an account file; a return may not. */
async function bounded(uploadId: string, maximum: number): Promise<Buffer> {
  const path = await uploadPath(uploadId);
  const { size } = await stat(path);
  if (size > maximum)
    throw new AppError("too-large", "import.too-large", { params: { megabytes: maximum / 1024 / 1024 } });
  return readFile(path);
}

function refusing<TValue>(result: Result<TValue, readonly Issue[]>): TValue {
  if (result.ok) return result.value;
  throw new AppError("invalid", "exchange.refused", { issues: result.error.slice(0, SHOWN_MAX) });
}
