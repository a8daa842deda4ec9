/** A level piece of lines to one step, between the labels and the steps below: from one side to the other. */
export type Crossing = { readonly net: string; left: number; right: number };

/** Level pieces on one track keep this far from each other. */
const TRACK_SPACE = 10;
/** Tracks between two rows; more would push the steps out of sight of each other, and the last one is shared then. */
const TRACKS_MAX = 12;

/**
 * The track of each level piece between two rows: pieces of lines to different steps that would lie over each other stand on
 * different tracks, or they would read as one line.
 */
export function tracksOf(crossings: readonly Crossing[]): ReadonlyMap<string, number> {
  const tracks = new Map<string, number>();
  const ends: number[] = [];
  const inOrder = crossings.toSorted((one, other) => one.left - other.left || one.right - other.right);
  for (const { net, left, right } of inOrder) {
    const free = ends.findIndex((end) => end + TRACK_SPACE <= left);
    const track = free === -1 ? Math.min(ends.length, TRACKS_MAX - 1) : free;
    ends[track] = Math.max(ends[track] ?? right, right);
    tracks.set(net, track);
  }
  return tracks;
}
