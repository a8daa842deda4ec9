import { type Issue, type IssueSeverity, issue } from "../model/issue";
import type { Handle } from "../nodes/define";
import type { LintView, StepView } from "./lint-view";
import type { Pace } from "./pace";
import { type Adjacency, loopsOf, reachableFrom, wayRound } from "./strongly-connected";

/** Most steps of a loop an issue spells out. */
const WAY_MAX = 8;

type LoopIssue = { readonly component: readonly number[]; readonly found: Issue };
type Flow = { readonly view: LintView; readonly adjacency: Adjacency; readonly reached: ReadonlySet<number> };

/** Which ways on to follow. */
type LeadsOn = (from: StepView, handle: Handle | undefined) => boolean;

/** Steps that lines lead to. */
function adjacencyOf(view: LintView, leadsOn: LeadsOn): Adjacency {
  const successors: number[][] = view.steps.map(() => []);
  for (const edge of view.doc.edges) {
    const from = view.byId.get(edge.from.node);
    const to = view.byId.get(edge.to);
    if (from === undefined || to === undefined) continue;
    const handle = from.handles.find(({ id }) => id === edge.from.handle);
    if (leadsOn(from, handle)) successors[from.index]?.push(to.index);
  }
  return successors;
}

/** Ways on of a step that does not parse are unknown, so that every line from it may be one. */
const byAnyHandle: LeadsOn = (from, handle) => from.step === null || handle !== undefined;
/** Nobody knows how often a step leads back that does not parse; that it does not is reported. */
const withoutRepeats: LeadsOn = (from, handle) => from.step !== null && handle !== undefined && handle.repeats !== true;

/** Only the ways on that are taken on the spot, by steps of a pace or by their handle: what loops among them does not wait. */
function takenOnTheSpot(paces: readonly Pace[]): LeadsOn {
  return (from, handle) => handle !== undefined && (paces.includes(from.pace) || handle.instant === true);
}

function wayText(flow: Flow, way: readonly number[]): string {
  const ids = way.map((index) => flow.view.steps[index]?.node.id ?? "");
  const shown = ids.length > WAY_MAX ? [...ids.slice(0, WAY_MAX - 1), "…", ...ids.slice(-1)] : ids;
  return shown.join(" → ");
}

type LoopKind = { readonly code: string; readonly severity: IssueSeverity };
const INSTANT_LOOP: LoopKind = { code: "graph.instant-loop", severity: "error" };
const UNBOUNDED_LOOP: LoopKind = { code: "graph.unbounded-loop", severity: "error" };
const PROMPT_LOOP: LoopKind = { code: "graph.prompt-loop", severity: "warning" };

/** One issue per loop, at its first step in document order, with a way round spelled out. */
function loopIssues(flow: Flow, adjacency: Adjacency, kind: LoopKind): readonly LoopIssue[] {
  return loopsOf(adjacency).flatMap((component) => {
    const first = component[0];
    const step = first === undefined ? undefined : flow.view.steps[first];
    if (first === undefined || step === undefined) return [];
    const place = { path: step.path, nodeId: step.node.id, severity: kind.severity };
    const way = wayRound(adjacency, component, first);
    return [{ component, found: issue(kind.code, place, { steps: wayText(flow, way) }) }];
  });
}

/** Loops that share no step with loops already reported: one mistake, one issue. */
function without(loops: readonly LoopIssue[], reported: readonly LoopIssue[]): readonly LoopIssue[] {
  const covered = new Set(reported.flatMap(({ component }) => component));
  return loops.filter(({ component }) => !component.some((index) => covered.has(index)));
}

function unreachable(flow: Flow): readonly Issue[] {
  return flow.view.steps
    .filter((step) => !flow.reached.has(step.index) && flow.view.byId.get(step.node.id) === step)
    .map(({ node, path }) => issue("graph.unreachable-step", { path, nodeId: node.id, severity: "warning" }));
}

/**
 * Where accounts can get to: steps no line leads to, loops without a wait or without a bound. Places without a way to an exit need
 * no issue of their own: where every way on is wired and none leads out, some loop has no bound.
 */
export function lintFlow(view: LintView): readonly Issue[] {
  const entry = view.byId.get(view.doc.entry.node);
  const adjacency = adjacencyOf(view, byAnyHandle);
  const flow: Flow = { view, adjacency, reached: reachableFrom(adjacency, entry === undefined ? [] : [entry.index]) };
  const instant = loopIssues(flow, adjacencyOf(view, takenOnTheSpot(["instant"])), INSTANT_LOOP);
  const prompt = loopIssues(flow, adjacencyOf(view, takenOnTheSpot(["instant", "prompt"])), PROMPT_LOOP);
  const unbounded = without(loopIssues(flow, adjacencyOf(view, withoutRepeats), UNBOUNDED_LOOP), instant);
  const refused = [...instant, ...unbounded];
  const loops = [...refused, ...without(prompt, refused)];
  // Without an entry every step would be called unreachable; the missing entry says it once.
  const unreached = entry === undefined ? [] : unreachable(flow);
  return [...unreached, ...loops.map(({ found }) => found)];
}
