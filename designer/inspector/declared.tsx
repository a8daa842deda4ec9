"use client";

import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { FACT_TYPES, type FactType, type Field, inLocale } from "#engine";
import { IconButton } from "../controls/icon-button";
import { Input, LabelledField, Select, TextButton } from "../controls/inputs";
import { useDesigner, useText } from "../store/context";
import { useDraft } from "./use-draft";

type Values = NonNullable<Field["values"]>;

const VALUE_MAX = 40;
const LABEL_MAX = 80;
const VALUES_MAX = 60;

/** The name of something declared. What cannot be stored stays as typed, with its reason. */
export function DeclaredName({
  name,
  label,
  readOnly,
  problemOf,
  onName,
}: {
  readonly name: string;
  readonly label: string;
  readonly readOnly: boolean;
  /** Why it cannot be called so, in words; null when it can. */
  readonly problemOf: (typed: string) => string | null;
  readonly onName: (name: string) => boolean;
}) {
  const id = useId();
  const text = useText();
  const draft = useDraft(name, (typed) => {
    if (typed === name) return { ok: true, reads: typed };
    const problem = problemOf(typed);
    if (problem !== null) return { ok: false, problem };
    return onName(typed) ? { ok: true, reads: typed } : { ok: false, problem: text("form.not-accepted") };
  });
  const problems = draft.problem === null ? [] : [{ severity: "error", text: draft.problem }];
  return (
    <LabelledField id={id} label={label} problems={problems}>
      <Input
        id={id}
        className="dz-code"
        maxLength={40}
        value={draft.value}
        readOnly={readOnly}
        aria-invalid={problems.length > 0}
        aria-describedby={`${id}-problems`}
        onChange={(event) => draft.type(event.target.value)}
        onBlur={draft.leave}
      />
    </LabelledField>
  );
}

export function TypeSelect({
  type,
  readOnly,
  onType,
}: {
  readonly type: FactType;
  readonly readOnly: boolean;
  readonly onType: (type: FactType) => void;
}) {
  const id = useId();
  const text = useText();
  return (
    <LabelledField id={id} label={text("variables.type")}>
      <Select
        id={id}
        value={type}
        disabled={readOnly}
        choices={FACT_TYPES.map((one) => ({ value: one, label: text(`types.${one}`) }))}
        onValue={(next) => onType(next as FactType)}
      />
    </LabelledField>
  );
}

/** The closed list of values of something declared, each with a name in the reader's language. */
export function ValuesEditor({
  values,
  readOnly,
  onValues,
}: {
  readonly values: Values;
  readonly readOnly: boolean;
  readonly onValues: (values: Values, gesture?: "typing") => boolean;
}) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const [code, setCode] = useState("");
  const bad = values.some(({ value }) => value === code);
  const add = (): void => {
    if (
      code !== "" &&
      !bad &&
      onValues([...values, { value: code, label: { [locale]: code } as Values[number]["label"] }])
    )
      setCode("");
  };
  return (
    <fieldset className="dz-field">
      <legend className="dz-field-label">{text("variables.values")}</legend>
      <ul className="dz-entries dz-listed">
        {values.map((one, index) => (
          <li key={one.value} className="dz-entry-head">
            <code className="dz-code-tag" title={one.value}>
              {one.value}
            </code>
            <Input
              aria-label={`${text("variables.value-label")}: ${one.value}`}
              maxLength={LABEL_MAX}
              placeholder={inLocale(one.label, locale)}
              value={one.label[locale] ?? ""}
              readOnly={readOnly}
              onChange={(event) => {
                const label = { ...one.label, [locale]: event.target.value };
                // The last name stays: a value without any could not be told from the others.
                if (event.target.value !== "") onValues(values.with(index, { ...one, label }), "typing");
              }}
            />
            {!readOnly && (
              <IconButton
                label={text("variables.remove-value", { name: one.value })}
                onClick={() => onValues(values.toSpliced(index, 1))}
              >
                <X size={14} aria-hidden />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {!readOnly && values.length < VALUES_MAX && (
        <div className="dz-new-entry">
          <Input
            className="dz-code"
            aria-label={text("variables.value-code")}
            aria-invalid={bad}
            placeholder={text("variables.value-code")}
            maxLength={VALUE_MAX}
            value={code}
            onChange={(event) => setCode(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") add();
            }}
          />
          <TextButton disabled={code === "" || bad} onClick={add}>
            <Plus size={13} aria-hidden />
            {text("variables.add-value")}
          </TextButton>
        </div>
      )}
    </fieldset>
  );
}
