import type { Position } from "../commands/operation";
import { roundedLine } from "./geometry";

const BUS_GAP = 12;
const LEVEL_GAP = 7;
const LABEL_GAP = 22;
const ENTRY_GAP = 16;
const LOOP_GAP = 34;

export type RouteInput = {
  /** Where the ways on leave the card, left to right. */
  readonly starts: readonly Position[];
  /** Middle of the target's upper side. */
  readonly end: Position;
  /** Bends from the automatic layout, or null where steps were placed by hand. */
  readonly lanes: readonly Position[] | null;
  /** Level of its horizontal piece below the card: lines of one step that would cross stand on different levels. */
  readonly level: number;
  readonly loop: boolean;
  /** Right side of everything a loop passes. */
  readonly right: number;
};

export type Route = {
  /** The common line, and the short ones that lead each way on into it. */
  readonly trunk: string;
  readonly stubs: readonly string[];
  readonly label: Position;
  readonly plus: Position;
};

function straightened(points: readonly Position[]): readonly Position[] {
  return points.filter((point, index) => {
    const before = points[index - 1];
    return before === undefined || before.x !== point.x || before.y !== point.y;
  });
}

/** Down through columns: between two of them the line crosses over at half height. */
function throughColumns(busY: number, columns: readonly Position[], end: Position): readonly Position[] {
  const points: Position[] = [];
  let x = columns[0]?.x ?? end.x;
  let y = busY;
  points.push({ x, y });
  for (const column of [...columns.slice(1), end]) {
    const last = column === end;
    if (column.x !== x) {
      const turnY = last ? Math.max(end.y - ENTRY_GAP, y) : (y + column.y) / 2;
      points.push({ x, y: turnY }, { x: column.x, y: turnY });
      x = column.x;
    }
    y = last ? end.y : Math.max(column.y, y);
  }
  points.push(end);
  return points;
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
  const points = upwards ? loopPoints(middle, input) : throughColumns(busY, lanes.length > 0 ? lanes : [label], end);
  const first = points[0] ?? end;
  const stubs = starts.map((start) => roundedLine(straightened([start, { x: start.x, y: first.y }, first])));
  const last = points.at(-2) ?? first;
  const plus = upwards ? { x: label.x, y: label.y + LABEL_GAP } : { x: end.x, y: Math.max(last.y, end.y - ENTRY_GAP) };
  return { trunk: roundedLine(straightened(points)), stubs, label, plus };
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
