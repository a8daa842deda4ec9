import type { Excitation } from "./excitation";

/** A self-exciting process started at an intensity, without contacts: uniform shares on [least, 1]. */
export type Reference = Omit<Excitation, "law"> & {
  readonly lambdaInf: number;
  readonly lambda0: number;
  readonly least: number;
};

export type Moments = {
  /** E[W_t / W_0]: share of the balance still open. */
  readonly outstanding: number;
  readonly intensity: number;
  /** Expected number of payments by t. */
  readonly repayments: number;
  /** Chance of no payment by t. */
  readonly none: number;
};

const STEPS_PER_DAY = 400;

/**
 * Closed-form moments of the process at a time (same unit as kappa). E[W_t/W_0] = exp(-A λ0 - B) with A' = 1 - κA -
 * ∫(1-r) e^{-(δ10+δ11 r)A} dF(r) and B' = κ λ∞ A (Chehrazi & Weber 2015), solved by Runge-Kutta of fourth order. The intensity
 * needs κ above the mean jump.
 */
export function momentsAt(process: Reference, time: number): Moments {
  const { kappa, lambdaInf, lambda0, delta10, delta11, least } = process;
  const meanJump = delta10 + delta11 * ((1 + least) / 2);
  const gap = kappa - meanJump;
  const level = (kappa * lambdaInf) / gap;
  const faded = 1 - Math.exp(-gap * time);
  const { a, b } = transformAt(process, time);
  return {
    outstanding: Math.exp(-a * lambda0 - b),
    intensity: level + (lambda0 - level) * Math.exp(-gap * time),
    repayments: level * time + ((lambda0 - level) * faded) / gap,
    none: Math.exp(-lambdaInf * time - ((lambda0 - lambdaInf) * (1 - Math.exp(-kappa * time))) / kappa),
  };
}

function transformAt(process: Reference, time: number): { readonly a: number; readonly b: number } {
  const steps = Math.max(1, Math.ceil(time * STEPS_PER_DAY));
  const h = time / steps;
  const slope = (a: number): number => 1 - process.kappa * a - meanKept(process, a);
  let a = 0;
  let b = 0;
  for (let step = 0; step < steps; step += 1) {
    const k1 = slope(a);
    const k2 = slope(a + (h / 2) * k1);
    const k3 = slope(a + (h / 2) * k2);
    const k4 = slope(a + h * k3);
    const next = a + (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
    const middle = a + (h / 2) * ((k1 + k2) / 2);
    // Simpson over the step: B is an integral of A alone.
    b += process.kappa * process.lambdaInf * (h / 6) * (a + 4 * middle + next);
    a = next;
  }
  return { a, b };
}

/** ∫ (1-r) e^{-(δ10+δ11 r) A} dF(r) for r uniform on [least, 1], in closed form. */
function meanKept({ delta10, delta11, least }: Reference, a: number): number {
  const c = delta11 * a;
  const width = 1 - least;
  // The antiderivative loses its digits near c = 0, where the series is exact enough.
  if (Math.abs(c) < 1e-4) {
    const first = (1 - least) ** 2 / 2;
    const second = 1 / 6 - least ** 2 / 2 + least ** 3 / 3;
    return (Math.exp(-delta10 * a) * (first - c * second)) / width;
  }
  const antiderivative = (r: number): number => Math.exp(-c * r) * ((r - 1) / c + 1 / c ** 2);
  return (Math.exp(-delta10 * a) * (antiderivative(1) - antiderivative(least))) / width;
}
