"use client";

import { ArrowLeft, ArrowRight, Trash2 } from "lucide-react";
import { useId } from "react";
import { fieldOf, type LocalText, variablesOf } from "#engine";
import { IconButton } from "../controls/icon-button";
import { LabelledField, Select } from "../controls/inputs";
import { FactPicker } from "../inspector/fact-picker";
import { LocalTextField } from "../inspector/local-text-field";
import { VariableSelect } from "../inspector/variable-select";
import { useDesigner, useFields, useText } from "../store/context";
import { Anchored } from "./anchored";
import { columnName } from "./cell-text";
import {
  type ChangeTable,
  type GridColumn,
  type InputColumn,
  moveColumn,
  type OutputColumn,
  removeColumn,
  setInput,
  setOutput,
  type Table,
} from "./table-model";

type Column = Exclude<GridColumn, { readonly part: "note" }>;

const NAME_MAX = 80;
const AGGREGATES = ["first", "sum", "min", "max", "count", "join"] as const;

/** What a column asks or sets, what it is called, and where it stands. */
export function ColumnPopover({
  table,
  column,
  anchor,
  readOnly,
  change,
  onDone,
}: {
  readonly table: Table;
  readonly column: Column;
  readonly anchor: HTMLElement | null;
  readonly readOnly: boolean;
  readonly change: ChangeTable;
  readonly onDone: () => void;
}) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const fields = useFields();
  const { part } = column;
  const { id, name } = column.column;
  const columns = part === "input" ? table.inputs : table.outputs;
  const at = columns.findIndex((known) => known.id === id);
  const setName = (next: LocalText | undefined): void => {
    const { name: _before, ...rest } = column.column;
    const named = next === undefined ? rest : { ...rest, name: next };
    change(
      part === "input" ? setInput(table, named as InputColumn, true) : setOutput(table, named as OutputColumn, true),
      "typing",
    );
  };
  const shown = columnName(column, { fields, locale });
  return (
    <Anchored anchor={anchor} label={text("tables.column", { name: shown })} onKeep={onDone} onGiveUp={onDone}>
      <div className="dz-pop-body">
        {column.part === "input" ? (
          <InputForm table={table} column={column.column} readOnly={readOnly} change={change} />
        ) : (
          <OutputForm table={table} column={column.column} readOnly={readOnly} change={change} />
        )}
        <LocalTextField
          label={text("tables.column-name")}
          value={name}
          placeholder={(of) => columnName(column, { fields, locale: of })}
          maximum={NAME_MAX}
          readOnly={readOnly}
          onValue={setName}
        />
        {!readOnly && (
          <footer className="dz-pop-foot">
            <IconButton
              label={text("tables.move-left")}
              disabled={at <= 0}
              onClick={() => change(moveColumn(table, { part, id }, -1))}
            >
              <ArrowLeft size={14} aria-hidden />
            </IconButton>
            <IconButton
              label={text("tables.move-right")}
              disabled={at >= columns.length - 1}
              onClick={() => change(moveColumn(table, { part, id }, 1))}
            >
              <ArrowRight size={14} aria-hidden />
            </IconButton>
            <span className="dz-grow" />
            <IconButton
              label={text("tables.remove-column")}
              onClick={() => {
                change(removeColumn(table, { part, id }));
                onDone();
              }}
            >
              <Trash2 size={14} aria-hidden />
            </IconButton>
          </footer>
        )}
      </div>
    </Anchored>
  );
}

type FormProps<TColumn> = {
  readonly table: Table;
  readonly column: TColumn;
  readonly readOnly: boolean;
  readonly change: ChangeTable;
};

function InputForm({ table, column, readOnly, change }: FormProps<InputColumn>) {
  const id = useId();
  const text = useText();
  const fields = useFields();
  const { fact } = column;
  if (fact === null) return <p className="dz-hint">{text("tables.conditions")}</p>;
  const before = fieldOf(fields, fact);
  return (
    <>
      <LabelledField id={`${id}-fact`} label={text("tables.column-fact")}>
        <FactPicker
          id={`${id}-fact`}
          label={text("tables.column-fact")}
          value={fact}
          readOnly={readOnly}
          onFact={(next) => {
            const after = fieldOf(fields, next);
            const same = before?.type === after?.type && before?.values === undefined && after?.values === undefined;
            change(setInput(table, { ...column, fact: next }, same));
          }}
        />
      </LabelledField>
      <LabelledField id={`${id}-unknown`} label={text("tables.unknown")}>
        <Select
          id={`${id}-unknown`}
          value={column.unknown}
          disabled={readOnly}
          choices={(["ask", "fails"] as const).map((one) => ({ value: one, label: text(`tables.unknown-${one}`) }))}
          onValue={(unknown) => change(setInput(table, { ...column, unknown: unknown as "ask" | "fails" }, true))}
        />
      </LabelledField>
    </>
  );
}

function OutputForm({ table, column, readOnly, change }: FormProps<OutputColumn>) {
  const id = useId();
  const text = useText();
  const settings = useDesigner((state) => state.doc.settings);
  if (column.kind === "handle") return <p className="dz-hint">{text("tables.ways-hint")}</p>;
  const typeOf = (name: string) => variablesOf(settings).find((one) => one.name === name)?.type;
  return (
    <>
      <LabelledField id={`${id}-variable`} label={text("tables.column-variable")}>
        <VariableSelect
          id={`${id}-variable`}
          label={text("tables.column-variable")}
          value={column.variable}
          readOnly={readOnly}
          onVariable={(variable) =>
            change(setOutput(table, { ...column, variable }, typeOf(variable) === typeOf(column.variable)))
          }
        />
      </LabelledField>
      <LabelledField id={`${id}-aggregate`} label={text("tables.aggregate")}>
        <Select
          id={`${id}-aggregate`}
          value={column.aggregate}
          disabled={readOnly}
          choices={AGGREGATES.map((one) => ({ value: one, label: text(`tables.aggregates.${one}`) }))}
          onValue={(aggregate) => change(setOutput(table, { ...column, aggregate }, true))}
        />
      </LabelledField>
    </>
  );
}
