"use client";

import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { FieldProblem } from "../inspector/widget";
import { useDesigner, useFields, useText } from "../store/context";
import { type Block, blockOf, isInBlock } from "./block";
import { CellInput } from "./cell-input";
import { CellPopover } from "./cell-popover";
import { cellText, columnName } from "./cell-text";
import { ColumnPopover } from "./column-popover";
import { actOf } from "./grid-acts";
import { GridHeads } from "./grid-heads";
import { type Place, ROW_HEIGHT, rowsInView, withinGrid } from "./grid-keys";
import { GridRow, ROW_OF_PATH, type RowHandlers } from "./grid-row";
import { PasteReport } from "./paste-report";
import { RowMenu } from "./row-menu";
import { type ChangeTable, columnsOf, type GridColumn, setContentAt, type Table } from "./table-model";
import { useGridClipboard } from "./use-grid-clipboard";
import { useGridFocus } from "./use-grid-focus";

type GridProps = {
  readonly table: Table;
  readonly problems: readonly FieldProblem[];
  readonly readOnly: boolean;
  readonly change: ChangeTable;
  /** How often each row decided, by its id; undefined = nobody knows. */
  readonly hits?: { readonly [row: string]: number } | undefined;
};

const WIDTH = { input: 150, free: 260, output: 150, note: 160, number: 56, hits: 64 } as const;

function widthOf(column: GridColumn): number {
  if (column.part === "note") return WIDTH.note;
  if (column.part === "output") return WIDTH.output;
  return column.column.fact === null ? WIDTH.free : WIDTH.input;
}

/** Problems by the row they stand at. */
function problemsByRow(problems: readonly FieldProblem[]): ReadonlyMap<number, readonly FieldProblem[]> {
  const found = new Map<number, readonly FieldProblem[]>();
  for (const problem of problems) {
    const row = ROW_OF_PATH.exec(problem.path)?.[1];
    if (row !== undefined) found.set(Number(row), [...(found.get(Number(row)) ?? []), problem]);
  }
  return found;
}

/** Rows that hold where another does, each with the others. */
function overlapsByRow(problems: readonly FieldProblem[]): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  for (const { path, also } of problems) {
    const [one, other] = [path, also ?? ""].map((place) => ROW_OF_PATH.exec(place)?.[1]).map(Number);
    if (one === undefined || other === undefined || Number.isNaN(one) || Number.isNaN(other)) continue;
    found.set(one, [...(found.get(one) ?? []), other]);
    found.set(other, [...(found.get(other) ?? []), one]);
  }
  return found;
}

function useSize(element: HTMLElement | null): number {
  const [height, setHeight] = useState(600);
  useEffect(() => {
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return height;
}

/** How a cell is being edited: by its form, or as a line of text that begins with what was typed. */
type Editing = Place & { readonly typed?: string };

/** A decision table as a grid: one cell has the focus, keys are a spreadsheet's, Enter edits. Long tables keep only what is in view. */
export function TableGrid({ table, problems, readOnly, change, hits }: GridProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const currency = useDesigner((state) => state.doc.settings.currency);
  const fields = useFields();
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const height = useSize(host);
  const [scrollTop, setScrollTop] = useState(0);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [anchor, setAnchor] = useState<Place | null>(null);

  const { inputs, outputs, ways } = table;
  const columns = useMemo(() => columnsOf({ inputs, outputs, ways, rows: [] }), [inputs, outputs, ways]);
  const reading = useMemo(
    () => ({ fields, locale, currency, table: { inputs, outputs, ways, rows: [] } }),
    [fields, locale, currency, inputs, outputs, ways],
  );
  const size = { rows: table.rows.length, columns: columns.length };
  const numberWidth = WIDTH.number + (hits === undefined ? 0 : WIDTH.hits);
  const template = `${numberWidth}px ${columns.map((column) => `minmax(${widthOf(column)}px, 1fr)`).join(" ")}`;
  const width = numberWidth + columns.reduce((sum, column) => sum + widthOf(column), 0);

  const { active, elementAt, setActive, moveTo } = useGridFocus(host, { ...size, paused: editing !== null });
  const block = blockOf(anchor === null ? active : withinGrid(anchor, size), active);

  // Rows must not be drawn anew because the focus went elsewhere.
  const standing = useRef(active);
  standing.current = active;
  const onPlace = useCallback(
    (place: Place, extend = false) => {
      const from = standing.current;
      setAnchor((before) => (extend ? (before ?? from) : null));
      moveTo(place);
    },
    [moveTo],
  );
  const onEdit = useCallback(
    (place: Place) => {
      setActive(place);
      setAnchor(null);
      const atHead = place.row === -1;
      const column = columns[place.column];
      // Nothing opens at the corner, at the head of the notes, or at a reader's row number.
      const opens = column === undefined ? !atHead && !readOnly : !(atHead && column.part === "note");
      if (opens) setEditing(place);
    },
    [columns, readOnly, setActive],
  );
  const finish = useCallback(
    (next: Place) => {
      setEditing(null);
      moveTo(next);
    },
    [moveTo],
  );
  const select = (from: Place | null, to: Place): void => {
    setAnchor(from);
    moveTo(to);
  };
  const { report, closeReport, ...clipboard } = useGridClipboard({
    table,
    columns,
    reading,
    block,
    readOnly,
    change,
    onPasted: ({ top, bottom, left, right }) => select({ row: bottom, column: right }, { row: top, column: left }),
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    if (editing !== null || !(event.target instanceof HTMLElement) || event.target.dataset.place === undefined) return;
    const press = { key: event.key, command: event.ctrlKey || event.metaKey, alt: event.altKey, shift: event.shiftKey };
    const act = actOf(press, { table, columns, place: active, block, readOnly });
    if (act === null) return;
    event.preventDefault();
    if (act.table !== undefined && !change(act.table)) return;
    if (act.types !== undefined) {
      const [row, column] = [table.rows[act.place.row], columns[act.place.column]];
      const stands =
        row === undefined || column === undefined ? "" : cellText(row, column, { ...reading, whole: true });
      setEditing({ ...act.place, typed: act.types.typed ?? stands });
    } else if (act.edits === true) onEdit(act.place);
    else if (act.anchor === undefined) select(null, act.place);
    else select(act.anchor === "kept" ? (anchor ?? active) : act.anchor, act.place);
  };
  const edited = editing === null ? undefined : columns[editing.column];
  return (
    <>
      {report !== null && <PasteReport report={report} columns={columns} onPlace={onPlace} onClose={closeReport} />}
      <div className="dz-grid-host" ref={setHost} onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}>
        {/* biome-ignore lint/a11y/useSemanticElements: a table cannot keep only the rows in view */}
        <div
          role="grid"
          tabIndex={-1}
          className="dz-grid"
          aria-label={text("tables.grid")}
          aria-description={text("tables.keys")}
          aria-multiselectable
          aria-readonly={readOnly}
          aria-rowcount={size.rows + 1}
          aria-colcount={size.columns + 1}
          style={{ minWidth: width }}
          onKeyDown={onKeyDown}
          {...clipboard}
        >
          <GridHeads columns={columns} template={template} active={active} onPlace={onPlace} onEdit={onEdit} />
          <div className="dz-grid-rows" style={{ height: size.rows * ROW_HEIGHT }}>
            <VisibleRows
              {...{ table, columns, reading, template, problems, hits, active, block, onPlace, onEdit }}
              view={rowsInView(size.rows, scrollTop, height)}
            />
          </div>
          {size.rows === 0 && <p className="dz-hint dz-grid-empty">{text("tables.empty")}</p>}
        </div>
        {editing?.typed !== undefined && edited !== undefined && (
          <CellInput
            key={`${editing.row}:${editing.column}`}
            place={editing}
            column={edited}
            first={editing.typed}
            table={table}
            anchor={elementAt(editing)}
            label={text("tables.cell-label", { number: editing.row + 1, column: columnName(edited, reading) })}
            onEntry={(content, by) => {
              if (!change(setContentAt(table, { index: editing.row, column: edited }, content))) return false;
              finish(
                withinGrid(
                  { row: Math.max(0, editing.row + by.row), column: Math.max(0, editing.column + by.column) },
                  size,
                ),
              );
              return true;
            }}
            onGiveUp={() => finish(editing)}
          />
        )}
        {editing !== null && editing.typed === undefined && (
          <Editor
            editing={editing}
            column={edited}
            table={table}
            anchor={elementAt(editing)}
            readOnly={readOnly}
            change={change}
            onDone={finish}
          />
        )}
      </div>
    </>
  );
}

type VisibleRowsProps = RowHandlers &
  Pick<GridProps, "table" | "problems" | "hits"> & {
    readonly view: ReturnType<typeof rowsInView>;
    readonly columns: readonly GridColumn[];
    readonly reading: Parameters<typeof cellText>[2];
    readonly template: string;
    readonly active: Place;
    readonly block: Block;
  };

/** The rows that can be seen. */
function VisibleRows({ table, view, problems, hits, active, block, ...row }: VisibleRowsProps) {
  const byRow = useMemo(() => problemsByRow(problems), [problems]);
  const overlaps = useMemo(() => overlapsByRow(problems), [problems]);
  const many = block.top !== block.bottom || block.left !== block.right;
  const selected = many && block.left >= 0 ? `${block.left}:${block.right}` : null;
  return table.rows.slice(view.start, view.end).map((shown, offset) => {
    const index = view.start + offset;
    const others = overlaps.get(index);
    return (
      <GridRow
        key={shown.id}
        {...row}
        row={shown}
        index={index}
        problems={byRow.get(index)}
        activeColumn={active.row === index ? active.column : null}
        selected={isInBlock(block, { row: index, column: block.left }) ? selected : null}
        overlap={others === undefined ? null : others.includes(active.row) ? "with-active" : "somewhere"}
        hits={hits === undefined ? null : (hits[shown.id] ?? 0)}
      />
    );
  });
}

/** What a row, a column or a cell is edited with. */
function Editor({
  editing,
  column,
  onDone,
  ...parts
}: {
  readonly editing: Place;
  readonly column: GridColumn | undefined;
  readonly table: Table;
  readonly anchor: HTMLElement | null;
  readonly readOnly: boolean;
  readonly change: ChangeTable;
  readonly onDone: (place: Place) => void;
}) {
  const { table, anchor, change } = parts;
  if (column === undefined) {
    return editing.row < 0 ? null : (
      <RowMenu table={table} index={editing.row} anchor={anchor} change={change} onDone={onDone} />
    );
  }
  if (editing.row < 0) {
    return column.part === "note" ? null : <ColumnPopover {...parts} column={column} onDone={() => onDone(editing)} />;
  }
  return (
    <CellPopover
      {...parts}
      key={`${editing.row}:${editing.column}`}
      index={editing.row}
      column={column}
      onDone={(down) => onDone(down ? { ...editing, row: Math.min(editing.row + 1, table.rows.length - 1) } : editing)}
    />
  );
}
