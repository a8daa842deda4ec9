/** A piece of the drawing a loop has to pass on the right: from `top` to `bottom`, reaching to `right`. */
export type Obstacle = { readonly top: number; readonly bottom: number; readonly right: number };

export type LoopSpan = {
  readonly id: string;
  readonly top: number;
  readonly bottom: number;
  /** Half of what its label takes beside the line. */
  readonly halfLabel: number;
};

/**
 * Right side of everything each loop passes, in pixels of the drawing; among the obstacles are its own two steps. Short loops
 * first, so that a long one leads around those inside it and no two share a line.
 */
export function loopSides(loops: readonly LoopSpan[], obstacles: readonly Obstacle[]): ReadonlyMap<string, number> {
  const passed: Obstacle[] = [...obstacles];
  const sides = new Map<string, number>();
  const shortFirst = loops.toSorted((left, right) => left.bottom - left.top - (right.bottom - right.top));
  for (const { id, top, bottom, halfLabel } of shortFirst) {
    const met = passed.filter((one) => one.bottom > top && one.top < bottom);
    const side = met.reduce((far, { right }) => Math.max(far, right), Number.NEGATIVE_INFINITY) + halfLabel;
    sides.set(id, side);
    passed.push({ top, bottom, right: side + halfLabel });
  }
  return sides;
}
