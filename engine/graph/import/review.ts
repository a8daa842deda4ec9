import type { Issue } from "../../model/issue";
import type { MarketPack } from "../../model/market-pack";
import { err, ok, type Result } from "../../model/result";
import { STRATEGY_LIMITS, type StrategyDoc } from "../../model/strategy";
import { definitionOf } from "../../nodes";
import { parseStrategy } from "../parse";
import { locateIssues } from "../read";
import { readJson } from "../read-json";
import { type Migrated, migratedIn } from "./migrated";
import { type ImportWorld, type MissingReference, missingReferences } from "./missing";

/** What a house has: the packs of its markets, and its agencies. */
export type ImportHouse = Pick<ImportWorld, "agencies"> & {
  readonly packOf: (market: MarketPack["market"]) => MarketPack;
};

/** A step whose type, or the version of whose data, this build does not know. It stays as it is and is shown as a card that says so. */
export type UnknownStep = {
  readonly within: string | null;
  readonly nodeId: string;
  readonly type: string;
  readonly version: number;
  /** Newest version of its data this build reads; null = the type is not known at all. */
  readonly supported: number | null;
};

/** What would come of a strategy file, before anything is stored. */
export type ImportReview = {
  readonly doc: StrategyDoc;
  readonly migrated: readonly Migrated[];
  readonly missing: readonly MissingReference[];
  readonly unknownSteps: readonly UnknownStep[];
};

/**
 * Reads the text of a strategy file and tells what was brought up to date, what it names that is not here, and which steps are not
 * understood. A file that cannot be read gives its problems, each with line and column.
 */
export function reviewImport(text: string, { packOf, agencies }: ImportHouse): Result<ImportReview, readonly Issue[]> {
  const json = readJson(text, { bytes: STRATEGY_LIMITS.fileBytes, depth: STRATEGY_LIMITS.jsonDepth });
  if (!json.ok) return json;
  const read = parseStrategy(json.value);
  if (!read.ok) return err(locateIssues(text, read.error));
  const doc = read.value;
  const world = { pack: packOf(doc.settings.market), agencies };
  return ok({
    doc,
    migrated: migratedIn(json.value, doc),
    missing: missingReferences(doc, world),
    unknownSteps: unknownSteps(doc),
  });
}

function unknownSteps(doc: StrategyDoc): readonly UnknownStep[] {
  const drawings = [
    { within: null, nodes: doc.nodes },
    ...doc.strategies.map(({ key, nodes }) => ({ within: key, nodes })),
  ];
  return drawings.flatMap(({ within, nodes }) =>
    nodes.flatMap(({ id, type, version }): readonly UnknownStep[] => {
      const supported = definitionOf(type)?.version ?? null;
      if (supported !== null && version <= supported) return [];
      return [{ within, nodeId: id, type, version, supported }];
    }),
  );
}
