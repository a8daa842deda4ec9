import type { Moments, Sample } from "./sample";

/** `relative`: share of the control's mean (0.1 = ten per cent more). `absolute`: in the metric's unit. */
export type Scale = "relative" | "absolute";

/** Treatment less control, with all that the tests take from it. `error` is the standard error of `difference`; > 0. */
export type Effect = {
  readonly scale: Scale;
  readonly difference: number;
  readonly error: number;
  readonly control: Moments;
  readonly treatment: Moments;
};

/** Why two samples cannot be compared: a group without spread, or nothing in the control to divide by. */
export type NoEffect = "no-spread" | "control-is-zero";

/** A control and a treatment of one shape. */
export type Pair<TSample extends Sample = Sample> = TSample extends Sample
  ? { readonly control: TSample; readonly treatment: TSample }
  : never;

type Arms = { readonly control: Moments; readonly treatment: Moments };

/** Effect of arms whose relative variance follows from their moments alone. */
export function plainEffect(arms: Arms, scale: Scale): Effect | NoEffect {
  const { control, treatment } = arms;
  const base = control.raw * control.raw;
  const variance =
    scale === "absolute"
      ? treatment.variance / treatment.n + control.variance / control.n
      : treatment.variance / (treatment.n * base) +
        (control.variance * treatment.raw * treatment.raw) / (control.n * base * base);
  return effectWith(arms, scale, variance);
}

/** Puts difference and variance together, or says why it cannot. */
export function effectWith(arms: Arms, scale: Scale, variance: number): Effect | NoEffect {
  const { control, treatment } = arms;
  if (scale === "relative" && control.raw === 0) return "control-is-zero";
  if (!(control.variance > 0 && treatment.variance > 0 && variance > 0)) return "no-spread";
  const gap = treatment.mean - control.mean;
  const difference = scale === "absolute" ? gap : gap / Math.abs(control.raw);
  return { scale, difference, error: Math.sqrt(variance), ...arms };
}
