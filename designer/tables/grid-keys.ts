/** A place in the grid. Row -1 is the heads of the columns, column -1 the numbers of the rows. */
export type Place = { readonly row: number; readonly column: number };
export type GridSize = {
  readonly rows: number;
  readonly columns: number /** Rows a page turns over. */;
  readonly page: number;
};
export type GridKey = { readonly key: string; readonly command: boolean };

/** The nearest place there is. */
export function withinGrid({ row, column }: Place, size: Pick<GridSize, "rows" | "columns">): Place {
  return {
    row: Math.max(-1, Math.min(size.rows - 1, row)),
    column: Math.max(-1, Math.min(size.columns - 1, column)),
  };
}

/** Where a key leads from a place; null when it is no key that moves. */
export function placeAfter({ row, column }: Place, { key, command }: GridKey, size: GridSize): Place | null {
  const last = { row: size.rows - 1, column: size.columns - 1 };
  switch (key) {
    case "ArrowUp":
      return withinGrid({ row: command ? Math.min(row, 0) : row - 1, column }, size);
    case "ArrowDown":
      return withinGrid({ row: command ? last.row : row + 1, column }, size);
    case "ArrowLeft":
      return withinGrid({ row, column: command ? -1 : column - 1 }, size);
    case "ArrowRight":
      return withinGrid({ row, column: command ? last.column : column + 1 }, size);
    case "Home":
      return withinGrid({ row: command ? 0 : row, column: 0 }, size);
    case "End":
      return withinGrid({ row: command ? last.row : row, column: last.column }, size);
    case "PageUp":
      return withinGrid({ row: Math.max(0, row - size.page), column }, size);
    case "PageDown":
      return withinGrid({ row: row + size.page, column }, size);
    default:
      return null;
  }
}

/** From so many rows on only those in view are kept in the page. */
export const WINDOWED_FROM_ROWS = 200;
export const ROW_HEIGHT = 34;
/** The heads of the columns, as `tables.css` draws them. */
export const HEADS_HEIGHT = 46;
const SPARE_ROWS = 12;

/** First row that is drawn, and the one behind the last. */
export function rowsInView(
  rows: number,
  scrollTop: number,
  height: number,
): { readonly start: number; readonly end: number } {
  if (rows <= WINDOWED_FROM_ROWS) return { start: 0, end: rows };
  const first = Math.floor(scrollTop / ROW_HEIGHT);
  const shown = Math.ceil(height / ROW_HEIGHT);
  return { start: Math.max(0, first - SPARE_ROWS), end: Math.min(rows, first + shown + SPARE_ROWS) };
}
