import type { ReactNode } from "react";

const INKS = {
  ink: "text-ink",
  cured: "text-cured",
  waiting: "text-waiting",
  breach: "text-breach",
  simulated: "text-simulated",
} as const;

/** One number with its name. The number first: it is what people look for. */
export function Figure({
  label,
  value,
  note,
  ink = "ink",
}: {
  readonly label: ReactNode;
  readonly value: ReactNode;
  readonly note?: ReactNode;
  readonly ink?: keyof typeof INKS;
}) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <span className="truncate text-xs text-muted">{label}</span>
      <span className={`figures truncate text-xl leading-tight font-semibold ${INKS[ink]}`}>{value}</span>
      {note !== undefined && <span className="truncate text-xs text-muted">{note}</span>}
    </div>
  );
}
