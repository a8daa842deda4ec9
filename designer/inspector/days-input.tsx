"use client";

import { Input } from "../controls/inputs";
import { useText } from "../store/context";
import { useDraft } from "./use-draft";

const WHOLE = /^\d{1,5}$/;

/** A number of days, with its unit. `onDays` says whether the number was taken. */
export function DaysInput({
  days,
  label,
  minimum,
  maximum,
  problem,
  readOnly,
  onDays,
}: {
  readonly days: number;
  readonly label: string;
  readonly minimum: number;
  readonly maximum: number;
  /** What is said of anything else than a whole number in range. */
  readonly problem: string;
  readonly readOnly: boolean;
  readonly onDays: (days: number) => boolean;
}) {
  const text = useText();
  const draft = useDraft(String(days), (typed) => {
    const count = WHOLE.test(typed.trim()) ? Number(typed) : Number.NaN;
    return count >= minimum && count <= maximum && onDays(count)
      ? { ok: true, reads: String(count) }
      : { ok: false, problem };
  });
  return (
    <span className="dz-typed">
      <Input
        aria-label={label}
        aria-invalid={draft.problem !== null}
        title={draft.problem ?? undefined}
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
