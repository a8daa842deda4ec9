import type { Position } from "../commands/operation";
import { roundedLine } from "./geometry";

const BUS_GAP = 12;
const LEVEL_GAP = 7;
const LABEL_GAP = 22;
const ENTRY_GAP = 16;
const LOOP_GAP = 34;
/** From the middle of a line's plus to the step it leads to. */
const PLUS_ROOM = 14;
const BEND = 8;
/** Corners by which a line comes to its trunk. */
export const TRUNK_CORNERS = 2;

export type RouteInput = {
  /** Where the ways on leave the card, left to right. */
  readonly starts: readonly Position[];
  /** Middle of the target's upper side. */
  readonly end: Position;
  /** Place of the label and corners from the automatic layout, or null where steps were placed by hand. */
  readonly lanes: readonly Position[] | null;
  /** Level of its horizontal piece below the card: lines of one step that would cross stand on different levels. */
  readonly level: number;
  readonly loop: boolean;
  /** Whether it is drawn only as far as the trunk it flows into. */
  readonly untilTrunk?: boolean;
  /** Right side of everything a loop passes. */
  readonly right: number;
};

export type Route = {
  /** The common line, and the short ones that lead each way on into it. */
  readonly trunk: string;
  readonly stubs: readonly string[];
  readonly label: Position;
  readonly plus: Position;
  /** Corners of the whole way from the middle way on to the step it leads to. */
  readonly corners: readonly Position[];
};

function straightened(points: readonly Position[]): readonly Position[] {
  return points.filter((point, index) => {
    const before = points[index - 1];
    return before === undefined || before.x !== point.x || before.y !== point.y;
  });
}

function loopPoints(start: Position, input: RouteInput): readonly Position[] {
  const busY = busBelow(start, input.level);
  const sideX = input.right + LOOP_GAP + input.level * LEVEL_GAP;
  const aboveY = input.end.y - ENTRY_GAP - input.level * LEVEL_GAP;
  return [
    { x: start.x, y: busY },
    { x: sideX, y: busY },
    { x: sideX, y: aboveY },
    { x: input.end.x, y: aboveY },
    input.end,
  ];
}

export type LabelPlaceInput = {
  readonly start: Position;
  readonly end: Position;
  readonly lanes: readonly Position[];
  readonly level: number;
  readonly loop: boolean;
  readonly right: number;
};

function busBelow(start: Position, level: number): number {
  return start.y + BUS_GAP + level * LEVEL_GAP;
}

function leadsUp({ start, end, level, loop }: LabelPlaceInput): boolean {
  return loop || end.y < busBelow(start, level) + ENTRY_GAP;
}

/** Where the words of a line stand: on its first way down, or halfway up at the side of a loop. */
export function labelPlace(input: LabelPlaceInput): Position {
  const { start, end, lanes, level, right } = input;
  if (leadsUp(input)) return { x: right + LOOP_GAP + level * LEVEL_GAP, y: (start.y + end.y) / 2 };
  return lanes[0] ?? { x: end.x, y: busBelow(start, level) + LABEL_GAP };
}

/** The drawn line of a bundle. Pure geometry: same input, same path. */
export function routeOf(input: RouteInput): Route {
  const { starts, end, level } = input;
  const middle = starts[Math.floor(starts.length / 2)] ?? end;
  const busY = busBelow(middle, level);
  const lanes = input.lanes ?? [];
  const place = { ...input, start: middle, lanes };
  const upwards = leadsUp(place);
  const label = labelPlace(place);
  const down = input.untilTrunk === true ? lanes.slice(1, TRUNK_CORNERS + 1) : [...lanes.slice(1), end];
  const points = upwards ? loopPoints(middle, input) : [{ x: label.x, y: busY }, ...down];
  const [first = end, second = end] = points;
  // Ways on bend into the line inside it, so that the corner between them is as round as all others.
  const inside = second.x === first.x ? { x: first.x, y: Math.min(first.y + BEND, second.y) } : first;
  const stubs = starts.map((start) => roundedLine(straightened([start, { x: start.x, y: first.y }, first, inside])));
  // On the line's own piece: further down it may share its way with others.
  const plusY = upwards ? label.y + LABEL_GAP : Math.min(label.y + LABEL_GAP, end.y - PLUS_ROOM);
  const plus = { x: label.x, y: plusY };
  const corners = straightened([middle, { x: middle.x, y: first.y }, ...points]);
  return { trunk: roundedLine(straightened([inside, ...points.slice(1)])), stubs, label, plus, corners };
}

/**
 * Levels of the horizontal pieces of one step's lines. Lines that go left must lie lower the further right they begin, and
 * lines that go right the other way round; then no piece crosses another's way down.
 */
export function levelsOf(lines: readonly { readonly startX: number; readonly firstX: number }[]): readonly number[] {
  const levels = lines.map(() => 0);
  let left = 0;
  lines.forEach(({ startX, firstX }, index) => {
    if (firstX < startX) {
      levels[index] = left;
      left += 1;
    }
  });
  let right = 0;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = lines[index];
    if (line === undefined || line.firstX <= line.startX) continue;
    levels[index] = right;
    right += 1;
  }
  return levels;
}
