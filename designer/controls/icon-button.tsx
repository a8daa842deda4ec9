import type { ComponentProps, ReactNode } from "react";

/** A verb shown as an icon; its words are the tooltip and what a screen reader says. */
export function IconButton({
  label,
  pressed,
  children,
  ...rest
}: Omit<ComponentProps<"button">, "className" | "title"> & {
  readonly label: string;
  readonly pressed?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      {...rest}
      className="dz-icon-button"
      title={label}
      aria-label={label}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
    >
      {children}
    </button>
  );
}
