/** Successors of each vertex, by index. */
export type Adjacency = readonly (readonly number[])[];

type Frame = { readonly vertex: number; next: number };
type Search = {
  readonly adjacency: Adjacency;
  /** Order of discovery, -1 = not seen. */
  readonly order: number[];
  readonly low: number[];
  readonly onStack: boolean[];
  readonly stack: number[];
  readonly components: number[][];
  discovered: number;
};

function open(search: Search, vertex: number, frames: Frame[]): void {
  search.order[vertex] = search.discovered;
  search.low[vertex] = search.discovered;
  search.discovered += 1;
  search.stack.push(vertex);
  search.onStack[vertex] = true;
  frames.push({ vertex, next: 0 });
}

function lower(search: Search, vertex: number, candidate: number): void {
  search.low[vertex] = Math.min(search.low[vertex] ?? candidate, candidate);
}

function close(search: Search, vertex: number): void {
  if (search.low[vertex] !== search.order[vertex]) return;
  const component: number[] = [];
  for (let member = search.stack.pop(); member !== undefined; member = search.stack.pop()) {
    search.onStack[member] = false;
    component.push(member);
    if (member === vertex) break;
  }
  search.components.push(component.sort((left, right) => left - right));
}

function explore(search: Search, root: number): void {
  const frames: Frame[] = [];
  open(search, root, frames);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { vertex } = frame;
    const successor = search.adjacency[vertex]?.[frame.next];
    frame.next += 1;
    if (successor === undefined) {
      frames.pop();
      close(search, vertex);
      const parent = frames.at(-1);
      if (parent !== undefined) lower(search, parent.vertex, search.low[vertex] ?? 0);
    } else if (search.order[successor] === -1) open(search, successor, frames);
    else if (search.onStack[successor]) lower(search, vertex, search.order[successor] ?? 0);
  }
}

/**
 * Strongly connected components (Tarjan 1972), each sorted, successors before their predecessors. With its own stack
 * instead of recursion: a chain of thousands of steps must not exhaust the call stack.
 */
export function stronglyConnected(adjacency: Adjacency): readonly (readonly number[])[] {
  const search: Search = {
    adjacency,
    order: adjacency.map(() => -1),
    low: adjacency.map(() => -1),
    onStack: adjacency.map(() => false),
    stack: [],
    components: [],
    discovered: 0,
  };
  for (let vertex = 0; vertex < adjacency.length; vertex += 1) {
    if (search.order[vertex] === -1) explore(search, vertex);
  }
  return search.components;
}

/** Components that are loops: several vertices, or one that leads to itself. */
export function loopsOf(adjacency: Adjacency): readonly (readonly number[])[] {
  return stronglyConnected(adjacency).filter((component) => {
    const only = component[0];
    return component.length > 1 || (only !== undefined && (adjacency[only] ?? []).includes(only));
  });
}

/** Every vertex that can be reached from the roots, roots included. */
export function reachableFrom(adjacency: Adjacency, roots: readonly number[]): ReadonlySet<number> {
  const reached = new Set(roots);
  const open = [...roots];
  for (let vertex = open.pop(); vertex !== undefined; vertex = open.pop()) {
    for (const successor of adjacency[vertex] ?? []) {
      if (reached.has(successor)) continue;
      reached.add(successor);
      open.push(successor);
    }
  }
  return reached;
}

/** A shortest way round from a vertex back to itself inside its component, both ends included. */
export function wayRound(adjacency: Adjacency, component: readonly number[], from: number): readonly number[] {
  const inside = new Set(component);
  const cameFrom = new Map<number, number>();
  let frontier = [from];
  while (frontier.length > 0) {
    const next: number[] = [];
    for (const vertex of frontier) {
      for (const successor of adjacency[vertex] ?? []) {
        if (!inside.has(successor)) continue;
        if (successor === from) return [...trail(cameFrom, from, vertex), from];
        if (cameFrom.has(successor)) continue;
        cameFrom.set(successor, vertex);
        next.push(successor);
      }
    }
    frontier = next;
  }
  return [from];
}

function trail(cameFrom: ReadonlyMap<number, number>, from: number, to: number): readonly number[] {
  const steps = [to];
  for (let vertex = to; vertex !== from; ) {
    const before = cameFrom.get(vertex);
    if (before === undefined) break;
    steps.push(before);
    vertex = before;
  }
  return steps.reverse();
}
