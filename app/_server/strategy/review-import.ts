import type { Database } from "#db";
import { listAgencies } from "#db/queries/agency";
import { strategyByKey } from "#db/queries/strategy";
import { type Candidate, candidatesFor } from "#engine/graph/import/candidates";
import type { MissingReference } from "#engine/graph/import/missing";
import { type ImportHouse, type ImportReview, reviewImport } from "#engine/graph/import/review";
import { packOf } from "../compose-packs";
import { orRefuse } from "../errors";

/** What this house has for a strategy file to name. */
export async function importHouse(database: Database): Promise<ImportHouse> {
  return { packOf, agencies: await listAgencies(database.sql) };
}

/** A thing that is missing, with what is here to stand in its place. */
export type MissingHere = MissingReference & { readonly candidates: readonly Candidate[] };

export type StrategyReview = Omit<ImportReview, "missing"> & {
  readonly missing: readonly MissingHere[];
  /** Whether a strategy of this key is here already. */
  readonly exists: boolean;
};

/** What would come of a strategy file. Writes nothing. Refuses with the located issues of a file that cannot be read. */
export async function reviewStrategyText(database: Database, text: string): Promise<StrategyReview> {
  const house = await importHouse(database);
  const review = orRefuse(reviewImport(text, house));
  const { doc } = review;
  const existing = await strategyByKey(database.sql, doc.key);
  const candidates = candidatesFor(doc, { pack: packOf(doc.settings.market), agencies: house.agencies });
  return {
    ...review,
    missing: review.missing.map((missing) => ({ ...missing, candidates: candidates(missing) })),
    exists: existing !== null,
  };
}
