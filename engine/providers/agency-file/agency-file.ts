import { randomUUID } from "node:crypto";
import { promises as fs } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { AgencyCodeSchema, BatchIdSchema } from "../../agency/manifest";
import type { AgencyOutbox, BatchWritten, OutgoingBatch } from "../../ports/agency-outbox";

/** A folder from which agencies, or whatever carries files to them, take their batches. */
export const AgencyFileConfigSchema = z.strictObject({
  kind: z.literal("agency-file"),
  /** Absolute path. Must exist: a disk that is not mounted is not silently replaced by an empty folder. */
  outbox: z.string().min(1).max(1000).startsWith("/"),
});
export type AgencyFileConfig = z.output<typeof AgencyFileConfigSchema>;

const MANIFEST = "manifest.json";
/** Nothing of it is anybody's but the house's and those it lets in by group. */
const FOLDER_MODE = 0o750;
const FILE_MODE = 0o640;

/**
 * Lays each batch down as a folder `<outbox>/<agency>/<batch>/` with its file and `manifest.json`. The folder is made under a name
 * that begins with a dot, brought to the disk, and then renamed: whoever sees it sees all of it. A folder that is there is never
 * written to again.
 */
export function agencyFile({ outbox }: AgencyFileConfig): AgencyOutbox {
  return {
    id: "agency-file",
    write: (batch) => writeBatch(outbox, batch).catch(failed),
    check: async () => {
      try {
        const probe = join(outbox, `.probe-${randomUUID()}`);
        await fs.writeFile(probe, "", { flag: "wx" });
        await fs.rm(probe);
        return null;
      } catch (error) {
        return codeOf(error);
      }
    },
  };
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "failed";
const failed = (error: unknown): BatchWritten => ({ kind: "failed", reason: codeOf(error) });

async function writeBatch(outbox: string, batch: OutgoingBatch): Promise<BatchWritten> {
  // Both become parts of a path.
  const folder = join(outbox, AgencyCodeSchema.parse(batch.agency), BatchIdSchema.parse(batch.batch));
  const found = await compare(folder, batch);
  if (found !== null) return forgetHalves(folder, found);
  await fs.access(outbox);
  await fs.mkdir(dirname(folder), { recursive: true, mode: FOLDER_MODE });
  const making = join(dirname(folder), `.${batch.batch}.${randomUUID()}`);
  try {
    await fs.mkdir(making, { mode: FOLDER_MODE });
    await writeThrough(join(making, batch.file), batch.csv);
    await writeThrough(join(making, MANIFEST), batch.manifest);
    await toDisk(making);
    await fs.rename(making, folder);
  } catch (error) {
    await fs.rm(making, { recursive: true, force: true });
    // Somebody else was faster; whether it is the same batch is seen by looking.
    if (["ENOTEMPTY", "EEXIST"].includes(codeOf(error))) return (await compare(folder, batch)) ?? failed(error);
    throw error;
  }
  await toDisk(dirname(folder));
  return forgetHalves(folder, { kind: "written" });
}

/** What writers that died have left of the batch holds names and numbers of people. */
async function forgetHalves(folder: string, written: BatchWritten): Promise<BatchWritten> {
  const half = `.${basename(folder)}.`;
  for (const name of await fs.readdir(dirname(folder))) {
    if (name.startsWith(half)) await fs.rm(join(dirname(folder), name), { recursive: true, force: true });
  }
  return written;
}

/** What lies there under the batch's name against what should; null = nothing does. */
async function compare(folder: string, { file, csv, manifest }: OutgoingBatch): Promise<BatchWritten | null> {
  const names = await fs.readdir(folder).catch((error) => {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  });
  if (names === null) return null;
  const [foundCsv, foundManifest] = await Promise.all([read(join(folder, file)), read(join(folder, MANIFEST))]);
  return { kind: foundCsv === csv && foundManifest === manifest ? "already" : "differs" };
}

/** A file that was taken away leaves a batch that is not the one that was written. */
async function read(path: string): Promise<string | null> {
  return fs.readFile(path, "utf8").catch((error) => {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  });
}

async function writeThrough(path: string, text: string): Promise<void> {
  const handle = await fs.open(path, "wx", FILE_MODE);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is only as lasting as the folder it stands in. */
async function toDisk(folder: string): Promise<void> {
  const handle = await fs.open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
