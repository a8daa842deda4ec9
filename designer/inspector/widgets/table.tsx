"use client";

import { Table2 } from "lucide-react";
import { useState } from "react";
import type { JsonValue } from "#engine";
import { stepName } from "../../canvas/drawing";
import { FieldGroup } from "../../controls/inputs";
import { Window } from "../../controls/window";
import { useText, useWords } from "../../store/context";
import { EMPTY_TABLE, type Table } from "../../tables/table-model";
import { TableEditor } from "../../tables/table-window";
import { useWindowKeys } from "../../tables/use-window-keys";
import type { WidgetProps } from "../widget";

/** Problems told beside the drawing; all of them stand in the table itself. */
const SHOWN_MAX = 4;

/** A decision table: how large it is and what is wrong with it here, the table itself in a window of its own. */
export function TableWidget({ id, label, value, view, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const words = useWords();
  const onKeyDown = useWindowKeys();
  const [open, setOpen] = useState(false);
  // The step's schema has parsed the data before a form is shown (`StepForm`).
  const table = { ...EMPTY_TABLE, ...(value as Partial<Table> | undefined) };
  const { inputs, outputs, rows } = table;
  const size = text("tables.size", { inputs: inputs.length, outputs: outputs.length, rows: rows.length });
  const more = problems.length - SHOWN_MAX;
  const told = [
    ...problems.slice(0, SHOWN_MAX),
    ...(more > 0 ? [{ severity: "info", text: text("problems.more", { count: more }) }] : []),
  ];
  return (
    <FieldGroup id={id} label={label} problems={told}>
      <p className="dz-hint">{size}</p>
      <button type="button" className="dz-open-window" onClick={() => setOpen(true)}>
        <Table2 size={15} aria-hidden />
        {text(readOnly ? "tables.view" : "tables.edit")}
      </button>
      <Window
        title={text("tables.title", { step: stepName(view.node, words) })}
        detail={size}
        closeLabel={text("tables.close")}
        open={open}
        onOpen={setOpen}
        onKeyDown={onKeyDown}
      >
        <TableEditor
          nodeId={view.node.id}
          table={table}
          problems={problems}
          readOnly={readOnly}
          change={(next, gesture) => onValue(next as unknown as JsonValue, gesture)}
        />
      </Window>
    </FieldGroup>
  );
}
