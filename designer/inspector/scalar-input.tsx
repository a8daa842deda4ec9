"use client";

import { type ConditionScalar, type Field, inLocale } from "#engine";
import { Input, Select } from "../controls/inputs";
import { useDesigner, useText } from "../store/context";
import { isText, parseScalar, readScalar, type ScalarKind } from "./scalar-kind";
import { useDraft } from "./use-draft";

export type ScalarProps = {
  readonly id?: string | undefined;
  readonly label: string;
  readonly kind: ScalarKind | undefined;
  /** Null = none yet. */
  readonly value: ConditionScalar | null;
  readonly readOnly: boolean;
  /** False when the value is not taken. Typing is one gesture. */
  readonly onValue: (value: ConditionScalar, gesture?: "typing") => boolean;
};

/** A single value, typed or chosen as its type wants it: amounts in the currency, percentages as such, listed values by name. */
export function ScalarInput(props: ScalarProps) {
  const { kind } = props;
  if (kind?.values !== undefined) return <ListedValue {...props} values={kind.values} />;
  if (kind?.type === "boolean") return <YesNo {...props} />;
  if (kind?.type === "date") return <DateValue {...props} />;
  return <TypedValue {...props} />;
}

function ListedValue({
  id,
  label,
  value,
  values,
  readOnly,
  onValue,
}: ScalarProps & { readonly values: NonNullable<Field["values"]> }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const chosen = value === null ? "" : String(value);
  const known = values.map((one) => ({ value: one.value, label: inLocale(one.label, locale) }));
  const isKnown = known.some((one) => one.value === chosen);
  const lost = isKnown ? [] : [{ value: chosen, label: chosen === "" ? text("form.choose") : chosen }];
  return (
    <Select
      id={id}
      aria-label={label}
      aria-invalid={!isKnown}
      value={chosen}
      disabled={readOnly}
      choices={[...lost, ...known]}
      onValue={(next) => onValue(next)}
    />
  );
}

export function YesNo({ id, label, value, readOnly, onValue }: Omit<ScalarProps, "kind">) {
  const text = useText();
  const none = typeof value === "boolean" ? [] : [{ value: "", label: text("form.choose") }];
  return (
    <Select
      id={id}
      aria-label={label}
      value={typeof value === "boolean" ? String(value) : ""}
      disabled={readOnly}
      choices={[
        ...none,
        { value: "true", label: text("condition.yes") },
        { value: "false", label: text("condition.no") },
      ]}
      onValue={(next) => onValue(next === "true")}
    />
  );
}

function DateValue({ id, label, value, readOnly, onValue }: ScalarProps) {
  return (
    <Input
      id={id}
      type="date"
      aria-label={label}
      value={typeof value === "string" ? value : ""}
      readOnly={readOnly}
      onChange={(event) => {
        // A half-cleared date field reports an empty text; the last whole date stands until there is another.
        if (event.target.value !== "") onValue(event.target.value, "typing");
      }}
    />
  );
}

/** Unit shown behind a typed value: money is typed in yuan and kept in fen. */
export function useUnit(kind: ScalarKind | undefined): string {
  const text = useText();
  const currency = useDesigner((state) => state.doc.settings.currency);
  if (kind?.type === "money") return text(`currency.${currency}`);
  if (kind?.type === "percent") return "%";
  return kind?.unit === undefined ? "" : text(`units.${kind.unit}`);
}

function TypedValue({ id, label, kind, value, readOnly, onValue }: ScalarProps) {
  const text = useText();
  const unit = useUnit(kind);
  const draft = useDraft(value === null ? "" : readScalar(value, kind), (typed) => {
    const parsed = parseScalar(typed, kind);
    return parsed !== null && onValue(parsed, "typing")
      ? { ok: true, reads: readScalar(parsed, kind) }
      : { ok: false, problem: text("condition.not-a-value") };
  });
  return (
    <span className="dz-typed">
      <Input
        id={id}
        aria-label={label}
        aria-invalid={draft.problem !== null}
        title={draft.problem ?? undefined}
        inputMode={isText(kind) ? "text" : "decimal"}
        value={draft.value}
        readOnly={readOnly}
        onChange={(event) => draft.type(event.target.value)}
        onBlur={draft.leave}
      />
      {unit !== "" && <span className="dz-unit">{unit}</span>}
    </span>
  );
}

export type ScalarListProps = Omit<ScalarProps, "value" | "onValue"> & {
  readonly values: readonly ConditionScalar[];
  readonly onValues: (values: readonly ConditionScalar[], gesture?: "typing") => boolean;
};

/** Several values: ticked where they are listed, typed and parted by commas where they are not. Never none. */
export function ScalarList(props: ScalarListProps) {
  const { kind, values, label, readOnly, onValues } = props;
  const locale = useDesigner((state) => state.locale);
  const listed = kind?.values;
  if (listed === undefined) return <TypedList {...props} />;
  return (
    <fieldset className="dz-values" aria-label={label}>
      {listed.map((one) => (
        <label key={one.value} className="dz-chip" data-on={values.includes(one.value)}>
          <input
            type="checkbox"
            checked={values.includes(one.value)}
            disabled={readOnly}
            onChange={(event) => {
              const next = listed
                .map((known) => known.value)
                .filter((known) => (known === one.value ? event.target.checked : values.includes(known)));
              // A list of nothing can never hold; the last value stays.
              if (next.length > 0) onValues(next);
            }}
          />
          {inLocale(one.label, locale)}
        </label>
      ))}
    </fieldset>
  );
}

function TypedList({ id, label, kind, values, readOnly, onValues }: ScalarListProps) {
  const text = useText();
  const unit = useUnit(kind);
  const draft = useDraft(values.map((value) => readScalar(value, kind)).join(", "), (typed) => {
    const parts = typed.split(/[,，、;；]/).map((part) => part.trim());
    const parsed = parts.filter((part) => part !== "").map((part) => parseScalar(part, kind));
    const known = parsed.filter((value) => value !== null);
    return known.length > 0 && known.length === parsed.length && onValues(known, "typing")
      ? { ok: true, reads: known.map((value) => readScalar(value, kind)).join(", ") }
      : { ok: false, problem: text("condition.not-a-list") };
  });
  return (
    <span className="dz-typed">
      <Input
        id={id}
        aria-label={label}
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
