import { canonicalJson } from "../../model/json";
import { type Example, exampleOf, type Span } from "./box";
import type { Dimension } from "./regions";
import type { Row } from "./rows";
import type { DecisionTable } from "./table";
import { TRUE } from "./truth";

export type TableOverlap = { readonly row: number; readonly earlier: number; readonly example: Example };

/** Pairs of rows that hold together somewhere and differ in what they do, unless one is a special case of the other. */
export function overlapsOf(
  rows: readonly Row[],
  table: DecisionTable,
  dimensions: readonly Dimension[],
): readonly TableOverlap[] {
  const found: TableOverlap[] = [];
  const does = table.rows.map(({ outputs }) => canonicalJson(outputs));
  const plain = rows.filter(({ mixed }) => mixed.length === 0);
  plain.forEach((row, position) => {
    for (const earlier of plain.slice(0, position)) {
      if (does[row.index] === does[earlier.index]) continue;
      const spans = sharedSpans(earlier, row, dimensions);
      if (spans === null || contains(row, earlier, dimensions) || contains(earlier, row, dimensions)) continue;
      found.push({ row: row.index, earlier: earlier.index, example: exampleOf(dimensions, spans) });
      return;
    }
  });
  return found;
}

function holdsIn(row: Row, dimension: number, region: number): boolean {
  const asks = row.perDimension[dimension];
  return asks === null || asks?.[region] === TRUE;
}

/** Where both hold, dimension by dimension; null = nowhere. */
function sharedSpans(left: Row, right: Row, dimensions: readonly Dimension[]): readonly Span[] | null {
  const spans: Span[] = [];
  for (const [at, { regions }] of dimensions.entries()) {
    const shared = regions.flatMap((_, region) =>
      holdsIn(left, at, region) && holdsIn(right, at, region) ? [region] : [],
    );
    if (shared.length === 0) return null;
    spans.push(shared.length === regions.length ? null : shared);
  }
  return spans;
}

/** Whether one row holds wherever the other does. */
function contains(wide: Row, narrow: Row, dimensions: readonly Dimension[]): boolean {
  return dimensions.every(({ regions }, at) =>
    regions.every((_, region) => !holdsIn(narrow, at, region) || holdsIn(wide, at, region)),
  );
}
