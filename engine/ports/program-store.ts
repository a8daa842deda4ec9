import type { StrategyVersionId } from "../model/ids";
import type { Program } from "../model/program";

/** A strategy as it was published: immutable, never recompiled (design D1). */
export type PublishedVersion = {
  readonly versionId: StrategyVersionId;
  readonly strategyId: string;
  readonly program: Program;
};

export interface ProgramStore {
  /** Versions with people under way that this worker leaves alone, because their Program has a format it does not know. */
  leftAlone(): Promise<readonly StrategyVersionId[]>;
  /** Null when there is no such version, or its Program has a format this worker does not know. */
  versionOf(versionId: StrategyVersionId): Promise<PublishedVersion | null>;
}
