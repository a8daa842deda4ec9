"use client";

import { Plus, X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { type Condition, type Field, fieldOf, inLocale, type Operator, operatorsFor, type ValueSpec } from "#engine";
import { IconButton } from "../controls/icon-button";
import { Select, TextArea, TextButton } from "../controls/inputs";
import { ConditionBuilder } from "../inspector/condition-builder";
import { firstQuestion, withOperator } from "../inspector/condition-model";
import { OperandEditor } from "../inspector/question";
import { ScalarInput } from "../inspector/scalar-input";
import { ValueEditor } from "../inspector/value-editor";
import { firstLiteral } from "../inspector/value-model";
import { useDesigner, useFields, useText } from "../store/context";
import { Anchored } from "./anchored";
import { columnName } from "./cell-text";
import {
  type Cell,
  type ChangeTable,
  cellOf,
  conditionCell,
  contentAt,
  type GridColumn,
  isRange,
  type OutputCell,
  partsOf,
  type Range,
  type SimpleCell,
  setContentAt,
  type Table,
} from "./table-model";

type Content = Cell | OutputCell | string | null;

const NOTE_MAX = 500;
const ALTERNATIVES_MAX = 50;

export type CellPopoverProps = {
  readonly table: Table;
  readonly index: number;
  readonly column: GridColumn;
  readonly anchor: HTMLElement | null;
  readonly readOnly: boolean;
  readonly change: ChangeTable;
  /** `down`: the next thing to edit is the cell below. */
  readonly onDone: (down: boolean) => void;
};

/** Edits one cell apart from the table, which is changed once, when the author is done. */
export function CellPopover({ table, index, column, anchor, readOnly, change, onDone }: CellPopoverProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const fields = useFields();
  const row = table.rows[index];
  const before = row === undefined ? null : contentAt(row, column);
  const [content, setContent] = useState<Content>(before);
  const [refused, setRefused] = useState(false);
  const keep = (down: boolean): void => {
    if (content === before || readOnly || change(setContentAt(table, { index, column }, content))) onDone(down);
    else setRefused(true);
  };
  const set = (next: Content): boolean => {
    setContent(next);
    setRefused(false);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const plainInput = event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
    const command = event.ctrlKey || event.metaKey;
    if (event.key !== "Enter" || event.nativeEvent.isComposing || !(plainInput || command)) return;
    event.preventDefault();
    keep(true);
  };
  const name = columnName(column, { fields, locale });
  return (
    <Anchored
      anchor={anchor}
      label={text("tables.cell-label", { number: index + 1, column: name })}
      onKeep={() => keep(false)}
      onGiveUp={() => onDone(false)}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter ends the editing whichever control has the focus */}
      <div className="dz-pop-body" onKeyDown={onKeyDown}>
        <Editor table={table} column={column} content={content} readOnly={readOnly} set={set} />
        {refused && (
          <p className="dz-field-problems" data-worst="error" role="alert">
            {text("tables.refused")}
          </p>
        )}
        {!readOnly && (
          <footer className="dz-pop-foot">
            <TextButton disabled={content === null} onClick={() => set(null)}>
              {text("tables.clear")}
            </TextButton>
            <TextButton onClick={() => keep(false)}>{text("tables.done")}</TextButton>
          </footer>
        )}
      </div>
    </Anchored>
  );
}

type EditorProps = Pick<CellPopoverProps, "table" | "readOnly"> & {
  readonly content: Content;
  readonly set: (content: Content) => boolean;
};

function Editor({ column, content, ...props }: EditorProps & { readonly column: GridColumn }) {
  const text = useText();
  const { readOnly, set } = props;
  if (column.part === "note") {
    return (
      <TextArea
        rows={3}
        aria-label={text("tables.note")}
        maxLength={NOTE_MAX}
        readOnly={readOnly}
        value={typeof content === "string" ? content : ""}
        onChange={(event) => set(event.target.value)}
      />
    );
  }
  if (column.part === "output") {
    const output = content as OutputCell | null;
    if (column.column.kind === "handle") return <WayEditor {...props} content={output} />;
    return <VariableEditor {...props} content={output} variable={column.column.variable} />;
  }
  const { fact } = column.column;
  const cell = content as Cell | null;
  if (fact === null) {
    return (
      <ConditionBuilder
        id="cell"
        condition={conditionCell(cell)}
        readOnly={readOnly}
        mayBeEmpty
        onCondition={(condition: Condition | null) => set(condition)}
      />
    );
  }
  return <QuestionsEditor fact={fact} cell={cell} readOnly={readOnly} set={set} />;
}

function WayEditor({ table, content, readOnly, set }: EditorProps & { readonly content: OutputCell | null }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const chosen = content !== null && "way" in content ? content.way : "";
  const known = table.ways.map((way) => ({
    value: way.id,
    label: way.name === undefined ? way.id : inLocale(way.name, locale),
  }));
  const lost = chosen === "" || known.some((way) => way.value === chosen) ? [] : [{ value: chosen, label: chosen }];
  return (
    <Select
      aria-label={text("tables.way")}
      value={chosen}
      disabled={readOnly}
      choices={[{ value: "", label: text("tables.no-way") }, ...lost, ...known]}
      onValue={(way) => set(way === "" ? null : { way })}
    />
  );
}

function VariableEditor({
  variable,
  content,
  readOnly,
  set,
}: EditorProps & { readonly content: OutputCell | null; readonly variable: string }) {
  const text = useText();
  const fields = useFields();
  const field = fieldOf(fields, `var.${variable}`);
  if (variable === "") return <p className="dz-hint">{text("tables.choose-variable-first")}</p>;
  const value: ValueSpec | null = content !== null && !("way" in content) ? content : null;
  if (value === null) {
    return (
      <div className="dz-entry-head">
        <span className="dz-hint dz-grow">{text("tables.unset")}</span>
        {!readOnly && (
          <TextButton onClick={() => set(firstLiteral(field?.type ?? "text", field?.values))}>
            {text("tables.set")}
          </TextButton>
        )}
      </div>
    );
  }
  return (
    <ValueEditor
      label={text("tables.set")}
      value={value}
      types={field === undefined ? undefined : [field.type]}
      listed={field?.values}
      readOnly={readOnly}
      onValue={(next) => set(next)}
    />
  );
}

/** What a column with a fact asks in a row: nothing, a question, or several of which one must hold. */
function QuestionsEditor({
  fact,
  cell,
  readOnly,
  set,
}: {
  readonly fact: string;
  readonly cell: Cell | null;
  readonly readOnly: boolean;
  readonly set: (content: Cell | null) => boolean;
}) {
  const text = useText();
  const fields = useFields();
  const field = fieldOf(fields, fact);
  if (field === undefined) return <p className="dz-hint">{text("tables.choose-fact-first")}</p>;
  const parts = partsOf(cell);
  const { operator, value } = firstQuestion(field);
  const first: SimpleCell =
    field.values === undefined ? { operator, value } : { operator: "in", value: [String(value)] };
  const shown: readonly (SimpleCell | null)[] = parts.length === 0 ? [null] : parts;
  return (
    <>
      {shown.map((part, at) => (
        // Alternatives have no names of their own; editing replaces them at their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: the index is the alternative's place
        <div key={at} className="dz-entry-head dz-part">
          <PartEditor
            part={part}
            first={first}
            field={field}
            readOnly={readOnly}
            onPart={(next) => set(next === null ? null : cellOf(parts.length === 0 ? [next] : parts.with(at, next)))}
          />
          {!readOnly && parts.length > 1 && (
            <IconButton
              label={text("tables.remove-alternative", { number: at + 1 })}
              onClick={() => set(cellOf(parts.toSpliced(at, 1)))}
            >
              <X size={14} aria-hidden />
            </IconButton>
          )}
        </div>
      ))}
      {!readOnly && parts.length > 0 && parts.length < ALTERNATIVES_MAX && (
        <TextButton onClick={() => set(cellOf([...parts, first]))}>
          <Plus size={13} aria-hidden />
          {text("tables.alternative")}
        </TextButton>
      )}
    </>
  );
}

const ANY = "any";
const BETWEEN = "between";

function PartEditor({
  part,
  first,
  field,
  readOnly,
  onPart,
}: {
  readonly part: SimpleCell | null;
  readonly first: SimpleCell;
  readonly field: Field;
  readonly readOnly: boolean;
  readonly onPart: (part: SimpleCell | null) => boolean;
}) {
  const text = useText();
  const operators = operatorsFor(field.type);
  const ordered = operators.includes("greaterThan");
  const asked = part === null ? ANY : isRange(part) ? BETWEEN : part.operator;
  const nameOf = (one: Operator): string =>
    ordered && (one === "equal" || one === "notEqual") ? text(`operators.${one}-number`) : text(`operators.${one}`);
  const ask = (next: string): void => {
    if (next === ANY) onPart(null);
    else if (next === BETWEEN) onPart(rangeFrom(part, field));
    else {
      const question = part !== null && !isRange(part) ? part : !isRange(first) ? first : null;
      if (question === null) return;
      const { operator, value } = withOperator({ fact: field.key, ...question }, next as Operator, field);
      onPart({ operator, value });
    }
  };
  return (
    <div className="dz-question-parts">
      <Select
        className="dz-question-fact"
        aria-label={text("tables.ask")}
        value={asked}
        disabled={readOnly}
        choices={[
          { value: ANY, label: text("tables.any") },
          ...(ordered ? [{ value: BETWEEN, label: text("tables.between") }] : []),
          ...operators.map((one) => ({ value: one, label: nameOf(one) })),
        ]}
        onValue={ask}
      />
      {part !== null && isRange(part) && (
        <RangeEditor range={part} field={field} readOnly={readOnly} onRange={onPart} />
      )}
      {part !== null && !isRange(part) && (
        <div className="dz-question-fact">
          <OperandEditor
            leaf={{ fact: field.key, ...part }}
            field={field}
            readOnly={readOnly}
            onLeaf={({ operator, value }) => onPart({ operator, value })}
          />
        </div>
      )}
    </div>
  );
}

/** A range around what was asked before, so that the number need not be typed again. */
function rangeFrom(part: SimpleCell | null, field: Field): Range {
  if (part !== null && isRange(part)) return part;
  const asked = part === null || typeof part.value === "object" ? firstQuestion(field).value : part.value;
  const bound = typeof asked === "number" || typeof asked === "string" ? asked : 0;
  return { from: bound, fromInclusive: true, to: bound, toInclusive: true };
}

function RangeEditor({
  range,
  field,
  readOnly,
  onRange,
}: {
  readonly range: Range;
  readonly field: Field;
  readonly readOnly: boolean;
  readonly onRange: (range: Range) => boolean;
}) {
  const text = useText();
  return (["from", "to"] as const).map((end) => {
    const inclusive = end === "from" ? "fromInclusive" : "toInclusive";
    return (
      <div key={end} className="dz-range-end">
        <ScalarInput
          label={text(`tables.${end}`)}
          kind={field}
          value={range[end]}
          readOnly={readOnly}
          onValue={(value) => typeof value !== "boolean" && onRange({ ...range, [end]: value })}
        />
        <label className="dz-check">
          <input
            type="checkbox"
            checked={range[inclusive]}
            disabled={readOnly}
            onChange={(event) => onRange({ ...range, [inclusive]: event.target.checked })}
          />
          {text(end === "from" ? "tables.from-inclusive" : "tables.to-inclusive")}
        </label>
      </div>
    );
  });
}
