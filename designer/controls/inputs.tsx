import type { ComponentProps, ReactNode } from "react";

/** A labelled control; hint and problems stand right below it. */
export function LabelledField({
  id,
  label,
  hint,
  problems = [],
  children,
}: {
  readonly id: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly problems?: readonly { readonly severity: string; readonly text: string }[];
  readonly children: ReactNode;
}) {
  return (
    <div className="dz-field">
      <label className="dz-field-label" htmlFor={id}>
        {label}
      </label>
      {children}
      {hint !== undefined && <p className="dz-hint">{hint}</p>}
      <Problems id={`${id}-problems`} problems={problems} />
    </div>
  );
}

/** A group of controls under one heading. */
export function FieldGroup({
  label,
  problems = [],
  id,
  children,
}: {
  readonly id: string;
  readonly label: ReactNode;
  readonly problems?: readonly { readonly severity: string; readonly text: string }[];
  readonly children: ReactNode;
}) {
  return (
    <fieldset className="dz-field" aria-describedby={`${id}-problems`}>
      <legend className="dz-field-label">{label}</legend>
      {children}
      <Problems id={`${id}-problems`} problems={problems} />
    </fieldset>
  );
}

export function Problems({
  id,
  problems,
}: {
  readonly id: string;
  readonly problems: readonly { readonly severity: string; readonly text: string }[];
}) {
  if (problems.length === 0) return null;
  return (
    <ul id={id} className="dz-field-problems">
      {problems.map((problem) => (
        <li key={problem.text} data-worst={problem.severity} title={problem.text}>
          {problem.text}
        </li>
      ))}
    </ul>
  );
}

export function Input(props: ComponentProps<"input">) {
  return <input {...props} className={`dz-input ${props.className ?? ""}`} />;
}

export function TextArea(props: ComponentProps<"textarea">) {
  return <textarea {...props} className={`dz-input dz-textarea ${props.className ?? ""}`} />;
}

export type Choice = { readonly value: string; readonly label: string; readonly disabled?: boolean };

/** The platform's own list: keyboard, screen reader and phone come with it. */
export function Select({
  choices,
  onValue,
  ...rest
}: Omit<ComponentProps<"select">, "onChange"> & {
  readonly choices: readonly Choice[];
  readonly onValue: (value: string) => void;
}) {
  return (
    <select {...rest} className={`dz-input ${rest.className ?? ""}`} onChange={(event) => onValue(event.target.value)}>
      {choices.map(({ value, label, disabled }) => (
        <option key={value} value={value} disabled={disabled === true}>
          {label}
        </option>
      ))}
    </select>
  );
}

export function TextButton(props: ComponentProps<"button">) {
  return <button type="button" {...props} className={`dz-text-button ${props.className ?? ""}`} />;
}
