import type { ReactNode } from "react";

/** How far a long work is. `fraction` 0..1; `simulated` colours it violet, for work on what is not real. */
export function ProgressBar({
  fraction,
  label,
  note,
  simulated = false,
}: {
  readonly fraction: number;
  readonly label: string;
  readonly note?: ReactNode;
  readonly simulated?: boolean;
}) {
  const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex justify-between gap-4 text-xs text-muted">
        <span>{label}</span>
        {note !== undefined && <span className="figures">{note}</span>}
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className={`h-full rounded-full transition-[width] ${simulated ? "bg-simulated" : "bg-accent"}`}
          style={{ width: `${percent}%` }}
        />
      </div>
    </div>
  );
}
