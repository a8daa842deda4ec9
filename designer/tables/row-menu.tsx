"use client";

import { useText } from "../store/context";
import { Anchored } from "./anchored";
import type { Place } from "./grid-keys";
import { addRow, type ChangeTable, duplicateRow, moveRow, removeRow, type Table } from "./table-model";

/** What can be done with a whole row. `onDone` says where the focus goes. */
export function RowMenu({
  table,
  index,
  anchor,
  change,
  onDone,
}: {
  readonly table: Table;
  readonly index: number;
  readonly anchor: HTMLElement | null;
  readonly change: ChangeTable;
  readonly onDone: (place: Place) => void;
}) {
  const text = useText();
  const last = table.rows.length - 1;
  const acts = [
    { key: "insert-above", makes: () => addRow(table, index), goes: index, enabled: true },
    { key: "insert-below", makes: () => addRow(table, index + 1), goes: index + 1, enabled: true },
    { key: "duplicate-row", makes: () => duplicateRow(table, index), goes: index + 1, enabled: true },
    { key: "move-row-up", makes: () => moveRow(table, index, index - 1), goes: index - 1, enabled: index > 0 },
    { key: "move-row-down", makes: () => moveRow(table, index, index + 1), goes: index + 1, enabled: index < last },
    { key: "remove-row", makes: () => removeRow(table, index), goes: Math.min(index, last - 1), enabled: true },
  ] as const;
  const stay = (): void => onDone({ row: index, column: -1 });
  return (
    <Anchored anchor={anchor} label={text("tables.row-menu", { number: index + 1 })} onKeep={stay} onGiveUp={stay}>
      <ul className="dz-menu">
        {acts.map(({ key, makes, goes, enabled }) => (
          <li key={key}>
            <button
              type="button"
              disabled={!enabled}
              onClick={() => {
                change(makes());
                onDone({ row: goes, column: -1 });
              }}
            >
              {text(`tables.${key}`)}
            </button>
          </li>
        ))}
      </ul>
    </Anchored>
  );
}
