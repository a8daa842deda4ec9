import type { EnrollmentState } from "../model/execution";
import type { ExitReason } from "../model/exit-reason";
import type { FactValue } from "../model/facts";
import { type Issue, issue } from "../model/issue";
import { canonicalJson } from "../model/json";
import type { MigrationPlan, StepMove } from "../model/migration-plan";
import type { Program, ProgramStep, StepSpec, WaitSpec } from "../model/program";
import { firstVars } from "./first-state";
import { withoutRounds } from "./loop-counts";

/** Accounts that stand at one step of the old version now. */
export type StepPopulation = {
  readonly nodeId: string;
  readonly accounts: number;
  /** Of them: on hold, and with a contact out that nobody has answered yet. These move when they are free. */
  readonly held: number;
  readonly contactOut: number;
  /** Of them: with an open promise to pay. It stays on record; the new step reads it. */
  readonly promised: number;
};

/** What a step of the old version has out when it is left, by what kind of step it is. */
export type LeftBehind = "wait" | "contact" | "task" | "question" | "check" | "nothing";
/** What happens first at a step of the new version once it is entered. */
export type FirstAct =
  /** A wait that begins anew: the time waited so far does not count. */
  | "waits-anew"
  /** A wait for a date or a time of day: reckoned again, so it ends when it would have ended. */
  | "waits-until"
  | "contacts"
  | "asks-people"
  | "asks-system"
  | "checks"
  | "decides"
  | "leaves";

export type MigrationGroup = StepPopulation & {
  readonly leaves: LeftBehind;
  /** What becomes of them unless somebody chooses otherwise. */
  readonly proposed: StepMove;
  /** The step is gone from the new version: a person has to look. */
  readonly removed: boolean;
  /** The step is in both and does something else now. */
  readonly changed: boolean;
};

export type MigrationTarget = {
  readonly nodeId: string;
  readonly does: FirstAct;
  /** Of a step that leaves. */
  readonly exit: ExitReason | null;
};

export type MigrationProposal = {
  readonly groups: readonly MigrationGroup[];
  /** Steps of the new version somebody may be moved to. */
  readonly targets: readonly MigrationTarget[];
};

/** What becomes of accounts at a step the plan does not name: the step of the same name, or they stay. */
export function moveOf(plan: MigrationPlan, to: Pick<Program, "steps">, nodeId: string): StepMove {
  const planned = Object.hasOwn(plan.steps, nodeId) ? plan.steps[nodeId] : undefined;
  return planned ?? proposedMove(to, nodeId);
}

function proposedMove(to: Pick<Program, "steps">, nodeId: string): StepMove {
  const target = stepIn(to, nodeId);
  return target !== null && isTarget(target) ? { act: "move", to: nodeId } : { act: "stay" };
}

/** What a move would do to whoever is under way, step by step of the old version. Deterministic; groups with most accounts first. */
export function proposeMigration(
  from: Program,
  to: Program,
  populations: readonly StepPopulation[],
): MigrationProposal {
  const groups = populations.map((population) => {
    const { nodeId } = population;
    const [old, same] = [stepIn(from, nodeId), stepIn(to, nodeId)];
    const meaning = (step: ProgramStep) => canonicalJson({ spec: step.spec, handles: step.handles });
    return {
      ...population,
      leaves: old === null ? "nothing" : leftBehind(old.spec),
      proposed: proposedMove(to, nodeId),
      removed: same === null,
      changed: old !== null && same !== null && meaning(old) !== meaning(same),
    } satisfies MigrationGroup;
  });
  const targets = Object.values(to.steps)
    .filter(isTarget)
    .map(({ id, spec }) => ({ nodeId: id, does: firstAct(spec), exit: spec.kind === "exit" ? spec.reason : null }));
  return {
    groups: groups.sort((left, right) => right.accounts - left.accounts || (left.nodeId < right.nodeId ? -1 : 1)),
    targets: targets.sort((left, right) => (left.nodeId < right.nodeId ? -1 : 1)),
  };
}

/**
 * Issues: `migration.same-version`, `migration.other-strategy`, `migration.currency-differs` (amounts an account carries along would
 * mean something else), `migration.step-unknown` (the plan names a step the old version does not have), `migration.target-unknown`
 * (or one the new version does not have, or the entry, which lets accounts in and not through).
 */
export function checkMigration(from: Program, to: Program, plan: MigrationPlan): readonly Issue[] {
  const issues: Issue[] = [];
  if (from.strategyKey !== to.strategyKey) issues.push(issue("migration.other-strategy"));
  if (from.settings.currency !== to.settings.currency) issues.push(issue("migration.currency-differs"));
  for (const [nodeId, move] of Object.entries(plan.steps)) {
    if (stepIn(from, nodeId) === null) issues.push(issue("migration.step-unknown", {}, { step: nodeId }));
    if (move.act !== "move") continue;
    const target = stepIn(to, move.to);
    if (target === null || !isTarget(target))
      issues.push(issue("migration.target-unknown", {}, { step: nodeId, target: move.to }));
  }
  return issues;
}

/**
 * The state with which an account goes over to another version, before the step is entered there. Variables the new version
 * declares with the same type keep their value, those it adds begin as they do for everybody, the others are dropped; so are rounds
 * of repeats it does not have.
 */
export function carriedInto(state: EnrollmentState, from: Program, to: Program): EnrollmentState {
  const known = new Map((from.settings.variables ?? []).map(({ name, type }) => [name, type]));
  const vars: { [name: string]: FactValue } = { ...firstVars(to) };
  for (const { name, type } of to.settings.variables ?? []) {
    if (known.get(name) !== type) continue;
    const value = Object.hasOwn(state.vars, name) ? state.vars[name] : undefined;
    if (value === undefined) delete vars[name];
    else vars[name] = value;
  }
  const gone = Object.keys(state.loopCounts).filter((nodeId) => stepIn(to, nodeId)?.spec.kind !== "repeat");
  return { ...state, vars, loopCounts: gone.reduce(withoutRounds, state.loopCounts) };
}

function stepIn({ steps }: Pick<Program, "steps">, nodeId: string): ProgramStep | null {
  return (Object.hasOwn(steps, nodeId) ? steps[nodeId] : undefined) ?? null;
}

function isTarget({ spec }: ProgramStep): boolean {
  return spec.kind !== "entry";
}

const ASKED = {
  contact: { leaves: "contact", does: "contacts" },
  qa: { leaves: "check", does: "checks" },
  "conversation-qa": { leaves: "check", does: "checks" },
  task: { leaves: "task", does: "asks-people" },
  external: { leaves: "question", does: "asks-system" },
} as const;

function leftBehind(spec: StepSpec): LeftBehind {
  if (spec.kind === "wait") return "wait";
  return spec.kind === "request" ? ASKED[spec.request.kind].leaves : "nothing";
}

function firstAct(spec: StepSpec): FirstAct {
  if (spec.kind === "exit") return "leaves";
  if (spec.kind === "wait") return BEGINS_ANEW[spec.wait.mode] ? "waits-anew" : "waits-until";
  return spec.kind === "request" ? ASKED[spec.request.kind].does : "decides";
}

/** Whether a wait is reckoned from the instant its step is entered. */
const BEGINS_ANEW: { readonly [mode in WaitSpec["mode"]]: boolean } = {
  duration: true,
  event: true,
  "until-working-day": true,
  "until-local-time": false,
  "until-date": false,
  "until-dpd": false,
  "until-day-of-month": false,
  "until-fact-date": false,
};
