import type { Position } from "../commands/operation";

/** Labels nearer to each other than this, middle to middle, would touch if they stood above one another. */
const ROW_HEIGHT = 24;
const GAP = 6;
/** Less holds no word: the line is then read where it is selected. */
const ROOM_MIN = 32;

export type PlacedLabel = {
  readonly id: string;
  /** Its middle. */
  readonly at: Position;
  /** Width it would take, in pixels of the drawing. */
  readonly width: number;
};

/**
 * How wide each label may be drawn so that none runs into another; 0 = it has no room at all. Neighbours share what lies between
 * them by what each asks for. The automatic layout has kept room for all; where steps stand by hand nobody has.
 */
export function labelRooms(labels: readonly PlacedLabel[]): ReadonlyMap<string, number> {
  const rooms = new Map(labels.map(({ id, width }) => [id, width]));
  const narrow = (id: string, room: number): void => {
    rooms.set(id, Math.min(rooms.get(id) ?? 0, room >= ROOM_MIN ? Math.floor(room) : 0));
  };
  const down = labels.toSorted((left, right) => left.at.y - right.at.y || left.at.x - right.at.x);
  down.forEach((label, index) => {
    for (let next = index + 1; next < down.length; next += 1) {
      const other = down[next];
      if (other === undefined || other.at.y - label.at.y >= ROW_HEIGHT) return;
      const between = Math.abs(other.at.x - label.at.x) - GAP;
      const asked = (label.width + other.width) / 2;
      if (asked <= between) continue;
      narrow(label.id, (label.width * between) / asked);
      narrow(other.id, (other.width * between) / asked);
    }
  });
  return rooms;
}
