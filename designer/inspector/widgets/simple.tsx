"use client";

import { FieldGroup, Input, LabelledField, Select } from "../../controls/inputs";
import { useDesigner, useText } from "../../store/context";
import { useDraft } from "../use-draft";
import { WeekStrip } from "../week-strip";
import type { WidgetProps } from "../widget";

const asText = (value: unknown): string => (typeof value === "string" ? value : "");

export function TextWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const draft = useDraft(asText(value), (typed) =>
    onValue(typed === "" && value === undefined ? undefined : typed, "typing")
      ? { ok: true, reads: typed }
      : { ok: false, problem: text("form.not-accepted") },
  );
  const own = draft.problem === null ? [] : [{ severity: "error", text: draft.problem }];
  return (
    <LabelledField id={id} label={label} problems={[...own, ...problems]}>
      <Input
        id={id}
        value={draft.value}
        readOnly={readOnly}
        maxLength={field.maximum}
        aria-invalid={own.length + problems.length > 0}
        aria-describedby={`${id}-problems`}
        onChange={(event) => draft.type(event.target.value)}
        onBlur={draft.leave}
      />
    </LabelledField>
  );
}

export function IntegerWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = field;
  const draft = useDraft(typeof value === "number" ? String(value) : "", (typed) => {
    const number = /^-?\d{1,9}$/.test(typed.trim()) ? Number(typed) : Number.NaN;
    const fits = Number.isInteger(number) && number >= minimum && number <= maximum;
    return fits && onValue(number, "typing")
      ? { ok: true, reads: String(number) }
      : { ok: false, problem: text("form.integer", { minimum, maximum }) };
  });
  const own = draft.problem === null ? [] : [{ severity: "error", text: draft.problem }];
  return (
    <LabelledField id={id} label={label} problems={[...own, ...problems]}>
      <Input
        id={id}
        className="dz-narrow"
        inputMode="numeric"
        value={draft.value}
        readOnly={readOnly}
        aria-invalid={own.length + problems.length > 0}
        aria-describedby={`${id}-problems`}
        onChange={(event) => draft.type(event.target.value)}
        onBlur={draft.leave}
      />
    </LabelledField>
  );
}

/** Time of day and date are the platform's own pickers; both are stored as plain text without a zone. */
function PickedText({ id, label, value, problems, readOnly, onValue, type }: WidgetProps & { type: "time" | "date" }) {
  return (
    <LabelledField id={id} label={label} problems={problems}>
      <Input
        id={id}
        className="dz-narrow"
        type={type}
        value={asText(value)}
        readOnly={readOnly}
        aria-invalid={problems.length > 0}
        aria-describedby={`${id}-problems`}
        onChange={(event) => onValue(event.target.value, "typing")}
      />
    </LabelledField>
  );
}

/** A time of the day, with the week it falls into. */
export function LocalTimeWidget(props: WidgetProps) {
  const at = asText(props.value);
  return (
    <>
      <PickedText {...props} type="time" />
      {at !== "" && <WeekStrip at={at} />}
    </>
  );
}

export function DateWidget(props: WidgetProps) {
  return <PickedText {...props} type="date" />;
}

function useOptionText(view: WidgetProps["view"]): (option: string) => string {
  const locale = useDesigner((state) => state.locale);
  return (option) => view.definition?.texts[locale].options[option] ?? option;
}

export function ChoiceWidget({ id, label, value, field, view, problems, readOnly, onValue }: WidgetProps) {
  const optionText = useOptionText(view);
  const choices = (field.options ?? []).map((option) => ({ value: option, label: optionText(option) }));
  return (
    <LabelledField id={id} label={label} problems={problems}>
      <Select
        id={id}
        value={asText(value)}
        choices={choices}
        disabled={readOnly}
        aria-invalid={problems.length > 0}
        aria-describedby={`${id}-problems`}
        onValue={(chosen) => onValue(chosen)}
      />
    </LabelledField>
  );
}

export function ToggleWidget({ id, label, value, problems, readOnly, onValue }: WidgetProps) {
  return (
    <div className="dz-field">
      <label className="dz-check" htmlFor={id}>
        <input
          id={id}
          type="checkbox"
          checked={value === true}
          disabled={readOnly}
          onChange={(event) => onValue(event.target.checked)}
        />
        {label}
      </label>
      {problems.map((problem) => (
        <p key={problem.text} className="dz-hint">
          {problem.text}
        </p>
      ))}
    </div>
  );
}

/** Any number of options, kept in the order they are offered. */
export function ChoicesWidget({ id, label, value, field, view, problems, readOnly, onValue }: WidgetProps) {
  const optionText = useOptionText(view);
  const chosen = Array.isArray(value) ? value : [];
  const options = field.options ?? [];
  return (
    <FieldGroup id={id} label={label} problems={problems}>
      {options.map((option) => (
        <label key={option} className="dz-check">
          <input
            type="checkbox"
            checked={chosen.includes(option)}
            disabled={readOnly}
            onChange={(event) =>
              onValue(options.filter((known) => (known === option ? event.target.checked : chosen.includes(known))))
            }
          />
          {optionText(option)}
        </label>
      ))}
    </FieldGroup>
  );
}

export function LexiconWidget({ id, label, value, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const lexicons = useDesigner((state) => state.pack.lexicons);
  const known = Object.values(lexicons).map((lexicon) => ({
    value: lexicon.name,
    label: `${lexicon.title[locale] ?? lexicon.name} · ${lexicon.version}`,
  }));
  const missing = asText(value) !== "" && !(asText(value) in lexicons);
  const lost = missing ? [{ value: asText(value), label: asText(value) }] : [];
  return (
    <LabelledField id={id} label={label} problems={problems}>
      <Select
        id={id}
        value={asText(value)}
        choices={[{ value: "", label: text("form.choose") }, ...lost, ...known]}
        disabled={readOnly}
        aria-invalid={problems.length > 0}
        aria-describedby={`${id}-problems`}
        onValue={(chosen) => onValue(chosen)}
      />
    </LabelledField>
  );
}
