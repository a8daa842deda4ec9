import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { INTAKE_LIMITS } from "#engine/portfolio/intake/limits";
import { dataDirectory } from "./env";
import { AppError } from "./errors";

/** A file on its way in: on disk, not in memory, until it is imported or a day has passed. */
export type Upload = { readonly uploadId: string; readonly bytes: number; readonly sha256: string };

const KEPT_MS = 24 * 60 * 60 * 1000;
const UPLOAD_ID = /^[0-9a-f-]{36}$/;

const folder = () => join(dataDirectory(), "uploads");

/** Only ids this house made lead to a file; anything else is refused before it touches the disk. */
function pathOf(uploadId: string): string {
  if (!UPLOAD_ID.test(uploadId)) throw new AppError("not-found", "import.upload-gone");
  return join(folder(), uploadId);
}

/** Streams a body to disk. Refuses with `import.too-large` beyond the intake's bound, leaving nothing behind. */
export async function receiveUpload(body: ReadableStream<Uint8Array>): Promise<Upload> {
  await mkdir(folder(), { recursive: true, mode: 0o700 });
  await forgetOldUploads();
  const uploadId = randomUUID();
  const path = pathOf(uploadId);
  const hash = createHash("sha256");
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.byteLength;
      hash.update(chunk);
      if (bytes > INTAKE_LIMITS.fileBytes) {
        const megabytes = INTAKE_LIMITS.fileBytes / 1024 / 1024;
        done(new AppError("too-large", "import.too-large", { params: { megabytes } }));
      } else done(null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(body), meter, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { uploadId, bytes, sha256: hash.digest("hex") };
}

/** Where an upload lies. Refuses with `import.upload-gone` when it is unknown or was forgotten. */
export async function uploadPath(uploadId: string): Promise<string> {
  const path = pathOf(uploadId);
  if ((await stat(path).catch(() => null)) === null) throw new AppError("not-found", "import.upload-gone");
  return path;
}

export async function forgetUpload(uploadId: string): Promise<void> {
  await rm(pathOf(uploadId), { force: true });
}

async function forgetOldUploads(): Promise<void> {
  const now = Date.now();
  for (const name of await readdir(folder())) {
    if (!UPLOAD_ID.test(name)) continue;
    const path = join(folder(), name);
    const seen = await stat(path).catch(() => null);
    if (seen !== null && now - seen.mtimeMs > KEPT_MS) await rm(path, { force: true });
  }
}
