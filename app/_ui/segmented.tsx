"use client";

export type Segment<TValue extends string> = {
  readonly value: TValue;
  readonly label: string;
  readonly figure?: string;
};

/** A few views of one thing, one of them shown. */
export function Segmented<TValue extends string>({
  label,
  segments,
  value,
  onValue,
}: {
  readonly label: string;
  readonly segments: readonly Segment<TValue>[];
  readonly value: TValue;
  readonly onValue: (value: TValue) => void;
}) {
  return (
    <fieldset className="flex rounded-md border border-line p-0.5">
      <legend className="sr-only">{label}</legend>
      {segments.map((segment) => (
        <button
          key={segment.value}
          type="button"
          aria-pressed={segment.value === value}
          onClick={() => onValue(segment.value)}
          className={`rounded-sm px-2.5 py-0.5 text-xs transition-colors ${
            segment.value === value ? "bg-accent-soft font-semibold text-accent" : "text-muted hover:text-ink"
          }`}
        >
          {segment.label}
          {segment.figure !== undefined && <span className="figures"> {segment.figure}</span>}
        </button>
      ))}
    </fieldset>
  );
}
