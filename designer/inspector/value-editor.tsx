"use client";

import { Plus, X } from "lucide-react";
import { useState } from "react";
import {
  type FactType,
  type Field,
  fieldOf,
  isNumeric,
  literalType,
  operandTypes,
  VALUE_OPERATORS,
  type ValueSpec,
  valueSentence,
} from "#engine";
import { IconButton } from "../controls/icon-button";
import { Input, Select, TextButton } from "../controls/inputs";
import { useDesigner, useFields, useText } from "../store/context";
import { FactPicker } from "./fact-picker";
import { ScalarInput } from "./scalar-input";
import { useDraft } from "./use-draft";
import {
  firstLiteral,
  isUnfinished,
  kindOf,
  kindsFor,
  LITERAL_TYPES,
  OPERANDS_MAX,
  OPERANDS_MIN,
  type Reckoned,
  type ValueKind,
  type ValueOperator,
  withKind,
} from "./value-model";

const DAYS_MAX = 3660;

export type ValueEditorProps = {
  readonly id?: string | undefined;
  readonly label: string;
  readonly value: ValueSpec;
  /** Types the value may have; undefined = any. */
  readonly types: readonly FactType[] | undefined;
  /** Values of a list it goes into. */
  readonly listed?: Field["values"];
  readonly readOnly: boolean;
  /** False when the value is not taken. */
  readonly onValue: (value: ValueSpec, gesture?: "typing") => boolean;
};

/** Where a value comes from, and below it the sentence it makes. A fact that is not chosen yet is no value and not stored. */
export function ValueEditor(props: ValueEditorProps) {
  const { value: stored, types, listed, onValue } = props;
  const locale = useDesigner((state) => state.locale);
  const currency = useDesigner((state) => state.doc.settings.currency);
  const fields = useFields();
  const [unfinished, setUnfinished] = useState<{ readonly value: ValueSpec; readonly of: ValueSpec } | null>(null);
  const value = unfinished !== null && unfinished.of === stored ? unfinished.value : stored;
  const store = (next: ValueSpec, gesture?: "typing"): boolean => {
    if (isUnfinished(next)) {
      setUnfinished({ value: next, of: stored });
      return true;
    }
    setUnfinished(null);
    return onValue(next, gesture);
  };
  const plain = kindOf(value) === "literal" || kindOf(value) === "nothing";
  return (
    <div className="dz-value">
      <ValueParts {...props} value={value} depth={0} onValue={store} />
      {!plain && <p className="dz-sentence">{valueSentence(value, types, { fields, locale, currency, listed })}</p>}
    </div>
  );
}

type PartsProps = ValueEditorProps & { readonly depth: number };

function ValueParts(props: PartsProps) {
  const { id, label, value, types, listed, readOnly, depth, onValue } = props;
  const text = useText();
  const kind = kindOf(value);
  const offered = kindsFor(types, depth);
  const kinds = offered.includes(kind) ? offered : [kind, ...offered];
  return (
    <div className="dz-value-parts" data-kind={kind}>
      <Select
        id={id}
        className="dz-value-kind"
        aria-label={`${label}: ${text("values.kind")}`}
        value={kind}
        disabled={readOnly}
        choices={kinds.map((one) => ({ value: one, label: text(`values.${one}`) }))}
        onValue={(next) => onValue(withKind(value, next as ValueKind, { types, listed }))}
      />
      {kind === "literal" && <Literal {...props} />}
      {"fact" in value && (
        <FactPicker
          label={`${label}: ${text("condition.fact")}`}
          value={value.fact}
          types={types}
          readOnly={readOnly}
          onFact={(fact) => onValue({ fact })}
        />
      )}
      {"todayPlusDays" in value && (
        <DaysFromToday
          days={value.todayPlusDays}
          readOnly={readOnly}
          onDays={(days) => onValue({ todayPlusDays: days }, "typing")}
        />
      )}
      {"operator" in value && <Arithmetic {...props} value={value} />}
    </div>
  );
}

function Literal({ label, value, types, listed, readOnly, onValue }: PartsProps) {
  const text = useText();
  const literal = "literal" in value ? value.literal : null;
  const offered = literalTypes(types);
  // A plain number may be meant as a percentage; the document holds the number alone, so what it is typed as is remembered here.
  const [typedAs, setTypedAs] = useState<FactType | null>(null);
  const kept = typedAs !== null && offered.includes(typedAs) && isNumeric(typedAs) && typeof literal === "number";
  const type = kept ? typedAs : literalType(value, types);
  return (
    <>
      {offered.length > 1 && listed === undefined && (
        <Select
          aria-label={`${label}: ${text("values.type")}`}
          value={type}
          disabled={readOnly}
          choices={offered.map((one) => ({ value: one, label: text(`types.${one}`) }))}
          onValue={(next) => {
            setTypedAs(next as FactType);
            const stays = typeof literal === "number" && isNumeric(next as FactType);
            if (!stays) onValue(firstLiteral(next as FactType));
          }}
        />
      )}
      <ScalarInput
        label={label}
        kind={{ type, ...(listed === undefined ? {} : { values: listed }) }}
        value={literal}
        readOnly={readOnly}
        onValue={(next, gesture) => onValue({ literal: next }, gesture)}
      />
    </>
  );
}

/** Types a literal may be written in; a whole number is written as a number. */
function literalTypes(types: readonly FactType[] | undefined): readonly FactType[] {
  if (types === undefined) return LITERAL_TYPES;
  return types.includes("number") ? types.filter((type) => type !== "integer") : types;
}

function DaysFromToday({
  days,
  readOnly,
  onDays,
}: {
  readonly days: number;
  readonly readOnly: boolean;
  readonly onDays: (days: number) => boolean;
}) {
  const text = useText();
  const draft = useDraft(String(days), (typed) => {
    const count = /^-?\d{1,4}$/.test(typed.trim()) ? Number(typed) : Number.NaN;
    return Math.abs(count) <= DAYS_MAX && onDays(count)
      ? { ok: true, reads: String(count) }
      : { ok: false, problem: text("values.days-problem", { maximum: DAYS_MAX }) };
  });
  return (
    <span className="dz-typed">
      <Input
        aria-label={text("values.days")}
        aria-invalid={draft.problem !== null}
        title={draft.problem ?? text("values.days")}
        inputMode="numeric"
        value={draft.value}
        readOnly={readOnly}
        onChange={(event) => draft.type(event.target.value)}
        onBlur={draft.leave}
      />
      <span className="dz-unit">{text("units.days")}</span>
    </span>
  );
}

function Arithmetic({ label, value, types, readOnly, depth, onValue }: PartsProps & { readonly value: Reckoned }) {
  const text = useText();
  const fields = useFields();
  const set = (of: readonly ValueSpec[], gesture?: "typing"): boolean => onValue({ ...value, of }, gesture);
  return (
    <fieldset className="dz-operands">
      <legend className="sr-only">{text("values.operator")}</legend>
      <Select
        aria-label={`${label}: ${text("values.operator")}`}
        value={value.operator}
        disabled={readOnly}
        choices={VALUE_OPERATORS.map((one) => ({ value: one, label: text(`values.operators.${one}`) }))}
        onValue={(operator) => onValue({ ...value, operator: operator as ValueOperator })}
      />
      {value.of.map((operand, index) => (
        // Operands have no names of their own; editing replaces them at their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: the index is the operand's place
        <div key={index} className="dz-operand">
          <ValueParts
            label={`${label}: ${text("values.operand", { number: index + 1 })}`}
            value={operand}
            types={withOwnType(operandTypes(value.operator, index, types), operand, fields)}
            readOnly={readOnly}
            depth={depth + 1}
            onValue={(next, gesture) => set(value.of.with(index, next), gesture)}
          />
          {!readOnly && value.of.length > OPERANDS_MIN && (
            <IconButton
              label={text("values.remove-operand", { number: index + 1 })}
              onClick={() => set(value.of.toSpliced(index, 1))}
            >
              <X size={14} aria-hidden />
            </IconButton>
          )}
        </div>
      ))}
      {!readOnly && value.of.length < OPERANDS_MAX && (
        <TextButton
          onClick={() => {
            const [type = "number"] = operandTypes(value.operator, value.of.length, types);
            set([...value.of, firstLiteral(type)]);
          }}
        >
          <Plus size={13} aria-hidden />
          {text("values.add-operand")}
        </TextButton>
      )}
    </fieldset>
  );
}

/** A fact of another type that stands there already stays in the list. */
function withOwnType(
  types: readonly FactType[],
  operand: ValueSpec,
  fields: { readonly [key: string]: Field },
): readonly FactType[] {
  const own = "fact" in operand ? fieldOf(fields, operand.fact)?.type : undefined;
  return own === undefined || types.includes(own) ? types : [...types, own];
}
