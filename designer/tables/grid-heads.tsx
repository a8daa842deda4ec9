"use client";

import { ChevronDown } from "lucide-react";
import { useDesigner, useFields, useText } from "../store/context";
import { columnName } from "./cell-text";
import type { Place } from "./grid-keys";
import type { RowHandlers } from "./grid-row";
import type { GridColumn } from "./table-model";

/** The heads of the columns; each opens what its column is edited with. */
export function GridHeads({
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
