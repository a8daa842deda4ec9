import { type Issue, issue } from "../model/issue";
import type { Program } from "../model/program";
import type { ArmWeight } from "./allocation";
import { WEIGHT_TOTAL } from "./assign";
import { changeOf, type RunningExperiment } from "./sticky";

/** A split step as some version was published with it. */
export type PublishedSplit = {
  readonly version: number;
  readonly experimentKey: string;
  readonly phase: number;
  readonly arms: readonly ArmWeight[];
};

/** A split covers everybody who reaches it: only its arms and their weights can differ. */
function asExperiment({ experimentKey, arms }: Pick<PublishedSplit, "experimentKey" | "arms">): RunningExperiment {
  const allocation = { arms: arms.map(({ arm, weight }) => ({ arm, weight })), coverage: WEIGHT_TOTAL, filters: [] };
  return { key: experimentKey, allocation, audience: [], strata: [], goals: [] };
}

const sharesText = (arms: readonly ArmWeight[]): string =>
  arms.map(({ arm, weight }) => `${arm} ${weight / 100} %`).join(" / ");

/**
 * Split steps that were published before in the same phase with other arms or weights: one `experiment.phase-needed` each. Those
 * assigned keep their arm, so people of two draws would stand in one arm, and the shares of the phase would be nobody's.
 */
export function phaseIssues(published: readonly PublishedSplit[], program: Program): readonly Issue[] {
  return Object.entries(program.steps).flatMap(([nodeId, { spec }]) => {
    if (spec.kind !== "split") return [];
    const before = published.find(
      (split) =>
        split.experimentKey === spec.experimentKey &&
        split.phase === spec.phase &&
        changeOf(asExperiment(split), asExperiment(spec)).kind === "new-phase",
    );
    if (before === undefined) return [];
    const used = published.filter(({ experimentKey }) => experimentKey === spec.experimentKey);
    const params = {
      experiment: spec.experimentKey,
      phase: spec.phase,
      version: before.version,
      before: sharesText(before.arms),
      after: sharesText(spec.arms),
      next: Math.max(spec.phase, ...used.map(({ phase }) => phase)) + 1,
    };
    return [issue("experiment.phase-needed", { nodeId, path: "phase" }, params)];
  });
}
