/** Shares of an experiment are parts of this whole. */
export const SHARE_WHOLE = 10_000;

/** Parts of the whole in proportion to some weights, with the remainders given out from the largest down. */
function inProportion(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((added, weight) => added + weight, 0);
  const exact = weights.map((weight) => (sum === 0 ? total / weights.length : (total * weight) / sum));
  const parts = exact.map(Math.floor);
  const missing = total - parts.reduce((added, part) => added + part, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((left, right) => right.remainder - left.remainder || left.index - right.index);
  for (const { index } of byRemainder.slice(0, missing)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}

/**
 * Sets one share; the others keep their proportion and take up the rest, so that the sum stays the whole. Locked ones stay what they
 * are: the share goes no farther than the free ones can give, and nowhere when there is none.
 */
export function withShare(
  shares: readonly number[],
  index: number,
  { share, locked = [] }: { readonly share: number; readonly locked?: readonly number[] },
): readonly number[] {
  if (shares.length <= 1) return shares.map(() => SHARE_WHOLE);
  const free = shares.flatMap((_, position) => (position === index || locked.includes(position) ? [] : [position]));
  const bound = shares.reduce(
    (sum, own, position) => (locked.includes(position) && position !== index ? sum + own : sum),
    0,
  );
  const room = SHARE_WHOLE - bound;
  const set = free.length === 0 ? room : Math.min(room, Math.max(0, Math.round(share)));
  const given = inProportion(
    room - set,
    free.map((position) => shares[position] ?? 0),
  );
  const next = [...shares];
  next[index] = set;
  for (const [at, position] of free.entries()) next[position] = given[at] ?? 0;
  return next;
}

/** A further arm begins with nothing, so that nobody is moved before the author says so. */
export function withArm(shares: readonly number[]): readonly number[] {
  return shares.length === 0 ? [SHARE_WHOLE] : [...shares, 0];
}

/** The share of an arm that goes is given to the others in proportion. */
export function withoutArm(shares: readonly number[], index: number): readonly number[] {
  const rest = shares.toSpliced(index, 1);
  return rest.length === 0 ? [] : inProportion(SHARE_WHOLE, rest);
}

export function evenShares(count: number): readonly number[] {
  return count === 0
    ? []
    : inProportion(
        SHARE_WHOLE,
        Array.from({ length: count }, () => 1),
      );
}
