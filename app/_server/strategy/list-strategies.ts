import type { Database } from "#db";
import { populationByVersion } from "#db/queries/overview";
import { listStrategies, type StrategyRecord, type StrategySummary, strategyByKey } from "#db/queries/strategy";
import { lintStrategy, type StrategyDoc, strategyContentHash } from "#engine";
import type { LocalText } from "#engine/model/locale";
import { packOf } from "../compose-packs";
import { readDraft } from "../stored-documents";

/** One line of the list of strategies. */
export type StrategyLine = {
  readonly id: string;
  readonly key: string;
  readonly name: LocalText;
  readonly draftUpdatedAtMs: number;
  readonly draftRevision: number;
  readonly draftChanged: boolean;
  readonly latestNumber: number | null;
  readonly latestVersionId: string | null;
  readonly liveNumber: number | null;
  readonly liveVersionId: string | null;
  readonly paused: boolean;
  readonly steps: number;
  readonly errors: number;
  /** Accounts under way in any of its versions. */
  readonly inFlight: number;
  readonly cured: number;
};

/** What the chips of a strategy show, from its record and its draft (null = it cannot be read, so it is not what was published). */
export function stateOf(strategy: StrategySummary, draft: StrategyDoc | null) {
  const latest = strategy.versions[0] ?? null;
  const live = strategy.versions.find((version) => version.id === strategy.liveVersionId) ?? null;
  return {
    draftChanged: latest === null || draft === null || latest.contentHash !== strategyContentHash(draft),
    latestNumber: latest?.number ?? null,
    latestVersionId: latest?.id ?? null,
    liveNumber: live?.number ?? null,
  };
}

/** Every strategy with what is drawn, what is live and who is inside. */
export async function listAllStrategies(database: Database): Promise<readonly StrategyLine[]> {
  const [summaries, population] = await Promise.all([listStrategies(database.sql), populationByVersion(database)]);
  const records = await Promise.all(summaries.map((summary) => strategyByKey(database.sql, summary.key)));
  return records.flatMap((record) => (record === null ? [] : [lineOf(record, insideOf(record, population))]));
}

type Inside = { readonly inFlight: number; readonly cured: number };

function insideOf(strategy: StrategySummary, population: Awaited<ReturnType<typeof populationByVersion>>): Inside {
  const ids = new Set<string>(strategy.versions.map((version) => version.id));
  const own = population.filter((version) => ids.has(version.versionId));
  return {
    inFlight: own.reduce((sum, version) => sum + version.inFlight, 0),
    cured: own.reduce((sum, version) => sum + version.cured, 0),
  };
}

function lineOf(strategy: StrategyRecord, inside: Inside): StrategyLine {
  const read = readDraft(strategy);
  const draft = read.ok ? read.value : null;
  const issues = read.ok ? lintStrategy(read.value, packOf(read.value.settings.market)) : read.error;
  return {
    id: strategy.id,
    key: strategy.key,
    name: strategy.name,
    draftUpdatedAtMs: strategy.draftUpdatedAtMs,
    draftRevision: strategy.draftRevision,
    liveVersionId: strategy.liveVersionId,
    paused: strategy.paused,
    ...stateOf(strategy, draft),
    steps: draft?.nodes.length ?? 0,
    errors: issues.filter((found) => found.severity === "error").length,
    ...inside,
  };
}
