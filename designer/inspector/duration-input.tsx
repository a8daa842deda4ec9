"use client";

import { Input } from "../controls/inputs";
import { useText } from "../store/context";
import { minutesOfText } from "./duration-text";
import { useDraft } from "./use-draft";

const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;
const UNITS = [
  { unit: "days", minutes: MINUTES_PER_DAY },
  { unit: "hours", minutes: MINUTES_PER_HOUR },
  { unit: "minutes", minutes: 1 },
] as const;

type Parts = readonly [days: number, hours: number, minutes: number];

function partsOf(total: number): Parts {
  return [
    Math.floor(total / MINUTES_PER_DAY),
    Math.floor((total % MINUTES_PER_DAY) / MINUTES_PER_HOUR),
    total % MINUTES_PER_HOUR,
  ];
}

export type DurationProps = {
  readonly id: string;
  readonly label: string;
  readonly minutes: number | undefined;
  readonly minimum: number;
  readonly maximum: number;
  readonly readOnly: boolean;
  readonly invalid: boolean;
  /** False when the value is not taken. */
  readonly onMinutes: (minutes: number) => boolean;
};

/** A length of time as days, hours and minutes; stored as whole minutes. */
export function DurationInput(props: DurationProps) {
  const text = useText();
  const parts = props.minutes === undefined ? null : partsOf(props.minutes);
  return (
    <div className="dz-duration">
      {UNITS.map(({ unit, minutes }, index) => (
        <DurationPart
          key={unit}
          {...props}
          id={index === 0 ? props.id : `${props.id}-${unit}`}
          unitLabel={text(`duration.${unit}`)}
          part={parts?.[index]}
          rest={(props.minutes ?? 0) - (parts?.[index] ?? 0) * minutes}
          perPart={minutes}
        />
      ))}
    </div>
  );
}

function DurationPart({
  part,
  rest,
  perPart,
  unitLabel,
  ...props
}: DurationProps & {
  readonly part: number | undefined;
  readonly rest: number;
  readonly perPart: number;
  readonly unitLabel: string;
}) {
  const hint = useText()("duration.hint");
  const within = (minutes: number): boolean => minutes >= props.minimum && minutes <= props.maximum;
  const draft = useDraft(part === undefined ? "" : String(part), (typed) => {
    // A length with its unit is the whole length, in whichever of the three boxes it is typed.
    const whole = minutesOfText(typed);
    if (whole !== null) {
      const reads = String(partsOf(whole)[UNITS.findIndex(({ minutes }) => minutes === perPart)] ?? 0);
      return within(whole) && props.onMinutes(whole) ? { ok: true, reads } : { ok: false, problem: typed };
    }
    const count = typed.trim() === "" ? 0 : Number(typed);
    const minutes = rest + count * perPart;
    const fits = /^\d{0,6}$/.test(typed.trim()) && within(minutes);
    return fits && props.onMinutes(minutes) ? { ok: true, reads: String(count) } : { ok: false, problem: typed };
  });
  return (
    <span className="dz-duration-part">
      <Input
        id={props.id}
        inputMode="numeric"
        value={draft.value}
        readOnly={props.readOnly}
        aria-label={`${props.label}: ${unitLabel}`}
        title={hint}
        aria-invalid={props.invalid || draft.problem !== null}
        onChange={(event) => draft.type(event.target.value)}
        onBlur={draft.leave}
      />
      <span>{unitLabel}</span>
    </span>
  );
}
