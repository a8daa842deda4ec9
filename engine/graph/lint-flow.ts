import { type Issue, type IssueSeverity, issue } from "../model/issue";
import type { LintView, StepView } from "./lint-view";
import { type Adjacency, loopsOf, reachableFrom, wayRound } from "./strongly-connected";

/** Most steps of a loop an issue spells out. */
const WAY_MAX = 8;

type LoopIssue = { readonly component: readonly number[]; readonly found: Issue };
type Flow = { readonly view: LintView; readonly adjacency: Adjacency; readonly reached: ReadonlySet<number> };

function adjacencyOf(view: LintView): Adjacency {
  const successors: number[][] = view.steps.map(() => []);
  for (const edge of view.doc.edges) {
    const from = view.byId.get(edge.from.node);
    const to = view.byId.get(edge.to);
    if (from === undefined || to === undefined) continue;
    if (from.step !== null && !from.handles.some((handle) => handle.id === edge.from.handle)) continue;
    successors[from.index]?.push(to.index);
  }
  return successors;
}

/** Only the edges that lead to steps of one sort: what loops among them, loops through nothing else. */
function leadingTo(flow: Flow, keep: (step: StepView | undefined) => boolean): Adjacency {
  const { steps } = flow.view;
  return flow.adjacency.map((successors) => successors.filter((successor) => keep(steps[successor])));
}

function wayText(flow: Flow, way: readonly number[]): string {
  const ids = way.map((index) => flow.view.steps[index]?.node.id ?? "");
  const shown = ids.length > WAY_MAX ? [...ids.slice(0, WAY_MAX - 1), "…", ...ids.slice(-1)] : ids;
  return shown.join(" → ");
}

type LoopKind = { readonly code: string; readonly severity: IssueSeverity };
const INSTANT_LOOP: LoopKind = { code: "graph.instant-loop", severity: "error" };
const PROMPT_LOOP: LoopKind = { code: "graph.prompt-loop", severity: "warning" };
const NO_WAY_OUT: LoopKind = { code: "graph.no-way-out", severity: "warning" };

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

function reversed(adjacency: Adjacency): Adjacency {
  const predecessors: number[][] = adjacency.map(() => []);
  adjacency.forEach((successors, index) => {
    for (const successor of successors) predecessors[successor]?.push(index);
  });
  return predecessors;
}

/**
 * Steps an account can come to but never leave for an exit. Steps that are not wired to the end are left out: there the
 * missing line is the problem, and it is reported as such.
 */
function trapIssues(flow: Flow): readonly LoopIssue[] {
  const { steps, doc } = flow.view;
  const wired = new Set(doc.edges.map((edge) => `${edge.from.node} ${edge.from.handle}`));
  const ends = steps
    .filter(({ step, handles, node }) => {
      if (step === null || handles.length === 0) return true;
      return handles.some((handle) => handle.required && !wired.has(`${node.id} ${handle.id}`));
    })
    .map((step) => step.index);
  const canLeave = reachableFrom(reversed(flow.adjacency), ends);
  const trapped = flow.adjacency.map((successors, index) =>
    flow.reached.has(index) && !canLeave.has(index) ? successors : [],
  );
  return loopIssues(flow, trapped, NO_WAY_OUT);
}

function unreachable(flow: Flow): readonly Issue[] {
  return flow.view.steps
    .filter((step) => !flow.reached.has(step.index) && flow.view.byId.get(step.node.id) === step)
    .map(({ node, path }) => issue("graph.unreachable-step", { path, nodeId: node.id, severity: "warning" }));
}

/** Where accounts can get to: steps no line leads to, loops that do not wait, places without a way to an exit. */
export function lintFlow(view: LintView): readonly Issue[] {
  const entry = view.byId.get(view.doc.entry.node);
  const adjacency = adjacencyOf(view);
  const flow: Flow = { view, adjacency, reached: reachableFrom(adjacency, entry === undefined ? [] : [entry.index]) };
  const instant = loopIssues(
    flow,
    leadingTo(flow, (step) => step?.pace === "instant"),
    INSTANT_LOOP,
  );
  const prompt = loopIssues(
    flow,
    leadingTo(flow, (step) => step?.pace === "instant" || step?.pace === "prompt"),
    PROMPT_LOOP,
  );
  const loops = [...instant, ...without(prompt, instant)];
  // Without an entry every step would be called unreachable; the missing entry says it once.
  const traps = entry === undefined ? [] : without(trapIssues(flow), instant);
  const unreached = entry === undefined ? [] : unreachable(flow);
  return [...unreached, ...[...loops, ...traps].map(({ found }) => found)];
}
