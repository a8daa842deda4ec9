import type { Bundle } from "../bundles";

/**
 * What the layout places, by number: steps in even ranks, labels in the odd rank below their step, and trunks: where a line
 * passes ranks it has nothing to do with. All lines to one step share its trunk, as rivers do: an exit that two hundred steps
 * lead to takes one lane beside the steps, not two hundred.
 */
export type Chart = {
  /** Width each place asks for, the gap to its neighbours included, in pixels. */
  readonly rooms: readonly number[];
  readonly ranks: readonly number[];
  /** What leads on from a place: the labels of a step, left to right. */
  readonly next: readonly (readonly number[])[];
  /** Places below and above that a place would like to stand in line with. */
  readonly downs: readonly (readonly number[])[];
  readonly ups: readonly (readonly number[])[];
  readonly isTrunk: readonly boolean[];
  readonly steps: ReadonlyMap<string, number>;
  /** Each line's way down, by bundle. */
  readonly ways: ReadonlyMap<string, Way>;
  /** Places of each rank, left to right. */
  readonly rows: readonly (readonly number[])[];
};

/** A line's label, and where it joins the trunk of its target; at the trunk's end it leads straight to the target. */
export type Way = { readonly label: number; readonly trunk: readonly number[]; readonly joins: number };

export type ChartInput = {
  readonly order: readonly string[];
  readonly forward: readonly Bundle[];
  readonly layers: ReadonlyMap<string, number>;
  readonly stepRoom: (nodeId: string) => number;
  readonly labelRoom: (bundleId: string) => number;
  readonly trunkRoom: number;
};

/**
 * Trunk places one chart may take, per step. Drawn strategies need one or two; a chart that asks for more (each of thousands
 * of steps leading far down to one of its own) gives up those of its longest lines, which then pass behind the steps.
 */
const TRUNKS_PER_STEP = 12;

/** First rank of each step's trunk: below the highest label that leads to it. Longest trunks beyond the bound are left out. */
function trunkBeginnings({ forward, layers, order }: ChartInput): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { source, target } of forward) {
    const rank = 2 * (layers.get(source) ?? 0) + 2;
    first.set(target, Math.min(first.get(target) ?? rank, rank));
  }
  const lengthOf = ([target, rank]: readonly [string, number]) => 2 * (layers.get(target) ?? 0) - rank;
  let budget = TRUNKS_PER_STEP * order.length;
  const kept = new Map<string, number>();
  for (const trunk of [...first].sort((left, right) => lengthOf(left) - lengthOf(right))) {
    budget -= lengthOf(trunk);
    if (budget < 0) break;
    kept.set(trunk[0], trunk[1]);
  }
  return kept;
}

/**
 * By step, the one line that leads to a step right below while all others join trunks: it goes straight down. Without this every
 * wait in a long chain would stand a little further to the side. Steps that branch stand over the middle of their branches.
 */
function linesKept({ forward, layers }: ChartInput): ReadonlyMap<string, string> {
  const near = new Map<string, string[]>();
  for (const { id, source, target, first } of forward) {
    if (first && (layers.get(target) ?? 0) === (layers.get(source) ?? 0) + 1)
      near.set(source, [...(near.get(source) ?? []), id]);
  }
  return new Map(
    [...near].flatMap(([source, [id, ...more]]) => (id === undefined || more.length > 0 ? [] : [[source, id]])),
  );
}

class ChartBuilder {
  readonly rooms: number[] = [];
  readonly ranks: number[] = [];
  readonly downs: number[][] = [];
  readonly ups: number[][] = [];
  readonly next: number[][] = [];
  readonly isTrunk: boolean[] = [];

  add(room: number, rank: number, isTrunk: boolean): number {
    this.rooms.push(room);
    this.isTrunk.push(isTrunk);
    this.downs.push([]);
    this.ups.push([]);
    this.next.push([]);
    return this.ranks.push(rank) - 1;
  }

  link(upper: number, lower: number, inLine = true): void {
    this.next[upper]?.push(lower);
    if (!inLine) return;
    this.downs[upper]?.push(lower);
    this.ups[lower]?.push(upper);
  }
}

/** Numbers everything that has a place, and orders each rank as the chart is walked: ways on in the author's order. */
export function chartOf(input: ChartInput): Chart {
  const { order, forward, layers, stepRoom, labelRoom, trunkRoom } = input;
  const built = new ChartBuilder();
  const rankOf = (id: string): number => 2 * (layers.get(id) ?? 0);
  const steps = new Map(order.map((id) => [id, built.add(stepRoom(id), rankOf(id), false)]));
  const keepsLine = linesKept(input);
  /** Steps that stand straight below another one: whatever else leads to them comes in from the side. */
  const straight = new Set(forward.flatMap(({ id, source, target }) => (keepsLine.get(source) === id ? [target] : [])));
  const ways = new Map<string, Way>();
  const beginnings = trunkBeginnings(input);
  const trunks = new Map<string, readonly number[]>();
  const trunkTo = (target: string): readonly number[] => {
    const places: number[] = [];
    for (let rank = beginnings.get(target) ?? rankOf(target); rank < rankOf(target); rank += 1) {
      const place = built.add(trunkRoom, rank, true);
      const above = places.at(-1);
      if (above !== undefined) built.link(above, place);
      places.push(place);
    }
    const last = places.at(-1);
    if (last !== undefined) built.link(last, steps.get(target) ?? 0, !straight.has(target));
    return places;
  };
  for (const { id, source, target } of forward) {
    const rank = rankOf(source) + 1;
    const label = built.add(labelRoom(id), rank, false);
    built.link(steps.get(source) ?? 0, label, keepsLine.get(source) === undefined || keepsLine.get(source) === id);
    const trunk = trunks.get(target) ?? trunkTo(target);
    trunks.set(target, trunk);
    const joins = trunk.length - (rankOf(target) - rank - 1);
    ways.set(id, { label, trunk, joins: Math.max(0, joins) });
    // A trunk stands below the highest of its labels; those that join it further down must not bend it.
    const first = trunk[0];
    const inLine = !straight.has(target) || keepsLine.get(source) === id;
    if (joins === trunk.length) built.link(label, steps.get(target) ?? 0, inLine);
    else if (joins === 0 && first !== undefined) built.link(label, first);
  }
  const { rooms, ranks, downs, ups, next, isTrunk } = built;
  return { rooms, ranks, downs, ups, next, isTrunk, steps, ways, rows: rowsOf(built, [...steps.values()]) };
}

/** Depth first, so that what belongs to one way on stands together. Iterative: a chain may have thousands of steps. */
function rowsOf({ ranks, next }: ChartBuilder, roots: readonly number[]): readonly (readonly number[])[] {
  const rows: number[][] = [];
  const seen = new Uint8Array(ranks.length);
  for (const root of roots) {
    const open = [root];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (seen[place] === 1) continue;
      seen[place] = 1;
      const rank = ranks[place] ?? 0;
      while (rows.length <= rank) rows.push([]);
      rows[rank]?.push(place);
      open.push(...(next[place] ?? []).toReversed());
    }
  }
  return rows;
}
