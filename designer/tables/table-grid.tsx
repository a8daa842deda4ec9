"use client";

import { ChevronDown, CircleAlert, Info, TriangleAlert } from "lucide-react";
import { type KeyboardEvent, memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { IssueSeverity } from "#engine";
import type { FieldProblem } from "../inspector/widget";
import { useDesigner, useFields, useText } from "../store/context";
import { CellPopover } from "./cell-popover";
import { cellText, columnName } from "./cell-text";
import { ColumnPopover } from "./column-popover";
import { actOf, type Copied } from "./grid-acts";
import { type Place, ROW_HEIGHT, rowsInView } from "./grid-keys";
import { RowMenu } from "./row-menu";
import { type ChangeTable, columnsOf, type GridColumn, type Row, type Table } from "./table-model";
import { useGridFocus } from "./use-grid-focus";

type GridProps = {
  readonly table: Table;
  readonly problems: readonly FieldProblem[];
  readonly readOnly: boolean;
  readonly change: ChangeTable;
};

const WIDTH = { input: 150, free: 260, output: 150, note: 160, number: 56 } as const;

function widthOf(column: GridColumn): number {
  if (column.part === "note") return WIDTH.note;
  if (column.part === "output") return WIDTH.output;
  return column.column.fact === null ? WIDTH.free : WIDTH.input;
}

const ROW_OF_PATH = /^\.rows\[(\d+)\](?:\.(?:cells|outputs)\.([\w-]+))?/;

/** Problems by the row they stand at. */
function problemsByRow(problems: readonly FieldProblem[]): ReadonlyMap<number, readonly FieldProblem[]> {
  const found = new Map<number, readonly FieldProblem[]>();
  for (const problem of problems) {
    const row = ROW_OF_PATH.exec(problem.path)?.[1];
    if (row !== undefined) found.set(Number(row), [...(found.get(Number(row)) ?? []), problem]);
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

/** A decision table as a grid: one cell has the focus, arrows walk, Enter edits. Long tables keep only what is in view. */
export function TableGrid({ table, problems, readOnly, change }: GridProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const currency = useDesigner((state) => state.doc.settings.currency);
  const fields = useFields();
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const height = useSize(host);
  const [scrollTop, setScrollTop] = useState(0);
  const [editing, setEditing] = useState<Place | null>(null);
  const copied = useRef<Copied | null>(null);

  const { inputs, outputs, ways } = table;
  const columns = useMemo(() => columnsOf({ inputs, outputs, ways, rows: [] }), [inputs, outputs, ways]);
  const reading = useMemo(
    () => ({ fields, locale, currency, table: { inputs, outputs, ways, rows: [] } }),
    [fields, locale, currency, inputs, outputs, ways],
  );
  const byRow = useMemo(() => problemsByRow(problems), [problems]);
  const view = rowsInView(table.rows.length, scrollTop, height);
  const template = `${WIDTH.number}px ${columns.map((column) => `minmax(${widthOf(column)}px, 1fr)`).join(" ")}`;
  const width = WIDTH.number + columns.reduce((sum, column) => sum + widthOf(column), 0);

  const { active, elementAt, setActive, moveTo } = useGridFocus(host, {
    rows: table.rows.length,
    columns: columns.length,
    paused: editing !== null,
  });

  const onEdit = useCallback(
    (place: Place) => {
      setActive(place);
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

  const onKeyDown = (event: KeyboardEvent): void => {
    if (editing !== null || !(event.target instanceof HTMLElement) || event.target.dataset.place === undefined) return;
    const press = { key: event.key, command: event.ctrlKey || event.metaKey, alt: event.altKey };
    const act = actOf(press, { table, columns, place: active, copied: copied.current, readOnly });
    if (act === null) return;
    event.preventDefault();
    if (act.copied !== undefined) copied.current = act.copied;
    if (act.table !== undefined && !change(act.table)) return;
    if (act.edits === true) onEdit(act.place);
    else moveTo(act.place);
  };

  const edited = editing === null ? undefined : columns[editing.column];
  return (
    <div className="dz-grid-host" ref={setHost} onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}>
      {/* biome-ignore lint/a11y/useSemanticElements: a table cannot keep only the rows in view */}
      <div
        role="grid"
        tabIndex={-1}
        className="dz-grid"
        aria-label={text("tables.grid")}
        aria-description={text("tables.keys")}
        aria-rowcount={table.rows.length + 1}
        aria-colcount={columns.length + 1}
        style={{ minWidth: width }}
        onKeyDown={onKeyDown}
      >
        <Heads columns={columns} template={template} active={active} onPlace={setActive} onEdit={onEdit} />
        <div className="dz-grid-rows" style={{ height: table.rows.length * ROW_HEIGHT }}>
          {table.rows.slice(view.start, view.end).map((row, offset) => {
            const index = view.start + offset;
            return (
              <GridRow
                key={row.id}
                row={row}
                index={index}
                columns={columns}
                reading={reading}
                template={template}
                problems={byRow.get(index)}
                activeColumn={active.row === index ? active.column : null}
                onPlace={setActive}
                onEdit={onEdit}
              />
            );
          })}
        </div>
        {table.rows.length === 0 && <p className="dz-hint dz-grid-empty">{text("tables.empty")}</p>}
      </div>
      {editing !== null && editing.column === -1 && editing.row >= 0 && (
        <RowMenu table={table} index={editing.row} anchor={elementAt(editing)} change={change} onDone={finish} />
      )}
      {editing !== null && editing.row === -1 && edited !== undefined && edited.part !== "note" && (
        <ColumnPopover
          table={table}
          column={edited}
          anchor={elementAt(editing)}
          readOnly={readOnly}
          change={change}
          onDone={() => finish(editing)}
        />
      )}
      {editing !== null && editing.row >= 0 && edited !== undefined && (
        <CellPopover
          key={`${editing.row}:${editing.column}`}
          table={table}
          index={editing.row}
          column={edited}
          anchor={elementAt(editing)}
          readOnly={readOnly}
          change={change}
          onDone={(down) =>
            finish(down ? { ...editing, row: Math.min(editing.row + 1, table.rows.length - 1) } : editing)
          }
        />
      )}
    </div>
  );
}

type RowHandlers = { readonly onPlace: (place: Place) => void; readonly onEdit: (place: Place) => void };

function Heads({
  columns,
  template,
  active,
  onPlace,
  onEdit,
}: RowHandlers & { readonly columns: readonly GridColumn[]; readonly template: string; readonly active: Place }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const fields = useFields();
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of the grid above
    // biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus
    <div role="row" aria-rowindex={1} className="dz-grid-heads" style={{ gridTemplateColumns: template }}>
      {/* biome-ignore lint/a11y/useSemanticElements: part of the grid above */}
      <div
        role="columnheader"
        className="dz-grid-head dz-grid-corner"
        data-place="-1:-1"
        tabIndex={active.row === -1 && active.column === -1 ? 0 : -1}
      >
        {text("tables.number")}
      </div>
      {columns.map((column, index) => {
        const name = columnName(column, { fields, locale });
        const place = { row: -1, column: index };
        return (
          // biome-ignore lint/a11y/useSemanticElements: part of the grid above
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the grid's
          <div
            key={column.part === "note" ? "note" : column.column.id}
            role="columnheader"
            className="dz-grid-head"
            data-part={column.part}
            data-place={`-1:${index}`}
            tabIndex={active.row === -1 && active.column === index ? 0 : -1}
            title={name}
            onFocus={() => onPlace(place)}
            onClick={() => onEdit(place)}
          >
            {column.part !== "note" && (
              <span className="dz-grid-part">
                {text(column.part === "input" ? "tables.part-input" : "tables.part-output")}
              </span>
            )}
            <span className="dz-grid-name">{name}</span>
            {column.part !== "note" && <ChevronDown className="dz-grid-open" size={13} aria-hidden />}
          </div>
        );
      })}
    </div>
  );
}

const MARK: { readonly [severity in IssueSeverity]: typeof Info } = {
  error: CircleAlert,
  warning: TriangleAlert,
  info: Info,
};
const SEVERITIES: readonly IssueSeverity[] = ["error", "warning", "info"];

type GridRowProps = RowHandlers & {
  readonly row: Row;
  readonly index: number;
  readonly columns: readonly GridColumn[];
  readonly reading: Parameters<typeof cellText>[2];
  readonly template: string;
  readonly problems: readonly FieldProblem[] | undefined;
  readonly activeColumn: number | null;
};

const GridRow = memo(function GridRow(props: GridRowProps) {
  const { index, columns, template, problems = [], activeColumn, onPlace, onEdit } = props;
  const text = useText();
  const worst = SEVERITIES.find((severity) => problems.some((problem) => problem.severity === severity));
  const Mark = worst === undefined ? null : MARK[worst];
  const said = problems.map((problem) => problem.text).join("\n");
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of the grid above
    // biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus
    <div
      role="row"
      aria-rowindex={index + 2}
      className="dz-grid-row"
      data-active={activeColumn !== null}
      data-worst={worst}
      style={{ gridTemplateColumns: template, top: index * ROW_HEIGHT, height: ROW_HEIGHT }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: part of the grid above */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are the grid's */}
      <div
        role="rowheader"
        className="dz-grid-number"
        data-place={`${index}:-1`}
        tabIndex={activeColumn === -1 ? 0 : -1}
        title={said === "" ? undefined : said}
        aria-label={[text("tables.row", { number: index + 1 }), said].filter((part) => part !== "").join(": ")}
        onFocus={() => onPlace({ row: index, column: -1 })}
        onClick={() => onEdit({ row: index, column: -1 })}
      >
        {Mark !== null && <Mark size={13} aria-hidden />}
        {index + 1}
      </div>
      {columns.map((column, at) => (
        <GridCell key={column.part === "note" ? "note" : column.column.id} {...props} column={column} at={at} />
      ))}
    </div>
  );
});

function GridCell({
  row,
  index,
  column,
  at,
  reading,
  problems = [],
  activeColumn,
  onPlace,
  onEdit,
}: GridRowProps & { readonly column: GridColumn; readonly at: number }): ReactNode {
  const text = useText();
  const shown = cellText(row, column, reading);
  const id = column.part === "note" ? null : column.column.id;
  const own = problems.filter((problem) => id !== null && ROW_OF_PATH.exec(problem.path)?.[2] === id);
  const empty =
    column.part === "input"
      ? text("tables.any")
      : column.part === "note"
        ? ""
        : text(column.column.kind === "handle" ? "tables.no-way" : "tables.unset");
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of the grid above
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the grid's
    <div
      role="gridcell"
      className="dz-grid-cell"
      data-part={column.part}
      data-place={`${index}:${at}`}
      data-empty={shown === ""}
      data-worst={own[0]?.severity}
      tabIndex={activeColumn === at ? 0 : -1}
      title={[shown, ...own.map((problem) => problem.text)].filter((part) => part !== "").join("\n") || undefined}
      onFocus={() => onPlace({ row: index, column: at })}
      onClick={() => onPlace({ row: index, column: at })}
      onDoubleClick={() => onEdit({ row: index, column: at })}
    >
      {shown === "" ? empty : shown}
    </div>
  );
}
