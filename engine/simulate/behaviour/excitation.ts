/**
 * The self-exciting repayment process of Chehrazi & Weber (Management Science 61(12), 2015): payments come with an intensity that
 * falls back to its base at the rate kappa, jumps when a payment of a share r of the balance is made by delta10 + delta11 r, and
 * jumps by delta2 when a contact has an effect.
 *
 * Such a process with an exponential memory is a sum of clusters (Hawkes & Oakes 1974): the base sends payments of its own, and
 * each payment, and each contact, sends a Poisson stream of its own whose intensity decays from the jump. So what a contact
 * brings can be drawn by itself, without knowing what else happened: two strategies meet the same luck, and the live demo, which
 * asks people one contact at a time, meets the people of the simulator. Nothing is approximated: waiting times are inverses of the
 * summed intensity.
 */
export type Excitation = {
  /** Per day: how fast the memory of a payment or a contact fades. */
  readonly kappa: number;
  /** Jumps of the intensity (per day) at a payment: so much for any, and so much times the share it was of the balance. */
  readonly delta10: number;
  readonly delta11: number;
  readonly law: RepaymentLaw;
};

/** What share of the balance one payment is. */
export type RepaymentLaw = {
  /** Share of payments that are exactly what is overdue. */
  readonly clears: number;
  /** The others: `least` + (1 - `least`) times a Beta(a, b) number with whole a and b. */
  readonly least: number;
  readonly a: number;
  readonly b: number;
};

/** A payment, so many days after its cause. `key` names it within the cause: `3.0` is what the fourth one sent first. */
export type Repayment = { readonly key: string; readonly day: number; readonly share: number };

/** Draws in [0, 1) by kind; the caller binds seed, person and cause (design D13). */
export type Draws = (kind: string) => number;

/** Payments of one cause; a process that explodes is cut short here. Parameters are checked to have fewer than one child each. */
const REPAYMENTS_MAX = 64;

/** A stretch of constant base intensity (per day), ending so many days after the start. */
export type BaseStep = { readonly untilDay: number; readonly rate: number };

/** Payments of the base process: nobody asked for them. Each is followed by what it sends. In the order of time. */
export function repaymentsOfBase(
  steps: readonly BaseStep[],
  lawAt: (day: number) => Excitation,
  draws: Draws,
): readonly Repayment[] {
  const made: Repayment[] = [];
  let day = 0;
  for (let ordinal = 0; made.length < REPAYMENTS_MAX; ordinal += 1) {
    const next = dayOfSum(steps, day, waited(draws(`${ordinal}`)));
    if (next === null) break;
    day = next;
    sprout(lawAt(day), { key: `${ordinal}`, day }, { draws, untilDay: steps.at(-1)?.untilDay ?? 0, made });
  }
  return inOrder(made);
}

/** Payments that an intensity brings which decays from `jump` (per day), and what they send. In the order of time. */
export function repaymentsOfJump(
  process: Excitation,
  { jump, untilDay, key }: { readonly jump: number; readonly untilDay: number; readonly key: string },
  draws: Draws,
): readonly Repayment[] {
  const made: Repayment[] = [];
  follow(process, { key, day: 0, jump }, { draws, untilDay, made });
  return inOrder(made);
}

/** What a payment that was made anyway sends, itself not included. In the order of time. */
export function repaymentsAfter(
  process: Excitation,
  paid: Repayment & { readonly untilDay: number },
  draws: Draws,
): readonly Repayment[] {
  const made: Repayment[] = [];
  follow(process, { key: paid.key, day: paid.day, jump: jumpOf(process, paid.share) }, { draws, ...paid, made });
  return inOrder(made);
}

/** Share of the balance a payment is, by the law. Beta(a, b) with whole numbers is the a-th smallest of a + b - 1 uniforms. */
export function shareOf({ clears, least, a, b }: RepaymentLaw, key: string, draws: Draws): number {
  if (clears > 0 && draws(`${key}:clears`) < clears) return 1;
  const uniforms = Array.from({ length: a + b - 1 }, (_, index) => draws(`${key}:share:${index}`));
  const beta = a + b === 2 ? uniforms[0] : uniforms.sort((left, right) => left - right)[a - 1];
  return least + (1 - least) * (beta ?? 0);
}

type Growth = { readonly draws: Draws; readonly untilDay: number; readonly made: Repayment[] };

/** Payments that come by an intensity decaying from `jump` at `day`. */
function follow(
  process: Excitation,
  { key, day, jump }: { readonly key: string; readonly day: number; readonly jump: number },
  growth: Growth,
): void {
  if (jump <= 0) return;
  const all = jump / process.kappa;
  let summed = 0;
  for (let ordinal = 0; growth.made.length < REPAYMENTS_MAX; ordinal += 1) {
    const own = `${key}.${ordinal}`;
    summed += waited(growth.draws(own));
    if (summed >= all) return;
    const at = day - Math.log1p(-summed / all) / process.kappa;
    if (at >= growth.untilDay) return;
    sprout(process, { key: own, day: at }, growth);
  }
}

function sprout(
  process: Excitation,
  { key, day }: { readonly key: string; readonly day: number },
  growth: Growth,
): void {
  const share = shareOf(process.law, key, growth.draws);
  growth.made.push({ key, day, share });
  // Nothing is left of the balance.
  if (share < 1) follow(process, { key, day, jump: jumpOf(process, share) }, growth);
}

function jumpOf({ delta10, delta11 }: Excitation, share: number): number {
  return delta10 + delta11 * share;
}

/** An exponential number of mean 1: so much intensity passes before the next payment. */
function waited(drawn: number): number {
  return -Math.log1p(-drawn);
}

/** The day on which the intensity summed from `fromDay` reaches a threshold; null = not within the steps. */
function dayOfSum(steps: readonly BaseStep[], fromDay: number, threshold: number): number | null {
  let left = threshold;
  let day = fromDay;
  for (const { untilDay, rate } of steps) {
    if (untilDay <= day) continue;
    const within = rate * (untilDay - day);
    if (left < within) return day + left / rate;
    left -= within;
    day = untilDay;
  }
  return null;
}

function inOrder(made: Repayment[]): readonly Repayment[] {
  return made.length < 2 ? made : made.sort((left, right) => left.day - right.day);
}
