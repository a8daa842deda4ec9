import type { Size } from "../canvas/layout/layout";
import type { Position } from "../commands/operation";

export type Box = Position & Size;

/** The part of A4 on its side that printers fill, in CSS pixels (96 to the inch): 277 x 180 mm. */
export const PAGE: Size = { width: 1046, height: 680 };
/** Smallest a chart is printed: its small texts stay larger than six points. */
export const SCALE_MIN = 0.7;
/** Most pages a chart is printed on; a larger one is for the screen. */
export const PAGES_MAX = 300;

export type ChartPages = {
  /** Size on paper of one unit of the chart, at most 1. */
  readonly scale: number;
  /** Parts of the chart, one a page, row by row; no step is cut by the edge of a page unless it is larger than one. */
  readonly pages: readonly Box[];
};

type Span = { readonly from: number; readonly to: number };

/** How a chart is cut into pages. Bounded; the same for the same chart. */
export function chartPages(chart: Box, steps: readonly Box[]): ChartPages {
  const scale = Math.min(1, Math.max(SCALE_MIN, PAGE.width / chart.width));
  const columns = cuts(
    { from: chart.x, to: chart.x + chart.width },
    steps.map(({ x, width }) => ({ from: x, to: x + width })),
    PAGE.width / scale,
  );
  const rows = cuts(
    { from: chart.y, to: chart.y + chart.height },
    steps.map(({ y, height }) => ({ from: y, to: y + height })),
    PAGE.height / scale,
  );
  const pages = rows.flatMap((row) =>
    columns.map((column) => ({
      x: column.from,
      y: row.from,
      width: column.to - column.from,
      height: row.to - row.from,
    })),
  );
  // A part without a step has nothing but lines passing through.
  const filled = pages.filter((page) => steps.some((step) => touches(page, step)));
  return { scale, pages: filled.slice(0, PAGES_MAX) };
}

function touches(page: Box, step: Box): boolean {
  return (
    step.x < page.x + page.width &&
    step.x + step.width > page.x &&
    step.y < page.y + page.height &&
    step.y + step.height > page.y
  );
}

/** A length in parts of at most `room`, cut where no step is, as late as may be. */
function cuts(whole: Span, steps: readonly Span[], room: number): readonly Span[] {
  const found: Span[] = [];
  let from = whole.from;
  while (whole.to - from > room) {
    let at = from + room;
    for (let cut = at; ; cut = at) {
      const through = steps.filter((step) => step.from < cut && step.to > cut).map((step) => step.from);
      if (through.length === 0) break;
      at = Math.min(...through);
      if (at <= from) break;
    }
    // Steps side by side without a gap for a whole page: then one is cut.
    if (at <= from) at = from + room;
    found.push({ from, to: at });
    from = at;
  }
  return [...found, { from, to: whole.to }];
}
