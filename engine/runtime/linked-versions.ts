import type { AsyncExecutor, SyncExecutor } from "../model/execution";
import type { StrategyVersionId } from "../model/ids";
import type { Program } from "../model/program";
import type { ProgramStore } from "../ports/program-store";
import { linkFast } from "../run/fast";
import { linkReference } from "../run/reference";

/** Versions kept linked at once; the least recently asked is dropped. */
const LINKED_VERSIONS_MAX = 64;

export type LinkedVersion = {
  readonly versionId: StrategyVersionId;
  readonly strategyId: string;
  readonly program: Program;
  readonly compiled: SyncExecutor;
  /** Linked when first asked: only a sample of steps needs it. */
  readonly reference: () => AsyncExecutor;
};

export interface LinkedVersions {
  linked(versionId: StrategyVersionId): Promise<LinkedVersion | null>;
}

/** Published versions never change, so a version linked once stays good for the life of the process. */
export function linkedVersions(programs: ProgramStore): LinkedVersions {
  const known = new Map<StrategyVersionId, LinkedVersion>();
  let latest: LinkedVersion | null = null;
  return {
    async linked(versionId) {
      // Asked for every account: most stand in the version of the one before.
      if (latest?.versionId === versionId) return latest;
      const found = known.get(versionId) ?? (await link(programs, versionId));
      if (found === null) return null;
      known.delete(versionId);
      known.set(versionId, found);
      latest = found;
      const oldest = known.keys().next();
      if (known.size > LINKED_VERSIONS_MAX && oldest.done === false) known.delete(oldest.value);
      return found;
    },
  };
}

async function link(programs: ProgramStore, versionId: StrategyVersionId): Promise<LinkedVersion | null> {
  const version = await programs.versionOf(versionId);
  if (version === null) return null;
  let reference: AsyncExecutor | null = null;
  return {
    ...version,
    compiled: linkFast(version.program),
    reference: () => {
      reference ??= linkReference(version.program);
      return reference;
    },
  };
}
