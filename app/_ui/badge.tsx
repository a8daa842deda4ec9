import type { ReactNode } from "react";

const TONES = {
  neutral: "bg-sunken text-muted border-line",
  accent: "bg-accent-soft text-accent border-accent/25",
  cured: "bg-cured-soft text-cured border-cured/25",
  waiting: "bg-waiting-soft text-waiting border-waiting/25",
  breach: "bg-breach-soft text-breach border-breach/25",
  held: "bg-held-soft text-held border-held/25",
  simulated: "bg-simulated-soft text-simulated border-simulated/30",
} as const;
export type Tone = keyof typeof TONES;

/** A short state. Never the only carrier of its meaning: the word says it, the colour helps. */
export function Badge({
  tone = "neutral",
  icon,
  children,
  title,
}: {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  return (
    <span
      title={title}
      className={`inline-flex h-5.5 items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 text-xs leading-none ${TONES[tone]}`}
    >
      {icon}
      {children}
    </span>
  );
}
