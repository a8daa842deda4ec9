import type { Database } from "#db";
import { saveMapping } from "#db/queries/import";
import type { Actor } from "#engine";
import { parseMapping } from "#engine/portfolio/intake/mapping";
import { AppError } from "../errors";

/** Keeps a mapping under its name for the next file. Refuses with the located issues of a mapping that is none. */
export async function keepMapping(
  database: Database,
  actor: Actor,
  { name, mapping }: { readonly name: string; readonly mapping: unknown },
): Promise<{ readonly name: string }> {
  const named = typeof mapping === "object" && mapping !== null ? { ...mapping, name } : mapping;
  const parsed = parseMapping(named);
  if (!parsed.ok) throw new AppError("invalid", "import.mapping-refused", { issues: parsed.error });
  await saveMapping(database, { name, mapping: JSON.parse(JSON.stringify(parsed.value)), actorId: actor.id });
  return { name };
}
