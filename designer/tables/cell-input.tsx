"use client";

import { useEffect, useRef, useState } from "react";
import { Input } from "../controls/inputs";
import { useFields, useText } from "../store/context";
import { type Entry, type EntryProblem, readEntry } from "./entry";
import { HEADS_HEIGHT, type Place, ROW_HEIGHT } from "./grid-keys";
import type { GridColumn, Table } from "./table-model";

const STEP_OF: { readonly [key: string]: Place } = {
  Enter: { row: 1, column: 0 },
  Tab: { row: 0, column: 1 },
};

/** A cell as a line of text over the grid, whose own children may be rows only, as in a spreadsheet: Enter keeps it and goes down, Tab goes on, Escape gives it up. */
export function CellInput({
  place,
  column,
  first,
  table,
  anchor,
  label,
  onEntry,
  onGiveUp,
}: {
  readonly place: Place;
  readonly column: GridColumn;
  /** What it begins with. */
  readonly first: string;
  readonly table: Table;
  readonly anchor: HTMLElement | null;
  readonly label: string;
  /** Keeps what was read and goes on by so many rows and columns; false when it is not taken. */
  readonly onEntry: (content: Extract<Entry, { ok: true }>["content"], by: Place) => boolean;
  readonly onGiveUp: () => void;
}) {
  const text = useText();
  const fields = useFields();
  const [typed, setTyped] = useState(first);
  const [problem, setProblem] = useState<EntryProblem | "refused" | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => input.current?.focus({ preventScroll: true }), []);
  const keep = (by: Place): void => {
    const entry = readEntry(typed, column, { fields, table });
    if (!entry.ok) setProblem(entry.problem);
    else if (onEntry(entry.content, by)) done.current = true;
    else setProblem("refused");
  };
  const said =
    problem === null
      ? null
      : problem === "refused"
        ? text("tables.refused")
        : text(`tables.entry.${problem}`, { text: typed });
  return (
    <div
      className="dz-cell-input"
      data-own-escape
      style={{
        top: HEADS_HEIGHT + place.row * ROW_HEIGHT,
        left: anchor?.offsetLeft ?? 0,
        minWidth: anchor?.offsetWidth ?? 0,
        height: ROW_HEIGHT,
      }}
    >
      <Input
        ref={input}
        aria-label={label}
        aria-invalid={said !== null}
        aria-describedby={said === null ? undefined : "dz-cell-problem"}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setProblem(null);
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.nativeEvent.isComposing) return;
          const step = STEP_OF[event.key];
          if (event.key === "Escape") {
            event.preventDefault();
            done.current = true;
            onGiveUp();
          } else if (step !== undefined) {
            event.preventDefault();
            const sign = event.shiftKey ? -1 : 1;
            keep({ row: step.row * sign, column: step.column * sign });
          }
        }}
        onBlur={() => {
          if (!done.current) onGiveUp();
        }}
      />
      {said !== null && (
        <p id="dz-cell-problem" role="alert">
          {said}
        </p>
      )}
    </div>
  );
}
