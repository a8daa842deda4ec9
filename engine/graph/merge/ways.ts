import type { StrategyEdge, StrategyNode } from "../../model/strategy";
import { ENTRY } from "../diff/document-shapes";
import { handlesOf, wayDifference } from "../diff/drawn";
import type { Given } from "../diff/structure";
import type { Case, Choose, DecidedSteps, MergedDrawing } from "./drawing";
import { freeId } from "./free-id";
import { same } from "./same";
import { plainSide, type Side, sidesOf } from "./three-way";

/** Lines of a drawing by the step and the way on they leave by. */
export type Ways = {
  readonly handlesOf: (stepId: string) => readonly string[];
  readonly edges: (stepId: string, handle: string) => readonly StrategyEdge[];
  /** Where each way on of a step leads; equal for equal steps whatever their lines are called. */
  readonly of: (stepId: string) => Given;
};

export function waysOf(edges: readonly StrategyEdge[]): Ways {
  const found = new Map<string, Map<string, StrategyEdge[]>>();
  for (const edge of edges) {
    const { node, handle } = edge.from;
    const own = found.get(node) ?? new Map<string, StrategyEdge[]>();
    found.set(node, own);
    own.set(handle, [...(own.get(handle) ?? []), edge]);
  }
  return {
    handlesOf: (stepId) => [...(found.get(stepId)?.keys() ?? [])],
    edges: (stepId, handle) => found.get(stepId)?.get(handle) ?? [],
    of: (stepId) =>
      Object.fromEntries([...(found.get(stepId) ?? [])].map(([handle, list]) => [handle, endsOf(list) ?? []])),
  };
}

/** Where lines lead; nothing where there are none. */
function endsOf(edges: readonly StrategyEdge[]): Given {
  return edges.length === 0 ? undefined : edges.map(({ to }) => to).sort();
}

type MergedWays = Pick<MergedDrawing, "edges" | "entry"> & {
  /** Steps that must be taken whole: else a line would lead to nothing, or leave by a way on that is gone. */
  readonly broken: readonly string[];
};

export function mergedWays(one: Case, decided: DecidedSteps, choose: Choose): MergedWays {
  const broken = new Set<string>();
  const edges: StrategyEdge[] = [];
  const taken = new Set<string>();
  const add = (edge: StrategyEdge) => {
    const id = taken.has(edge.id) ? freeId(edge.id, taken) : edge.id;
    taken.add(id);
    edges.push(id === edge.id ? edge : { ...edge, id });
  };
  for (const [id, { node, whole }] of decided) {
    if (node === undefined) continue;
    const handles = sidesOf(one.ways, (ways) => ways.handlesOf(id));
    const all = whole === null ? [...handles.mine, ...handles.theirs, ...handles.base] : handles[whole];
    for (const handle of new Set(all)) {
      const side = whole ?? wayFrom(one, { node, handle }, choose);
      const found = standing(one, decided, { id, handle, side });
      for (const step of found.broken) broken.add(step);
      if (found.edges.length > 0 && whole === null && lostItsWay(one, { node, handle, side })) broken.add(id);
      for (const edge of found.edges) add(edge);
    }
  }
  const entry = mergedEntry(one, decided, choose);
  if (entry.broken !== null) broken.add(entry.broken);
  return { edges: inOrder(one, edges), entry: entry.entry, broken: [...broken] };
}

type WayOn = { readonly node: StrategyNode; readonly handle: string };

/** The side whose lines of a way on go on. */
function wayFrom({ ways, steps }: Case, { node, handle }: WayOn, choose: Choose): Side {
  const ends = sidesOf(ways, (side) => endsOf(side.edges(node.id, handle)));
  const plain = plainSide(ends);
  if (plain !== null) return plain;
  const handles = [node, steps.mine.get(node.id), steps.theirs.get(node.id)].flatMap(handlesOf);
  const { path, labels, tell } = wayDifference({ handle, before: [], after: [] }, node, handles);
  const single = (given: Given): Given => (Array.isArray(given) && given.length === 1 ? given[0] : given);
  return choose(node.id, { path, labels, tell, sides: sidesOf(ends, single) });
}

type Led = { readonly id: string; readonly handle: string; readonly side: Side };
const OTHER: { readonly [side in Side]: Side } = { mine: "theirs", theirs: "mine" };

/** Lines of a way on whose steps stand; steps that were taken away though a line leads to them. */
function standing({ steps, ways, whole }: Case, decided: DecidedSteps, { id, handle, side }: Led) {
  const gone = (edge: StrategyEdge) => isGone(steps, decided, edge.to);
  const lines = ways[side].edges(id, handle);
  const missing = lines.filter(gone).map(({ to }) => to);
  if (missing.length === 0) return { edges: lines, broken: [] };
  const broken = missing.filter((to) => !whole.has(to));
  // It was asked about the step, and the step goes: the way leads where it leads for the one who took it away.
  return { edges: ways[OTHER[side]].edges(id, handle).filter((edge) => !gone(edge)), broken };
}

/** Whether a step was taken away by the merge; one that no drawing has was missing before. */
function isGone(steps: Case["steps"], decided: DecidedSteps, id: string): boolean {
  if (decided.get(id)?.node !== undefined) return false;
  return steps.base.has(id) || steps.mine.has(id) || steps.theirs.has(id);
}

/** Whether lines leave by a way on that the merged step no longer has, though it was there for everybody who drew them. */
function lostItsWay({ steps, ways }: Case, { node, handle, side }: WayOn & { readonly side: Side }): boolean {
  const has = (step: StrategyNode | undefined) => handlesOf(step).some(({ id }) => id === handle);
  const ends = sidesOf(ways, (drawn) => endsOf(drawn.edges(node.id, handle)));
  const drawnBy = same(ends.mine, ends.theirs) ? (["mine", "theirs"] as const) : [side];
  // Reading a step's data is dear: one that is as somebody drew it has lost nothing for that one.
  if (drawnBy.some((one) => same(steps[one].get(node.id) as Given, node as Given))) return false;
  return !has(node) && drawnBy.every((one) => has(steps[one].get(node.id)));
}

function mergedEntry({ drawings, steps, whole }: Case, decided: DecidedSteps, choose: Choose) {
  const first = sidesOf(drawings, ({ entry }) => entry.node);
  const side =
    plainSide(first) ?? choose("", { path: ["entry"], labels: [ENTRY.label], tell: tellEntry, sides: first });
  if (!isGone(steps, decided, first[side])) return { entry: { node: first[side] }, broken: null };
  if (!whole.has(first[side])) return { entry: { node: first[side] }, broken: first[side] };
  return { entry: { node: first[OTHER[side]] }, broken: null };
}

const tellEntry = ENTRY.shape.kind === "leaf" ? ENTRY.shape.tell : String;

/** In the order of mine; what only theirs has follows in theirs. */
function inOrder({ drawings }: Case, edges: readonly StrategyEdge[]): readonly StrategyEdge[] {
  const ranks = new Map<string, number>();
  for (const { from } of [...drawings.mine.edges, ...drawings.theirs.edges]) {
    const key = `${from.node} ${from.handle}`;
    if (!ranks.has(key)) ranks.set(key, ranks.size);
  }
  const rank = ({ from }: StrategyEdge) => ranks.get(`${from.node} ${from.handle}`) ?? ranks.size;
  return [...edges].sort((left, right) => rank(left) - rank(right));
}
