"use client";

import {
  type ConditionLeaf,
  type ConditionScalar,
  type Field,
  inLocale,
  type Operator,
  operatorsFor,
  takesList,
} from "#engine";
import { Input, Select } from "../controls/inputs";
import { useDesigner, useText } from "../store/context";
import { firstQuestion, usableFields, withField, withOperator } from "./condition-model";
import { numberText, parseNumber } from "./numbers";
import { useDraft } from "./use-draft";

type LeafProps = {
  readonly leaf: ConditionLeaf;
  readonly readOnly: boolean;
  readonly onLeaf: (leaf: ConditionLeaf, gesture?: "typing") => boolean;
};

/** One question: a fact, how it is compared, and with what. Only operators and values that fit the fact are offered. */
export function Question({ leaf, readOnly, onLeaf }: LeafProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const fields = useDesigner((state) => state.pack.fields);
  const field = Object.hasOwn(fields, leaf.fact) ? fields[leaf.fact] : undefined;
  const usable = usableFields(fields);
  const known = usable.some((one) => one.key === leaf.fact);
  const names = usable.map((one) => ({ value: one.key, label: inLocale(one.label, locale) }));
  const lost = known ? [] : [{ value: leaf.fact, label: text("condition.unknown-fact", { fact: leaf.fact }) }];
  const operators = field === undefined ? [leaf.operator] : operatorsFor(field.type);
  const listed = operators.includes(leaf.operator) ? operators : [leaf.operator, ...operators];
  return (
    <div className="dz-question-parts">
      <Select
        aria-label={text("condition.fact")}
        aria-invalid={!known}
        className="dz-question-fact"
        value={leaf.fact}
        disabled={readOnly}
        choices={[...lost, ...names]}
        onValue={(key) => {
          const next = fields[key];
          if (next !== undefined) onLeaf(field === undefined ? firstQuestion(next) : withField(leaf, field, next));
        }}
      />
      <Select
        aria-label={text("condition.operator")}
        className="dz-question-operator"
        value={leaf.operator}
        disabled={readOnly}
        choices={listed.map((operator) => ({ value: operator, label: operatorLabel(operator, field) }))}
        onValue={(operator) => onLeaf(withOperator(leaf, operator as Operator))}
      />
      <ValueEditor leaf={leaf} field={field} readOnly={readOnly} onLeaf={onLeaf} />
    </div>
  );

  function operatorLabel(operator: Operator, of: Field | undefined): string {
    const measured = of !== undefined && operatorsFor(of.type).includes("greaterThan");
    if (measured && (operator === "equal" || operator === "notEqual")) return text(`operators.${operator}-number`);
    return text(`operators.${operator}`);
  }
}

type ValueProps = LeafProps & { readonly field: Field | undefined };

function ValueEditor(props: ValueProps) {
  const { field, leaf } = props;
  if (takesList(leaf.operator)) return <ListValue {...props} />;
  if (field?.values !== undefined) return <ListedValue {...props} values={field.values} />;
  if (field?.type === "boolean") return <YesNo {...props} />;
  if (field?.type === "date") return <DateValue {...props} />;
  return <TypedValue {...props} />;
}

function ListedValue({
  leaf,
  readOnly,
  onLeaf,
  values,
}: ValueProps & { readonly values: NonNullable<Field["values"]> }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const value = String(leaf.value);
  const known = values.map((one) => ({ value: one.value, label: inLocale(one.label, locale) }));
  const lost = known.some((one) => one.value === value) ? [] : [{ value, label: value }];
  return (
    <Select
      aria-label={text("condition.value")}
      aria-invalid={lost.length > 0}
      value={value}
      disabled={readOnly}
      choices={[...lost, ...known]}
      onValue={(next) => onLeaf({ ...leaf, value: next })}
    />
  );
}

function YesNo({ leaf, readOnly, onLeaf }: ValueProps) {
  const text = useText();
  return (
    <Select
      aria-label={text("condition.value")}
      value={String(leaf.value === true)}
      disabled={readOnly}
      choices={[
        { value: "true", label: text("condition.yes") },
        { value: "false", label: text("condition.no") },
      ]}
      onValue={(next) => onLeaf({ ...leaf, value: next === "true" })}
    />
  );
}

function DateValue({ leaf, readOnly, onLeaf }: ValueProps) {
  const text = useText();
  return (
    <Input
      type="date"
      aria-label={text("condition.value")}
      value={String(leaf.value)}
      readOnly={readOnly}
      onChange={(event) => {
        // A half-cleared date field reports an empty text; the last whole date stands until there is another.
        if (event.target.value !== "") onLeaf({ ...leaf, value: event.target.value }, "typing");
      }}
    />
  );
}

function parse(typed: string, field: Field | undefined): ConditionScalar | null {
  if (field === undefined || field.type === "text" || field.type === "enum") return typed;
  return field.type === "date" ? typed : parseNumber(typed, field.type);
}

function read(value: ConditionScalar, field: Field | undefined): string {
  return typeof value === "number" && field !== undefined ? numberText(value, field.type) : String(value);
}

/** Unit shown behind a typed value: money is typed in yuan and kept in fen. */
function useUnit(field: Field | undefined): string {
  const text = useText();
  const currency = useDesigner((state) => state.doc.settings.currency);
  if (field?.type === "money") return text(`currency.${currency}`);
  if (field?.type === "percent") return "%";
  return field?.unit === undefined ? "" : text(`units.${field.unit}`);
}

function TypedValue({ leaf, field, readOnly, onLeaf }: ValueProps) {
  const text = useText();
  const unit = useUnit(field);
  const stored = typeof leaf.value === "object" ? "" : read(leaf.value, field);
  const draft = useDraft(stored, (typed) => {
    const value = parse(typed, field);
    return value !== null && onLeaf({ ...leaf, value }, "typing")
      ? { ok: true, reads: read(value, field) }
      : { ok: false, problem: text("condition.not-a-value") };
  });
  return (
    <span className="dz-typed">
      <Input
        aria-label={text("condition.value")}
        aria-invalid={draft.problem !== null}
        title={draft.problem ?? undefined}
        inputMode={field?.type === "text" ? "text" : "decimal"}
        value={draft.value}
        readOnly={readOnly}
        onChange={(event) => draft.type(event.target.value)}
        onBlur={draft.leave}
      />
      {unit !== "" && <span className="dz-unit">{unit}</span>}
    </span>
  );
}

function ListValue(props: ValueProps) {
  const { leaf, field, readOnly, onLeaf } = props;
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const values = typeof leaf.value === "object" ? leaf.value : [leaf.value];
  if (field?.values === undefined) return <TypedList {...props} />;
  return (
    <fieldset className="dz-values" aria-label={text("condition.value")}>
      {field.values.map((one) => (
        <label key={one.value} className="dz-chip" data-on={values.includes(one.value)}>
          <input
            type="checkbox"
            checked={values.includes(one.value)}
            disabled={readOnly}
            onChange={(event) => {
              const order = field.values ?? [];
              const next = order
                .map((known) => known.value)
                .filter((known) => (known === one.value ? event.target.checked : values.includes(known)));
              // A list of nothing can never hold; the last value stays.
              if (next.length > 0) onLeaf({ ...leaf, value: next });
            }}
          />
          {inLocale(one.label, locale)}
        </label>
      ))}
    </fieldset>
  );
}

function TypedList({ leaf, field, readOnly, onLeaf }: ValueProps) {
  const text = useText();
  const unit = useUnit(field);
  const values = typeof leaf.value === "object" ? leaf.value : [leaf.value];
  const draft = useDraft(values.map((value) => read(value, field)).join(", "), (typed) => {
    const parts = typed.split(/[,，、;；]/).map((part) => part.trim());
    const parsed = parts.filter((part) => part !== "").map((part) => parse(part, field));
    const known = parsed.filter((value) => value !== null);
    return known.length > 0 && known.length === parsed.length && onLeaf({ ...leaf, value: known }, "typing")
      ? { ok: true, reads: known.map((value) => read(value, field)).join(", ") }
      : { ok: false, problem: text("condition.not-a-list") };
  });
  return (
    <span className="dz-typed">
      <Input
        aria-label={text("condition.value")}
        aria-invalid={draft.problem !== null}
        title={draft.problem ?? text("condition.list-hint")}
        value={draft.value}
        readOnly={readOnly}
        onChange={(event) => draft.type(event.target.value)}
        onBlur={draft.leave}
      />
      {unit !== "" && <span className="dz-unit">{unit}</span>}
    </span>
  );
}
