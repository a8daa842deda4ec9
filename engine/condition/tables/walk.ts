import type { Condition } from "../../model/condition";
import { draw } from "../../model/draw";
import type { Span } from "./box";
import type { Dimension } from "./regions";
import { both, type Row, toTruth } from "./rows";
import { type BoundOf, FALSE, TRUE, type Truth, truthAt, UNKNOWN } from "./truth";

/** Boxes without a row that are kept; a table with more of them has not been begun to be filled in. */
const GAPS_KEPT_MAX = 200;

/** A going through the combinations of regions: what may be looked at, how much more of it, and what was found. */
export type Walk = {
  readonly dimensions: readonly Dimension[];
  readonly boundOf: BoundOf;
  looksLeft: number;
  /** Boxes in which no row holds. */
  readonly gaps: (readonly Span[])[];
  /** Rows that decide somewhere. */
  readonly deciding: Set<number>;
};

/** A row that may still hold where the walk stands. */
export type Alive = { readonly row: Row; readonly unknown: boolean };

/** Goes on from a dimension, taking together the regions between which no row that is left can tell. */
export function visit(walk: Walk, alive: readonly Alive[], spans: readonly Span[]): void {
  const depth = spans.length;
  if (walk.looksLeft <= 0) return;
  const [first] = alive;
  if (first === undefined) {
    if (walk.gaps.length < GAPS_KEPT_MAX) walk.gaps.push(spans);
    return;
  }
  if (first.row.last < depth) {
    if (!first.unknown) walk.deciding.add(first.row.index);
    return;
  }
  for (const span of spansAt(walk, alive, depth)) {
    const next = [...spans, span];
    visit(walk, span === null ? alive : rowsInside(walk, alive, next), next);
  }
}

/** Regions of a dimension by what the rows that are left say of them; `[null]` when none of them asks. */
function spansAt(walk: Walk, alive: readonly Alive[], depth: number): readonly Span[] {
  const regions = walk.dimensions[depth]?.regions ?? [];
  const asking = alive.filter(({ row }) => row.perDimension[depth] !== null);
  const apart = alive.some(({ row }) => row.mixed.some(({ needs }) => needs.includes(depth)));
  if (asking.length === 0 && !apart) return [null];
  // Rows that ask the same question share what it answers.
  const patterns = [...new Set(asking.map(({ row }) => row.perDimension[depth]))];
  walk.looksLeft -= alive.length + patterns.length * regions.length;
  if (walk.looksLeft <= 0) return [];
  const groups = new Map<string, number[]>();
  regions.forEach((_, region) => {
    const answers = patterns.map((pattern) => pattern?.[region] ?? TRUE).join("");
    const signature = apart ? `${answers}:${region}` : answers;
    const group = groups.get(signature);
    if (group === undefined) groups.set(signature, [region]);
    else group.push(region);
  });
  return [...groups.values()];
}

/** Rows that do not fail in the last span; rows below one that asks nothing more can no longer be reached. */
function rowsInside(walk: Walk, alive: readonly Alive[], spans: readonly Span[]): readonly Alive[] {
  const depth = spans.length - 1;
  const region = spans[depth]?.[0] ?? 0;
  const inside: Alive[] = [];
  walk.looksLeft -= alive.length;
  for (const { row, unknown } of alive) {
    let truth = toTruth(row.perDimension[depth]?.[region] ?? TRUE);
    for (const { condition, needs } of row.mixed) {
      if (Math.max(...needs) === depth) truth = both(truth, truthIn(walk, condition, spans));
    }
    if (truth === FALSE) continue;
    inside.push({ row, unknown: unknown || truth === UNKNOWN });
    if (row.last <= depth) break;
  }
  return inside;
}

function truthIn({ dimensions, boundOf }: Walk, condition: Condition, spans: readonly Span[]): Truth {
  const valueAt = (fact: string) => {
    const at = dimensions.findIndex((dimension) => dimension.fact === fact);
    return dimensions[at]?.regions[spans[at]?.[0] ?? 0]?.value ?? null;
  };
  return truthAt(condition, valueAt, boundOf);
}

/** Points drawn by hash, the same ones for the same table, at which no row holds: at most `most` of them. */
export function sampledGaps(
  { dimensions, boundOf }: Pick<Walk, "dimensions" | "boundOf">,
  rows: readonly (readonly Condition[])[],
  { samples, most }: { readonly samples: number; readonly most: number },
): readonly (readonly Span[])[] {
  const gaps: (readonly Span[])[] = [];
  const positions = new Map(dimensions.map(({ fact }, at) => [fact, at]));
  for (let sample = 0; sample < samples && gaps.length < most; sample += 1) {
    const point = dimensions.map(({ fact, regions }) => Math.floor(draw(sample, fact, "table") * regions.length));
    const valueAt = (fact: string) => {
      const at = positions.get(fact) ?? -1;
      return dimensions[at]?.regions[point[at] ?? 0]?.value ?? null;
    };
    const held = rows.some((row) => row.every((condition) => truthAt(condition, valueAt, boundOf) !== FALSE));
    if (!held) gaps.push(point.map((region) => [region]));
  }
  return gaps;
}
