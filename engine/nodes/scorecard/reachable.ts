/** Most different sums that are kept one by one; a card with more is looked at by its least and greatest sum alone. */
export const SCORES_MAX = 10_000;

type Points = {
  readonly weight: number;
  readonly rules: readonly { readonly points: number }[];
  readonly otherwise: number;
  readonly unknown: number | null;
};

export type Reachable = {
  readonly minimum: number;
  readonly maximum: number;
  /** Every sum there may be, or null when there are too many. */
  readonly scores: readonly number[] | null;
};

/**
 * The sums a card can come to, added up in the order the executors do. Which rules can hold together is not looked at, so that a
 * sum listed here may never come about, but one that is missing cannot.
 */
export function reachableScores(attributes: readonly Points[]): Reachable {
  let scores: ReadonlySet<number> | null = new Set([0]);
  let [minimum, maximum] = [0, 0];
  for (const { weight, rules, otherwise, unknown } of attributes) {
    const given = [...rules.map(({ points }) => points), otherwise, ...(unknown === null ? [] : [unknown])];
    const shares = [...new Set(given.map((points) => weight * points))];
    minimum += Math.min(...shares);
    maximum += Math.max(...shares);
    const before: ReadonlySet<number> | null = scores;
    scores =
      before === null || before.size * shares.length > SCORES_MAX
        ? null
        : new Set([...before].flatMap((score) => shares.map((share) => score + share)));
  }
  return { minimum, maximum, scores: scores === null ? null : [...scores] };
}
