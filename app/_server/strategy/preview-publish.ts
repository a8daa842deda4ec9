import type { Database } from "#db";
import { populationsOf } from "#db/queries/migration";
import { type VersionRecord, versionById } from "#db/queries/strategy";
import { compileStrategy } from "#engine";
import { nameOfStep } from "#engine/graph/diff/reading";
import { LOCALES, type LocalText } from "#engine/model/locale";
import { drawnStepId, type Program } from "#engine/model/program";
import { type MigrationGroup, proposeMigration } from "#engine/run/migration";
import { packOf } from "../compose-packs";
import { documentOf, draftOrRefuse } from "../stored-documents";
import { loadStrategy } from "./load-strategy";

/** Accounts at one step of a version that runs now, as they would find the new version. */
export type AffectedStep = Pick<MigrationGroup, "accounts" | "held" | "promised" | "removed" | "changed"> & {
  readonly nodeId: string;
  readonly name: LocalText;
};

/** Who is under way on one version. Publishing moves nobody: they finish on it unless a move is placed. */
export type AffectedVersion = {
  readonly number: number;
  readonly accounts: number;
  /** Of them: on steps the new version does not have, and on steps that do something else there. */
  readonly onRemoved: number;
  readonly onChanged: number;
  /** Steps that are gone or changed, those with most accounts first. */
  readonly steps: readonly AffectedStep[];
};

/** Steps listed of one version; a sum stands above them. */
const STEPS_MAX = 40;

/** Who is inside the strategy while its draft is about to be published; null while the draft cannot be compiled. */
export async function previewPublish(database: Database, key: string): Promise<readonly AffectedVersion[] | null> {
  const strategy = await loadStrategy(database, key);
  const doc = draftOrRefuse(strategy);
  const compiled = compileStrategy(doc, packOf(doc.settings.market));
  if (!compiled.ok) return null;
  const affected: AffectedVersion[] = [];
  for (const { id } of strategy.versions) {
    const populations = await populationsOf(database.sql, id);
    if (populations.length === 0) continue;
    const version = await versionById(database.sql, id);
    if (version === null) continue;
    const { groups } = proposeMigration(version.program, compiled.value, populations);
    affected.push(affectedOf(version, groups, compiled.value));
  }
  return affected;
}

function affectedOf(version: VersionRecord, groups: readonly MigrationGroup[], to: Program): AffectedVersion {
  const sum = (of: (group: MigrationGroup) => boolean): number =>
    groups.filter(of).reduce((total, { accounts }) => total + accounts, 0);
  const touched = version.program.hash === to.hash ? [] : groups.filter(({ removed, changed }) => removed || changed);
  return {
    number: version.number,
    accounts: sum(() => true),
    onRemoved: sum(({ removed }) => removed),
    onChanged: sum(({ changed }) => changed),
    steps: touched.slice(0, STEPS_MAX).map(({ nodeId, accounts, held, promised, removed, changed }) => ({
      nodeId,
      name: nameIn(version, nodeId),
      accounts,
      held,
      promised,
      removed,
      changed,
    })),
  };
}

function nameIn(version: VersionRecord, nodeId: string): LocalText {
  const id = drawnStepId(nodeId);
  const node = documentOf(version)?.nodes.find((known) => known.id === id);
  return Object.fromEntries(LOCALES.map((locale) => [locale, node === undefined ? id : nameOfStep(node, locale)]));
}
