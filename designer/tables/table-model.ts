import type { Condition, ConditionScalar, LocalText, Operator, ValueSpec } from "#engine";
import { nextId } from "../commands/ids";

/** A decision table as its step type keeps it: typed columns, rows from top to bottom. Its schema is the step type's. */
export type Question = { readonly operator: Operator; readonly value: ConditionScalar | readonly ConditionScalar[] };
export type Range = {
  readonly from: number | string;
  readonly fromInclusive: boolean;
  readonly to: number | string;
  readonly toInclusive: boolean;
};
export type SimpleCell = Question | Range;
/** What a row asks of a column: a question, several of which one must hold, or a whole condition where the column has no fact. */
export type Cell = SimpleCell | { readonly oneOf: readonly SimpleCell[] } | Condition;

export type InputColumn = {
  readonly id: string;
  readonly name?: LocalText;
  /** `null` = its cells are conditions of their own; the empty text = not chosen yet. */
  readonly fact: string | null;
  readonly unknown: "ask" | "fails";
};
export type OutputColumn =
  | {
      readonly kind: "variable";
      readonly id: string;
      readonly name?: LocalText;
      readonly variable: string;
      readonly aggregate: string;
    }
  | { readonly kind: "handle"; readonly id: string; readonly name?: LocalText };
export type OutputCell = ValueSpec | { readonly way: string };
export type Row = {
  readonly id: string;
  readonly cells: { readonly [column: string]: Cell | null };
  readonly outputs: { readonly [column: string]: OutputCell | null };
  readonly note?: string;
};
export type Way = { readonly id: string; readonly name?: LocalText };
export type Table = {
  readonly inputs: readonly InputColumn[];
  readonly outputs: readonly OutputColumn[];
  readonly ways: readonly Way[];
  readonly rows: readonly Row[];
};

/** Stores a table; false when the step's schema does not take it. */
export type ChangeTable = (table: Table, gesture?: "typing") => boolean;

export const EMPTY_TABLE: Table = { inputs: [], outputs: [], ways: [], rows: [] };

/** A column as the grid counts them: questions first, then results, then the note. */
export type GridColumn =
  | { readonly part: "input"; readonly column: InputColumn }
  | { readonly part: "output"; readonly column: OutputColumn }
  | { readonly part: "note" };

export function columnsOf(table: Table): readonly GridColumn[] {
  return [
    ...table.inputs.map((column) => ({ part: "input" as const, column })),
    ...table.outputs.map((column) => ({ part: "output" as const, column })),
    { part: "note" },
  ];
}

export function isRange(cell: SimpleCell): cell is Range {
  return "from" in cell;
}

/** The questions of a cell; none where it asks nothing or is a condition of its own. */
export function partsOf(cell: Cell | null): readonly SimpleCell[] {
  if (cell === null) return [];
  if ("oneOf" in cell) return cell.oneOf;
  return "operator" in cell && !("fact" in cell) ? [cell] : "from" in cell ? [cell] : [];
}

/** A cell of some questions: none = whatever it is, several = one of them must hold. */
export function cellOf(parts: readonly SimpleCell[]): Cell | null {
  const [only] = parts;
  if (only === undefined) return null;
  return parts.length === 1 ? only : { oneOf: parts };
}

export function conditionCell(cell: Cell | null): Condition | null {
  if (cell === null || "oneOf" in cell || "from" in cell) return null;
  return "operator" in cell && !("fact" in cell) ? null : (cell as Condition);
}

const idsOf = (items: readonly { readonly id: string }[]): readonly string[] => items.map((item) => item.id);

function moved<TItem>(items: readonly TItem[], from: number, to: number): readonly TItem[] {
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length) return items;
  return items.toSpliced(from, 1).toSpliced(to, 0, item);
}

function withoutKey<TValue>(
  record: { readonly [key: string]: TValue },
  key: string,
): { readonly [key: string]: TValue } {
  if (!Object.hasOwn(record, key)) return record;
  const { [key]: _removed, ...rest } = record;
  return rest;
}

function withKey<TValue>(record: { readonly [key: string]: TValue }, key: string, value: TValue | null) {
  return value === null ? withoutKey(record, key) : { ...record, [key]: value };
}

/** A further column that asks a fact; `null` = one whose cells are conditions of their own. */
export function addInput(table: Table, fact: string | null): Table {
  const id = nextId("in", idsOf(table.inputs));
  return { ...table, inputs: [...table.inputs, { id, fact, unknown: "ask" }] };
}

/** Sets a column of questions. Questions about another fact would mean something else, so they go unless `keepCells`. */
export function setInput(table: Table, column: InputColumn, keepCells: boolean): Table {
  const inputs = table.inputs.map((known) => (known.id === column.id ? column : known));
  if (keepCells) return { ...table, inputs };
  return { ...table, inputs, rows: table.rows.map((row) => ({ ...row, cells: withoutKey(row.cells, column.id) })) };
}

export function addOutput(table: Table, kind: OutputColumn["kind"]): Table {
  const id = nextId("out", idsOf(table.outputs));
  const column: OutputColumn = kind === "handle" ? { kind, id } : { kind, id, variable: "", aggregate: "first" };
  return { ...table, outputs: [...table.outputs, column] };
}

/** Sets a column of results. Values for another variable may be of another type, so they go unless `keepCells`. */
export function setOutput(table: Table, column: OutputColumn, keepCells: boolean): Table {
  const outputs = table.outputs.map((known) => (known.id === column.id ? column : known));
  if (keepCells) return { ...table, outputs };
  return {
    ...table,
    outputs,
    rows: table.rows.map((row) => ({ ...row, outputs: withoutKey(row.outputs, column.id) })),
  };
}

export function removeColumn(
  table: Table,
  { part, id }: { readonly part: "input" | "output"; readonly id: string },
): Table {
  if (part === "input") {
    const inputs = table.inputs.filter((column) => column.id !== id);
    return { ...table, inputs, rows: table.rows.map((row) => ({ ...row, cells: withoutKey(row.cells, id) })) };
  }
  const outputs = table.outputs.filter((column) => column.id !== id);
  return { ...table, outputs, rows: table.rows.map((row) => ({ ...row, outputs: withoutKey(row.outputs, id) })) };
}

export function moveColumn(
  table: Table,
  { part, id }: { readonly part: "input" | "output"; readonly id: string },
  by: 1 | -1,
): Table {
  if (part === "input") {
    const at = table.inputs.findIndex((column) => column.id === id);
    return { ...table, inputs: moved(table.inputs, at, at + by) };
  }
  const at = table.outputs.findIndex((column) => column.id === id);
  return { ...table, outputs: moved(table.outputs, at, at + by) };
}

/** A row that asks nothing yet, put in at a place. */
export function addRow(table: Table, at: number): Table {
  const row: Row = { id: nextId("row", idsOf(table.rows)), cells: {}, outputs: {} };
  return { ...table, rows: table.rows.toSpliced(at, 0, row) };
}

export function duplicateRow(table: Table, index: number): Table {
  const row = table.rows[index];
  if (row === undefined) return table;
  const copy = { ...row, id: nextId("row", idsOf(table.rows)) };
  return { ...table, rows: table.rows.toSpliced(index + 1, 0, copy) };
}

export function removeRow(table: Table, index: number): Table {
  return { ...table, rows: table.rows.toSpliced(index, 1) };
}

export function moveRow(table: Table, from: number, to: number): Table {
  return { ...table, rows: moved(table.rows, from, to) };
}

function setRow(table: Table, index: number, change: (row: Row) => Row): Table {
  const row = table.rows[index];
  return row === undefined ? table : { ...table, rows: table.rows.with(index, change(row)) };
}

function setNote(table: Table, index: number, note: string): Table {
  return setRow(table, index, ({ note: _before, ...row }) => (note === "" ? row : { ...row, note }));
}

/** What a cell holds, whichever part of the table it stands in; null = nothing. */
export function contentAt(row: Row, column: GridColumn): Cell | OutputCell | string | null {
  if (column.part === "note") return row.note ?? null;
  if (column.part === "input")
    return (Object.hasOwn(row.cells, column.column.id) ? row.cells[column.column.id] : null) ?? null;
  return (Object.hasOwn(row.outputs, column.column.id) ? row.outputs[column.column.id] : null) ?? null;
}

/** Puts into a cell what `contentAt` gave of another of the same column; null empties it. */
export function setContentAt(
  table: Table,
  { index, column }: { readonly index: number; readonly column: GridColumn },
  content: Cell | OutputCell | string | null,
): Table {
  if (column.part === "note") return setNote(table, index, typeof content === "string" ? content : "");
  if (typeof content === "string") return table;
  const { id } = column.column;
  // What stands in a column was made for its part of the table (`contentAt`).
  return setRow(table, index, (row) =>
    column.part === "input"
      ? { ...row, cells: withKey(row.cells, id, content as Cell | null) }
      : { ...row, outputs: withKey(row.outputs, id, content as OutputCell | null) },
  );
}

/** A further way on. Its id never changes, so that a name given later rewires nothing. */
export function addWay(table: Table): Table {
  return { ...table, ways: [...table.ways, { id: nextId("way", idsOf(table.ways)) }] };
}

export function setWay(table: Table, way: Way): Table {
  return { ...table, ways: table.ways.map((known) => (known.id === way.id ? way : known)) };
}

/** Takes a way on away; rows that took it take none until they are given another. */
export function removeWay(table: Table, id: string): Table {
  const rows = table.rows.map((row) => {
    const gone = Object.entries(row.outputs).filter(([, cell]) => cell !== null && "way" in cell && cell.way === id);
    if (gone.length === 0) return row;
    return { ...row, outputs: gone.reduce((outputs, [column]) => withoutKey(outputs, column), row.outputs) };
  });
  return { ...table, ways: table.ways.filter((way) => way.id !== id), rows };
}

/** How many rows take a way on. */
export function rowsWithWay(table: Table, id: string): number {
  return table.rows.filter((row) =>
    Object.values(row.outputs).some((cell) => cell !== null && "way" in cell && cell.way === id),
  ).length;
}
