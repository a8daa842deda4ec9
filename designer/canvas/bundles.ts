import type { Handle, StrategyDoc, StrategyEdge } from "#engine";
import { viewOf } from "../commands/step-view";

/**
 * All edges from one step to another, drawn as one line: a robot call has eight ways on, and most lead to the same two
 * places. `members` stand in the order of the handles; `loop` leads back to a step the path has passed.
 */
export type Bundle = {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly members: readonly { readonly edge: StrategyEdge; readonly handle: Handle | undefined }[];
  readonly loop: boolean;
  /** The line by which its target is first come to: the one that decides how far down the target stands. */
  readonly first: boolean;
};

export function bundleId(source: string, target: string): string {
  return `${source}>${target}`;
}

type Way = { readonly source: string; readonly target: string; members: Bundle["members"] };

/** Ways out of every step in the order of its handles; edges whose handle is gone come last. */
function waysBySource(doc: StrategyDoc): ReadonlyMap<string, readonly Way[]> {
  const known = new Set(doc.nodes.map((node) => node.id));
  const edgesBySource = new Map<string, StrategyEdge[]>();
  for (const edge of doc.edges) {
    if (!known.has(edge.from.node) || !known.has(edge.to)) continue;
    const edges = edgesBySource.get(edge.from.node) ?? [];
    edges.push(edge);
    edgesBySource.set(edge.from.node, edges);
  }
  const ways = new Map<string, readonly Way[]>();
  for (const node of doc.nodes) {
    const { handles } = viewOf(node);
    const place = (edge: StrategyEdge): number => {
      const index = handles.findIndex((handle) => handle.id === edge.from.handle);
      return index === -1 ? handles.length : index;
    };
    const edges = (edgesBySource.get(node.id) ?? []).toSorted((left, right) => place(left) - place(right));
    const byTarget = new Map<string, Way>();
    for (const edge of edges) {
      const way = byTarget.get(edge.to) ?? { source: node.id, target: edge.to, members: [] };
      way.members = [...way.members, { edge, handle: handles[place(edge)] }];
      byTarget.set(edge.to, way);
    }
    ways.set(node.id, [...byTarget.values()]);
  }
  return ways;
}

export type Flow = { readonly order: readonly string[]; readonly bundles: readonly Bundle[] };

/**
 * The drawing's skeleton: steps in the order an account may meet them (depth first from the entry, ways on in the order of
 * the handles, steps nobody reaches last), and the bundles among them. Iterative: a chain may have thousands of steps.
 */
export function flowOf(doc: StrategyDoc): Flow {
  const ways = waysBySource(doc);
  const order: string[] = [];
  const bundles: Bundle[] = [];
  const seen = new Set<string>();
  const open = new Set<string>();
  for (const root of [doc.entry.node, ...doc.nodes.map((node) => node.id)]) {
    if (seen.has(root) || !ways.has(root)) continue;
    const path: { readonly id: string; next: number }[] = [{ id: root, next: 0 }];
    seen.add(root);
    open.add(root);
    order.push(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const way = ways.get(top.id)?.[top.next];
      top.next += 1;
      if (way === undefined) {
        open.delete(top.id);
        path.pop();
        continue;
      }
      bundles.push({
        ...way,
        id: bundleId(way.source, way.target),
        loop: open.has(way.target),
        first: !seen.has(way.target),
      });
      if (seen.has(way.target)) continue;
      seen.add(way.target);
      open.add(way.target);
      order.push(way.target);
      path.push({ id: way.target, next: 0 });
    }
  }
  return { order, bundles };
}
