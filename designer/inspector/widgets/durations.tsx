"use client";

import type { JsonValue } from "#engine";
import { FieldGroup } from "../../controls/inputs";
import { useDesigner, useText } from "../../store/context";
import { DurationInput } from "../duration-input";
import { problemsAt, type WidgetProps } from "../widget";

const FALLBACK_GAP_MINUTES = 60;

export function DurationWidget({ id, label, value, field, problems, readOnly, onValue }: WidgetProps) {
  return (
    <FieldGroup id={id} label={label} problems={problems}>
      <DurationInput
        id={id}
        label={label}
        minutes={typeof value === "number" ? value : undefined}
        minimum={field.minimum ?? 1}
        maximum={field.maximum ?? Number.MAX_SAFE_INTEGER}
        readOnly={readOnly}
        invalid={problems.length > 0}
        onMinutes={(minutes) => onValue(minutes, "typing")}
      />
    </FieldGroup>
  );
}

type Gaps = { readonly [outcome: string]: JsonValue };

/** After which results the attempt is repeated, and how long after. */
export function RetryGapsWidget({ id, label, value, field, view, problems, readOnly, onValue }: WidgetProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const gaps: Gaps = typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Gaps) : {};
  const outcomes = field.options ?? [];
  const defaults = (view.definition?.initial() ?? {}) as { readonly [path: string]: Gaps | undefined };
  /** In the order of the list, whatever order they were ticked in. */
  const withGap = (outcome: string, minutes: number | null): Gaps =>
    Object.fromEntries(
      outcomes.flatMap((known) => {
        const gap = known === outcome ? minutes : gaps[known];
        return gap === undefined || gap === null ? [] : [[known, gap]];
      }),
    );
  return (
    <FieldGroup id={id} label={label} problems={problems.filter((problem) => problem.path === "")}>
      <ul className="dz-gaps">
        {outcomes.map((outcome) => {
          const gap = gaps[outcome];
          const name = view.definition?.texts[locale].options[outcome] ?? outcome;
          const first = defaults[field.path]?.[outcome];
          return (
            <li key={outcome}>
              <label className="dz-check">
                <input
                  type="checkbox"
                  checked={gap !== undefined}
                  disabled={readOnly}
                  onChange={(event) => {
                    const minutes = typeof first === "number" ? first : FALLBACK_GAP_MINUTES;
                    onValue(withGap(outcome, event.target.checked ? minutes : null));
                  }}
                />
                <span title={outcome}>{name}</span>
              </label>
              {typeof gap === "number" ? (
                <DurationInput
                  id={`${id}-${outcome}`}
                  label={name}
                  minutes={gap}
                  minimum={field.minimum ?? 1}
                  maximum={field.maximum ?? Number.MAX_SAFE_INTEGER}
                  readOnly={readOnly}
                  invalid={problemsAt(problems, `.${outcome}`).length > 0}
                  onMinutes={(minutes) => onValue(withGap(outcome, minutes), "typing")}
                />
              ) : (
                <span className="dz-hint">{text("form.no-retry")}</span>
              )}
            </li>
          );
        })}
      </ul>
    </FieldGroup>
  );
}
