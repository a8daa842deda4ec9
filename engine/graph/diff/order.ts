/**
 * The fewest items that must be taken out so that the rest stand in the same order as before: those that were moved. Both lists
 * hold the same items, each once.
 */
export function changedOrder(before: readonly string[], after: readonly string[]): readonly string[] {
  const placeBefore = new Map(before.map((id, index) => [id, index]));
  const places = after.map((id) => placeBefore.get(id) ?? 0);
  const stays = longestRise(places);
  return after.filter((_, index) => !stays.has(index));
}

/** Positions of a longest rising run of numbers (patience sorting, n log n). */
function longestRise(numbers: readonly number[]): ReadonlySet<number> {
  const ends: number[] = [];
  const previous: (number | null)[] = [];
  numbers.forEach((number, index) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    previous.push(low === 0 ? null : (ends[low - 1] ?? null));
    ends[low] = index;
  });
  const rise = new Set<number>();
  for (let at = ends.at(-1) ?? null; at !== null; at = previous[at] ?? null) rise.add(at);
  return rise;
}
