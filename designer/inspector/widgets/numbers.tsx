"use client";

import type { FactType } from "#engine";
import { Input, LabelledField } from "../../controls/inputs";
import { useText } from "../../store/context";
import type { TextKey } from "../../texts/text";
import { numberText, parseNumber } from "../numbers";
import { useUnit } from "../scalar-input";
import { useDraft } from "../use-draft";
import type { WidgetProps } from "../widget";

/** A number typed as its type is written: a percentage is kept as a fraction, an amount in minor units. */
function NumberOfType({ type, hint, ...props }: WidgetProps & { readonly type: FactType; readonly hint: TextKey }) {
  const { id, label, value, field, problems, readOnly, onValue } = props;
  const text = useText();
  const unit = useUnit({ type });
  const { minimum, maximum } = field;
  const range =
    minimum === undefined || maximum === undefined
      ? null
      : text("form.out-of-range", { minimum: numberText(minimum, type), maximum: numberText(maximum, type) });
  const draft = useDraft(typeof value === "number" ? numberText(value, type) : "", (typed) => {
    const number = parseNumber(typed, type);
    if (number === null) return { ok: false, problem: text(hint) };
    const fits = number >= (minimum ?? -Infinity) && number <= (maximum ?? Infinity);
    if (!fits) return { ok: false, problem: range ?? text("form.not-accepted") };
    return onValue(number, "typing")
      ? { ok: true, reads: numberText(number, type) }
      : { ok: false, problem: range ?? text("form.not-accepted") };
  });
  const own = draft.problem === null ? [] : [{ severity: "error", text: draft.problem }];
  return (
    <LabelledField id={id} label={label} problems={[...own, ...problems]}>
      <span className="dz-typed dz-narrow">
        <Input
          id={id}
          inputMode="decimal"
          value={draft.value}
          readOnly={readOnly}
          aria-invalid={own.length + problems.length > 0}
          aria-describedby={`${id}-problems`}
          onChange={(event) => draft.type(event.target.value)}
          onBlur={draft.leave}
        />
        {unit !== "" && <span className="dz-unit">{unit}</span>}
      </span>
    </LabelledField>
  );
}

export function NumberWidget(props: WidgetProps) {
  return <NumberOfType {...props} type="number" hint="form.number-any" />;
}

export function PercentWidget(props: WidgetProps) {
  return <NumberOfType {...props} type="percent" hint="form.percent" />;
}

export function AmountWidget(props: WidgetProps) {
  return <NumberOfType {...props} type="money" hint="form.amount" />;
}
