import { type Place, placeAfter } from "./grid-keys";
import {
  addRow,
  contentAt,
  type GridColumn,
  moveRow,
  type Row,
  removeRow,
  setContentAt,
  type Table,
} from "./table-model";

/** A key press in the grid, without the browser around it. `command` is Ctrl, or ⌘ on a Mac. */
export type GridPress = { readonly key: string; readonly command: boolean; readonly alt: boolean };
/** What was copied; it can be put into cells of the same column, because it was made for what that column asks or sets. */
export type Copied = { readonly column: string; readonly content: ReturnType<typeof contentAt> };
export type GridState = {
  readonly table: Table;
  readonly columns: readonly GridColumn[];
  readonly place: Place;
  readonly copied: Copied | null;
  readonly readOnly: boolean;
};
/** What a key means: another table, where the focus goes, whether editing begins there, what is remembered for pasting. */
export type GridAct = {
  readonly place: Place;
  readonly table?: Table;
  readonly edits?: true;
  readonly copied?: Copied;
};

const PAGE_ROWS = 12;

function nameOf(column: GridColumn): string {
  return column.part === "note" ? "" : column.column.id;
}

function rowMoved({ key }: GridPress, { table, place, readOnly }: GridState): GridAct | null {
  const to = place.row + (key === "ArrowUp" ? -1 : 1);
  if (readOnly || place.row < 0 || to < 0 || to >= table.rows.length) return { place };
  return { table: moveRow(table, place.row, to), place: { ...place, row: to } };
}

function cleared({ table, columns, place }: GridState): GridAct {
  const column = columns[place.column];
  if (column !== undefined) return { place, table: setContentAt(table, { index: place.row, column }, null) };
  const last = table.rows.length - 2;
  return { place: { ...place, row: Math.min(place.row, last) }, table: removeRow(table, place.row) };
}

function copiedOrPut({ key }: GridPress, state: GridState, row: Row): GridAct | null {
  const { table, columns, place, copied, readOnly } = state;
  const column = columns[place.column];
  if (column === undefined) return null;
  if (key === "c") return { place, copied: { column: nameOf(column), content: contentAt(row, column) } };
  if (readOnly) return null;
  const at = { index: place.row, column };
  if (key === "v" && copied?.column === nameOf(column)) {
    return { place, table: setContentAt(table, at, copied.content) };
  }
  const above = table.rows[place.row - 1];
  if (key === "d" && above !== undefined) return { place, table: setContentAt(table, at, contentAt(above, column)) };
  return null;
}

/** What a key press in the grid means; null when it means nothing there. */
export function actOf(press: GridPress, state: GridState): GridAct | null {
  const { key, command, alt } = press;
  const { table, columns, place, readOnly } = state;
  if (alt) return key === "ArrowUp" || key === "ArrowDown" ? rowMoved(press, state) : null;
  const next = placeAfter(place, press, { rows: table.rows.length, columns: columns.length, page: PAGE_ROWS });
  if (next !== null) return { place: next };
  const row = table.rows[place.row];
  if (command && key === "Enter") {
    if (readOnly) return null;
    return { table: addRow(table, place.row + 1), place: { row: place.row + 1, column: Math.max(0, place.column) } };
  }
  if (key === "Enter" || key === "F2") return { place, edits: true };
  if (row === undefined) return null;
  if (key === "Delete" || key === "Backspace") return readOnly ? null : cleared(state);
  return command ? copiedOrPut(press, state, row) : null;
}
