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

/** Sets one share; the others keep their proportion and take up the rest, so that the sum stays the whole. */
export function withShare(shares: readonly number[], index: number, share: number): readonly number[] {
  if (shares.length <= 1) return shares.map(() => SHARE_WHOLE);
  const set = Math.min(SHARE_WHOLE, Math.max(0, Math.round(share)));
  const others = inProportion(
    SHARE_WHOLE - set,
    shares.filter((_, position) => position !== index),
  );
  return others.toSpliced(index, 0, set);
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
