import type { Database } from "#db";
import { uploadPath } from "../uploads";
import { type ImportRequest, readingOf } from "./import-options";
import { type ImportPreview, readPreview } from "./reading";

/** What would come of a file under a mapping. Nothing is written. */
export async function inspectUpload(database: Database, request: ImportRequest): Promise<ImportPreview> {
  const [path, reading] = await Promise.all([uploadPath(request.uploadId), readingOf(database, request)]);
  return readPreview({ path, ...reading });
}
