"use client";

import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import { type MouseEvent, memo, type ReactNode } from "react";
import type { IssueSeverity } from "#engine";
import type { FieldProblem } from "../inspector/widget";
import { countText } from "../overlay/figure-text";
import { useDesigner, useText } from "../store/context";
import { cellText } from "./cell-text";
import { type Place, ROW_HEIGHT } from "./grid-keys";
import type { GridColumn, Row } from "./table-model";

/** A row of a table in a path of its data, and the column where one is named. */
export const ROW_OF_PATH = /^\.rows\[(\d+)\](?:\.(?:cells|outputs)\.([\w-]+))?/;

export type RowHandlers = {
  /** `extend` = the selection goes on until here. */
  readonly onPlace: (place: Place, extend?: boolean) => void;
  readonly onEdit: (place: Place) => void;
};

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
  /** Columns of the row that are selected, first and last; null = none. */
  readonly selected: string | null;
  /** Whether another row holds where this one does, and whether that is the row one looks at. */
  readonly overlap: "somewhere" | "with-active" | null;
  /** How often the row decided; null = nobody knows. */
  readonly hits: number | null;
};

export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { index, columns, template, problems = [], activeColumn, overlap, hits, onPlace, onEdit } = props;
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const worst = SEVERITIES.find((severity) => problems.some((problem) => problem.severity === severity));
  const Mark = worst === undefined ? null : MARK[worst];
  const hitsSaid = hits === null ? "" : text("tables.hits", { count: countText(hits, locale) });
  const said = [hitsSaid, ...problems.map((problem) => problem.text)].filter((part) => part !== "").join("\n");
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of the grid above
    // biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus
    <div
      role="row"
      aria-rowindex={index + 2}
      className="dz-grid-row"
      data-active={activeColumn !== null}
      data-worst={worst}
      data-overlap={overlap ?? undefined}
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
        {hits !== null && (
          <span className="dz-grid-hits" data-none={hits === 0}>
            {countText(hits, locale)}
          </span>
        )}
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
  selected,
  onPlace,
  onEdit,
}: GridRowProps & { readonly column: GridColumn; readonly at: number }): ReactNode {
  const text = useText();
  const shown = cellText(row, column, reading);
  const id = column.part === "note" ? null : column.column.id;
  const own = problems.filter((problem) => id !== null && ROW_OF_PATH.exec(problem.path)?.[2] === id);
  const [from = 0, to = -1] = selected === null ? [] : selected.split(":").map(Number);
  const empty =
    column.part === "input"
      ? text("tables.any")
      : column.part === "note"
        ? ""
        : text(column.column.kind === "handle" ? "tables.no-way" : "tables.unset");
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of the grid above
    <div
      role="gridcell"
      className="dz-grid-cell"
      data-part={column.part}
      data-place={`${index}:${at}`}
      data-empty={shown === ""}
      aria-selected={at >= from && at <= to}
      data-worst={own[0]?.severity}
      tabIndex={activeColumn === at ? 0 : -1}
      title={[shown, ...own.map((problem) => problem.text)].filter((part) => part !== "").join("\n") || undefined}
      onMouseDown={(event: MouseEvent) => {
        if (event.button !== 0) return;
        // The browser would select the text of everything between.
        if (event.shiftKey) event.preventDefault();
        onPlace({ row: index, column: at }, event.shiftKey);
      }}
      onMouseEnter={(event: MouseEvent) => {
        if (event.buttons === 1) onPlace({ row: index, column: at }, true);
      }}
      onDoubleClick={() => onEdit({ row: index, column: at })}
    >
      {shown === "" ? empty : shown}
    </div>
  );
}
