import { type Issue, type IssueParams, type IssuePlace, issue } from "../model/issue";
import { type Allocation, type AllocationFilter, type Place, placeOf } from "./allocation";

/** What was written when a person was first assigned in a phase; it stays as long as the phase does. */
export type AssignmentRow = { readonly phase: number; readonly arm: string; readonly bucket: number };

/**
 * The arm of a person in a phase: the row's, whatever coverage and filters say by now; without a row of this phase, or with one that
 * names an arm that is gone, the hash.
 */
export function stickyPlace(
  { allocation, phase }: { readonly allocation: Allocation; readonly phase: number },
  { unit, row }: { readonly unit: string; readonly row: AssignmentRow | null },
): Place {
  if (row !== null && row.phase === phase && allocation.arms.some(({ arm }) => arm === row.arm)) {
    return { in: true, arm: row.arm, bucket: row.bucket };
  }
  return placeOf(allocation, unit);
}

/** What may be changed while an experiment runs, as far as it touches who is in which arm. */
export type RunningExperiment = {
  readonly key: string;
  readonly allocation: Omit<Allocation, "seed">;
  /** Conditions that all must hold to be taken in, each as canonical text. */
  readonly audience: readonly string[];
  /** Fields whose values make a stratum; empty = simple hash. */
  readonly strata: readonly string[];
  /** Metrics the decision rests on. */
  readonly goals: readonly string[];
};

/** `in-place`: those assigned stay. `new-phase`: everybody is drawn again. `new-experiment`: it is another question. */
export type ChangeKind = "none" | "in-place" | "new-phase" | "new-experiment";
export type ExperimentChange = { readonly kind: ChangeKind; readonly reasons: readonly Issue[] };

const RANK: readonly ChangeKind[] = ["none", "in-place", "new-phase", "new-experiment"];

/** What each kind of edit forces. */
const CHANGES = {
  "experiment.change-key": "new-experiment",
  "experiment.change-arms": "new-phase",
  "experiment.change-weights": "new-phase",
  "experiment.change-coverage-raised": "in-place",
  "experiment.change-coverage-lowered": "new-phase",
  "experiment.change-audience-widened": "in-place",
  "experiment.change-audience-narrowed": "new-phase",
  "experiment.change-filter-left": "in-place",
  "experiment.change-filter-added": "new-phase",
  "experiment.change-strata": "new-phase",
  // Nobody moves, but a goal chosen after a look is no goal: the report says when it was chosen.
  "experiment.change-goals": "in-place",
} as const satisfies { readonly [code: string]: ChangeKind };
export type ChangeCode = keyof typeof CHANGES;
export const CHANGE_CODES = Object.keys(CHANGES) as readonly ChangeCode[];

type Found = { readonly code: ChangeCode; readonly params: IssueParams };

/**
 * What a change means for those already assigned. Only three edits keep a comparison whole: covering more people, asking less of the
 * audience, and leaving a layer or hold-out; all else would mix people of different draws in one arm (GrowthBook,
 * docs/app/making-experiment-changes; carry-over: docs/kb/experiments/carryover-bias). Reasons are codes with texts in both languages.
 */
export function changeOf(before: RunningExperiment, after: RunningExperiment): ExperimentChange {
  const found: readonly Found[] = [
    ...differing("experiment.change-key", before.key, after.key),
    ...armChanges(before.allocation, after.allocation),
    ...coverageChange(before.allocation.coverage, after.allocation.coverage),
    ...listChange(["experiment.change-audience-narrowed", "experiment.change-audience-widened"], {
      before: before.audience,
      after: after.audience,
    }),
    ...listChange(["experiment.change-filter-added", "experiment.change-filter-left"], {
      before: before.allocation.filters.map(filterText),
      after: after.allocation.filters.map(filterText),
    }),
    ...differing("experiment.change-strata", sorted(before.strata), sorted(after.strata)),
    ...differing("experiment.change-goals", sorted(before.goals), sorted(after.goals)),
  ];
  const kind = found.reduce<ChangeKind>(
    (most, { code }) => (RANK.indexOf(CHANGES[code]) > RANK.indexOf(most) ? CHANGES[code] : most),
    "none",
  );
  // Nothing here is wrong in itself: a safe edit is news, what draws everybody again is a warning.
  const reasons = found.map(({ code, params }) =>
    changeIssue(code, { severity: CHANGES[code] === "in-place" ? "info" : "warning" }, params),
  );
  return { kind, reasons };
}

const changeIssue = (code: ChangeCode, place: IssuePlace, params: IssueParams): Issue => issue(code, place, params);
const sorted = (names: readonly string[]): string => [...names].sort().join(", ");
const filterText = ({ seed, ranges }: AllocationFilter): string =>
  `${seed} ${ranges.map(({ from, to }) => `${from}-${to}`).join(",")}`;

function differing(code: ChangeCode, before: string, after: string): readonly Found[] {
  return before === after ? [] : [{ code, params: { before, after } }];
}

type Drawn = RunningExperiment["allocation"];

function armChanges(before: Drawn, after: Drawn): readonly Found[] {
  const names = ({ arms }: Drawn) => arms.map(({ arm }) => arm).join(", ");
  const weights = ({ arms }: Drawn) => arms.map(({ weight }) => `${weight / 100} %`).join(" / ");
  const arms = differing("experiment.change-arms", names(before), names(after));
  return arms.length > 0 ? arms : differing("experiment.change-weights", weights(before), weights(after));
}

function coverageChange(before: number, after: number): readonly Found[] {
  const code = after > before ? "experiment.change-coverage-raised" : "experiment.change-coverage-lowered";
  return differing(code, `${before / 100} %`, `${after / 100} %`);
}

/** Asking less is safe; asking more would put people of a narrower kind beside those already in. */
function listChange(
  [more, less]: readonly [ChangeCode, ChangeCode],
  { before, after }: { readonly before: readonly string[]; readonly after: readonly string[] },
): readonly Found[] {
  const added = after.filter((each) => !before.includes(each)).length;
  const removed = before.filter((each) => !after.includes(each)).length;
  if (added > 0) return [{ code: more, params: { added, removed } }];
  return removed > 0 ? [{ code: less, params: { removed } }] : [];
}
