"use client";

import { type ComponentProps, createContext, type ReactNode, useContext, useId } from "react";

const CONTROL =
  "h-9 min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink placeholder:text-muted/70 hover:border-muted disabled:opacity-55 aria-invalid:border-breach";

/** Ids by which the control inside a field belongs to its label and hint. */
const FieldIds = createContext<{ readonly control: string; readonly hint: string } | null>(null);

/** A labelled control; the error, when there is one, stands at the field. Controls inside it find their label by themselves. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly children: ReactNode;
}) {
  const control = useId();
  const hintId = `${control}-hint`;
  const hasError = error !== undefined && error !== null;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={control} className="text-xs font-semibold">
        {label}
      </label>
      <FieldIds value={{ control, hint: hintId }}>{children}</FieldIds>
      {(hint !== undefined || hasError) && (
        <span id={hintId} className={`text-xs ${hasError ? "text-breach" : "text-muted"}`}>
          {hasError ? error : hint}
        </span>
      )}
    </div>
  );
}

function useFieldIds(): { readonly id?: string; readonly "aria-describedby"?: string } {
  const ids = useContext(FieldIds);
  return ids === null ? {} : { id: ids.control, "aria-describedby": ids.hint };
}

export function TextInput({ className = "w-full", ...rest }: ComponentProps<"input">) {
  return <input {...useFieldIds()} {...rest} className={`${CONTROL} ${className}`} />;
}

export function TextArea({ className = "", ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea {...useFieldIds()} {...rest} className={`${CONTROL} h-auto w-full py-2 font-mono text-xs ${className}`} />
  );
}

export type Option<TValue extends string> = { readonly value: TValue; readonly label: string };

/** The platform's own select: keyboard, screen reader and phone come with it. */
export function Select<TValue extends string>({
  options,
  value,
  onValue,
  className = "w-full",
  ...rest
}: Omit<ComponentProps<"select">, "value" | "onChange"> & {
  readonly options: readonly Option<TValue>[];
  readonly value: TValue;
  readonly onValue: (value: TValue) => void;
}) {
  const ids = useFieldIds();
  return (
    <select
      {...ids}
      {...rest}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.target.value);
        if (chosen !== undefined) onValue(chosen.value);
      }}
      className={`${CONTROL} ${className}`}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
