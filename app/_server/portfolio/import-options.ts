import { z } from "zod";
import type { Database } from "#db";
import { type ImportMapping, parseMapping } from "#engine/portfolio/intake/mapping";
import type { IntakeOptions } from "#engine/portfolio/intake/read-accounts";
import { engineToday } from "../clock";
import { AppError } from "../errors";

/** How a person wants a file to be read. */
export const ImportRequestSchema = z.object({
  uploadId: z.string().max(64),
  /** A mapping as JSON; null = recognise the columns. */
  mapping: z.unknown().nullable(),
  /** `simulated` gives everybody a number that cannot exist, reachable by simulated providers only. */
  contacts: z.enum(["none", "simulated"]),
  /** `today` moves the file's dates to the day of import on the engine's clock; `file` takes them as they are. */
  asOf: z.enum(["today", "file"]),
});
export type ImportRequest = z.output<typeof ImportRequestSchema>;

export type Reading = { readonly mapping: ImportMapping | null; readonly options: IntakeOptions };

/** The request with its mapping parsed. Refuses with the located issues of a mapping that is none. */
export async function readingOf(database: Database, request: ImportRequest): Promise<Reading> {
  const dataDate = request.asOf === "today" ? await engineToday(database) : null;
  const options = { dataDate, contacts: request.contacts, encoding: null };
  if (request.mapping === null) return { mapping: null, options };
  const parsed = parseMapping(request.mapping);
  if (!parsed.ok) throw new AppError("invalid", "import.mapping-refused", { issues: parsed.error });
  return { mapping: parsed.value, options };
}
