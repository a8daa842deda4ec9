import type { FieldCatalogue, Locale } from "#engine";
import { nextId } from "../commands/ids";
import { cellText, columnName } from "./cell-text";
import { type Entry, type EntryProblem, readEntry } from "./entry";
import type { Place } from "./grid-keys";
import {
  type Cell,
  contentAt,
  type GridColumn,
  type OutputCell,
  type Row,
  setContentAt,
  type Table,
} from "./table-model";
import type { TextBlock } from "./tsv";

/** Rows and columns from one corner to the other, both in it. */
export type Block = { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };

/** Rows are called row-1, row-2 … */
const STEM = "row";
/** The same bound as the step type's. */
const ROWS_MAX = 8000;
/** Most problems of one paste that are told one by one. */
export const PASTE_PROBLEMS_MAX = 50;

export function blockOf(from: Place, to: Place): Block {
  return {
    top: Math.min(from.row, to.row),
    bottom: Math.max(from.row, to.row),
    left: Math.min(from.column, to.column),
    right: Math.max(from.column, to.column),
  };
}

export function isInBlock({ top, bottom, left, right }: Block, { row, column }: Place): boolean {
  return row >= top && row <= bottom && column >= left && column <= right;
}

export type Content = Cell | OutputCell | string | null;
/** What was copied here, beside its text: put back it loses nothing a text cannot say, free conditions and arithmetic say. */
export type CopiedBlock = {
  readonly text: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Content[])[];
};

type Reading = Parameters<typeof cellText>[2];

const nameOf = (column: GridColumn): string => (column.part === "note" ? "" : column.column.id);
const columnsIn = (columns: readonly GridColumn[], { left, right }: Block) =>
  columns.slice(Math.max(0, left), right + 1);

/** Cells of a block as they are read, in the reader's language. */
export function textsOf(
  table: Table,
  block: Block,
  { columns, reading }: { readonly columns: readonly GridColumn[]; readonly reading: Reading },
): TextBlock {
  const taken = columnsIn(columns, block);
  return table.rows
    .slice(Math.max(0, block.top), block.bottom + 1)
    .map((row) => taken.map((column) => cellText(row, column, { ...reading, whole: true })));
}

export function copiedOf(
  table: Table,
  block: Block,
  { columns, text }: { readonly columns: readonly GridColumn[]; readonly text: string },
): CopiedBlock {
  const taken = columnsIn(columns, block);
  const rows = table.rows.slice(Math.max(0, block.top), block.bottom + 1);
  return { text, columns: taken.map(nameOf), rows: rows.map((row) => taken.map((column) => contentAt(row, column))) };
}

export type PasteProblem =
  | { readonly code: EntryProblem; readonly row: number; readonly column: number; readonly text: string }
  | { readonly code: "too-wide" | "too-many-rows"; readonly count: number };
export type Pasted = {
  readonly table: Table;
  /** What the paste covers now, to be shown as the selection. */
  readonly block: Block;
  readonly problems: readonly PasteProblem[];
  /** Problems that are not told one by one. */
  readonly more: number;
  readonly added: number;
};

type Paste = {
  readonly columns: readonly GridColumn[];
  readonly reading: { readonly fields: FieldCatalogue; readonly locale: Locale };
  /** What is selected: one cell put into a larger selection fills it. */
  readonly into: Block;
  readonly copied: CopiedBlock | null;
};

/**
 * The table with a block put in at the selection's corner. Rows below the last are added; what does not fit a column leaves its cell
 * as it was and is told with its place. A first line that repeats the heads of the columns is left out.
 */
export function pasteBlock(table: Table, text: TextBlock, paste: Paste): Pasted {
  const { columns, reading, into } = paste;
  const left = Math.max(0, into.left);
  const top = Math.max(0, into.top);
  const heads = columns.slice(left).map((column) => columnName(column, reading));
  const [first = []] = text;
  const named = text.length > 1 && first.every((cell, at) => cell.trim() !== "" && cell.trim() === heads[at]);
  const given = spread(named ? text.slice(1) : text, into);
  const width = Math.max(0, ...given.map((row) => row.length));
  const room = columns.length - left;
  const problems: PasteProblem[] = [];
  if (width > room) problems.push({ code: "too-wide", count: width - room });
  const rowsRoom = ROWS_MAX - top;
  if (given.length > rowsRoom) problems.push({ code: "too-many-rows", count: given.length - rowsRoom });
  const fitting = given.slice(0, rowsRoom);
  const grown = withRows(table, top + fitting.length);
  const read = readOnce(paste, table);
  const rows = [...grown.rows];
  fitting.forEach((cells, down) => {
    const index = top + down;
    const row = rows[index];
    if (row === undefined) return;
    rows[index] = cells.slice(0, room).reduce<Row>((filled, cell, across) => {
      const column = columns[left + across];
      if (column === undefined) return filled;
      const entry = structured(paste, { text: cell, down, across }, column) ?? read(cell, left + across);
      if (entry.ok) return filledWith(filled, column, entry.content);
      problems.push({ code: entry.problem, row: index, column: left + across, text: cell });
      return filled;
    }, row);
  });
  const bottom = top + fitting.length - 1;
  const right = left + Math.min(width, room) - 1;
  return {
    table: { ...grown, rows },
    block: { top, bottom, left, right },
    problems: problems.slice(0, PASTE_PROBLEMS_MAX),
    more: Math.max(0, problems.length - PASTE_PROBLEMS_MAX),
    added: grown.rows.length - table.rows.length,
  };
}

/** Reads each text of a column once: a rule book of thousands of rows says few different things. */
function readOnce({ columns, reading }: Paste, table: Table): (text: string, at: number) => Entry {
  const known = new Map<string, Entry>();
  return (text, at) => {
    const column = columns[at];
    const key = `${at} ${text}`;
    const entry = known.get(key) ?? (column === undefined ? NOTHING : readEntry(text, column, { ...reading, table }));
    known.set(key, entry);
    return entry;
  };
}

/** One cell fills what is selected. */
function spread(text: TextBlock, { top, bottom, left, right }: Block): TextBlock {
  const [first = []] = text;
  if (text.length !== 1 || first.length !== 1) return text;
  const row = Array.from({ length: right - Math.max(0, left) + 1 }, () => first[0] ?? "");
  return Array.from({ length: bottom - Math.max(0, top) + 1 }, () => row);
}

const NOTHING: Entry = { ok: true, content: null };

type From = { readonly text: string; readonly down: number; readonly across: number };

/** What was copied from the very column it is put into, as it was. */
function structured({ copied }: Paste, { text, down, across }: From, column: GridColumn) {
  if (copied === null) return null;
  const [rows, columns] = [copied.rows.length, copied.columns.length];
  const from = rows === 1 && columns === 1 ? { row: 0, column: 0 } : { row: down, column: across };
  if (copied.columns[from.column] !== nameOf(column) || text === "") return null;
  const content = copied.rows[from.row]?.[from.column];
  return content === undefined ? null : { ok: true as const, content };
}

function filledWith(row: Row, column: GridColumn, content: Content): Row {
  const alone: Table = { inputs: [], outputs: [], ways: [], rows: [row] };
  return setContentAt(alone, { index: 0, column }, content).rows[0] ?? row;
}

function withRows(table: Table, count: number): Table {
  if (count <= table.rows.length) return table;
  const first = nextId(
    STEM,
    table.rows.map(({ id }) => id),
  );
  const number = Number(first.slice(STEM.length + 1));
  const added = Array.from({ length: count - table.rows.length }, (_, index): Row => {
    return { id: `${STEM}-${number + index}`, cells: {}, outputs: {} };
  });
  return { ...table, rows: [...table.rows, ...added] };
}

/** Empties every cell of a block. */
export function clearBlock(table: Table, block: Block, columns: readonly GridColumn[]): Table {
  return fillBlock(table, block, { columns, contentOf: () => null });
}

/** Repeats the first row of a block in the others, as a spreadsheet's "fill down" does; of one row, the row above it. */
export function fillDown(table: Table, block: Block, columns: readonly GridColumn[]): Table | null {
  const source = table.rows[block.bottom > block.top ? block.top : block.top - 1];
  if (source === undefined || block.top < 0) return null;
  return fillBlock(table, block, { columns, contentOf: (column) => contentAt(source, column) });
}

function fillBlock(
  table: Table,
  block: Block,
  {
    columns,
    contentOf,
  }: { readonly columns: readonly GridColumn[]; readonly contentOf: (column: GridColumn) => Content },
): Table {
  const taken = columnsIn(columns, block);
  const rows = table.rows.map((row, index) =>
    index < block.top || index > block.bottom
      ? row
      : taken.reduce((filled, column) => filledWith(filled, column, contentOf(column)), row),
  );
  return { ...table, rows };
}
