import { type Block, clearBlock, fillDown } from "./block";
import { type Place, placeAfter } from "./grid-keys";
import { addRow, type GridColumn, moveRow, removeRow, type Table } from "./table-model";

/** A key press in the grid, without the browser around it. `command` is Ctrl, or ⌘ on a Mac. */
export type GridPress = {
  readonly key: string;
  readonly command: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
};
export type GridState = {
  readonly table: Table;
  readonly columns: readonly GridColumn[];
  readonly place: Place;
  /** What is selected; the place alone when nothing else is. */
  readonly block: Block;
  readonly readOnly: boolean;
};
/** What a key means: another table, where the focus goes, what is selected, how editing begins. */
export type GridAct = {
  readonly place: Place;
  readonly table?: Table;
  /** The other corner of the selection: a place, or `kept` for the one there is; left out = nothing but the place is selected. */
  readonly anchor?: Place | "kept";
  /** Opens what the cell, row or column is edited with. */
  readonly edits?: true;
  /** Opens the cell as a line of text: with what was typed, or with what stands in it. */
  readonly types?: { readonly typed: string | null };
};

const PAGE_ROWS = 12;

function rowMoved({ key }: GridPress, { table, place, readOnly }: GridState): GridAct | null {
  const to = place.row + (key === "ArrowUp" ? -1 : 1);
  if (readOnly || place.row < 0 || to < 0 || to >= table.rows.length) return { place };
  return { table: moveRow(table, place.row, to), place: { ...place, row: to } };
}

function cleared({ table, columns, place, block }: GridState): GridAct {
  if (place.column >= 0) return { place, anchor: "kept", table: clearBlock(table, block, columns) };
  const last = table.rows.length - 2;
  return { place: { ...place, row: Math.min(place.row, last) }, table: removeRow(table, place.row) };
}

/** Whether a cell may be written as a line of text: conditions of their own may not. */
function takesText(column: GridColumn | undefined): boolean {
  return column !== undefined && !(column.part === "input" && column.column.fact === null);
}

function commanded({ key }: GridPress, state: GridState): GridAct | null {
  const { table, columns, place, block, readOnly } = state;
  const last = { row: table.rows.length - 1, column: columns.length - 1 };
  if (key === "a") return table.rows.length === 0 ? null : { place: last, anchor: { row: 0, column: 0 } };
  if (readOnly) return null;
  if (key === "Enter") {
    return { table: addRow(table, place.row + 1), place: { row: place.row + 1, column: Math.max(0, place.column) } };
  }
  const filled = key === "d" && place.column >= 0 ? fillDown(table, block, columns) : null;
  return filled === null ? null : { place, anchor: "kept", table: filled };
}

function written({ key, alt }: GridPress, { columns, place, readOnly }: GridState): GridAct | null {
  if (readOnly || alt || !takesText(columns[place.column])) return null;
  if (key === "F2") return { place, types: { typed: null } };
  // A space alone begins no value, and scrolls.
  return [...key].length === 1 && key !== " " ? { place, types: { typed: key } } : null;
}

/** What a key press in the grid means; null when it means nothing there. */
export function actOf(press: GridPress, state: GridState): GridAct | null {
  const { key, command, alt, shift } = press;
  const { table, columns, place, readOnly } = state;
  if (alt) return key === "ArrowUp" || key === "ArrowDown" ? rowMoved(press, state) : null;
  const next = placeAfter(place, press, { rows: table.rows.length, columns: columns.length, page: PAGE_ROWS });
  if (next !== null) {
    const extended = shift && place.row >= 0 && place.column >= 0;
    if (!extended) return { place: next };
    return { place: { row: Math.max(0, next.row), column: Math.max(0, next.column) }, anchor: "kept" };
  }
  if (command) return commanded(press, state);
  if (key === "Enter") return { place, edits: true };
  const row = table.rows[place.row];
  if (row === undefined) return key === "F2" ? { place, edits: true } : null;
  if (key === "Delete" || key === "Backspace") return readOnly ? null : cleared(state);
  return written(press, state) ?? (key === "F2" ? { place, edits: true } : null);
}
