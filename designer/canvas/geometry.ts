import type { NodeGroup } from "#engine";
import type { Position } from "../commands/operation";
import type { Size } from "./layout/layout";

/** Shapes tell the groups apart without colour (look.md). */
export type Shape = "disc" | "card" | "pill" | "cut" | "tab";

const SHAPE_OF_GROUP: { readonly [group in NodeGroup]: Shape } = {
  entry: "disc",
  contact: "card",
  wait: "pill",
  decide: "cut",
  control: "cut",
  people: "card",
  qa: "card",
  agency: "card",
  exit: "tab",
};

const CARD: Size = { width: 232, height: 64 };
const DISC: Size = { width: 64, height: 64 };
const CUT = 14;
const CARD_RADIUS = 10;
const TAB_RADIUS = 22;
/** Handles keep this distance from the sides, so that they stand on the straight part of every shape. */
const HANDLE_MARGIN = 24;

export function shapeOf(group: NodeGroup | undefined): Shape {
  return group === undefined ? "card" : SHAPE_OF_GROUP[group];
}

export function sizeOf(group: NodeGroup | undefined): Size {
  return shapeOf(group) === "disc" ? DISC : CARD;
}

/** Distance of a way on from the left side of its card. */
export function handleX(index: number, count: number, width: number): number {
  if (count <= 1) return width / 2;
  return HANDLE_MARGIN + ((width - 2 * HANDLE_MARGIN) * index) / (count - 1);
}

function roundedBox({ width, height }: Size, top: number, bottom: number): string {
  const corner = (radius: number, x: number, y: number): string => `a ${radius} ${radius} 0 0 1 ${x} ${y}`;
  return [
    `M ${top} 0 H ${width - top}`,
    corner(top, top, top),
    `V ${height - bottom}`,
    corner(bottom, -bottom, bottom),
    `H ${bottom}`,
    corner(bottom, -bottom, -bottom),
    `V ${top}`,
    corner(top, top, -top),
    "Z",
  ].join(" ");
}

/** Outline of a step as an SVG path in its own coordinates. */
export function outlineOf(shape: Shape, size: Size): string {
  const { width, height } = size;
  switch (shape) {
    case "disc":
    case "pill":
      return roundedBox(size, height / 2, height / 2);
    case "tab":
      return roundedBox(size, 3, TAB_RADIUS);
    case "cut":
      return `M ${CUT} 0 H ${width - CUT} L ${width} ${CUT} V ${height - CUT} L ${width - CUT} ${height} H ${CUT} L 0 ${height - CUT} V ${CUT} Z`;
    case "card":
      return roundedBox(size, CARD_RADIUS, CARD_RADIUS);
    default:
      return shape satisfies never;
  }
}

const CORNER_RADIUS = 8;

/** A line of horizontal and vertical pieces with round corners. */
export function roundedLine(points: readonly Position[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let path = `M ${first.x} ${first.y}`;
  let from = first;
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    if (next === undefined) {
      path += ` L ${point.x} ${point.y}`;
      return;
    }
    const before = Math.hypot(point.x - from.x, point.y - from.y);
    const after = Math.hypot(next.x - point.x, next.y - point.y);
    const radius = Math.min(CORNER_RADIUS, before / 2, after / 2);
    if (radius < 0.5) return;
    const start = towards(point, from, radius);
    const end = towards(point, next, radius);
    path += ` L ${start.x} ${start.y} Q ${point.x} ${point.y} ${end.x} ${end.y}`;
    from = point;
  });
  return path;
}

function towards(from: Position, to: Position, distance: number): Position {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length === 0) return from;
  return { x: from.x + ((to.x - from.x) * distance) / length, y: from.y + ((to.y - from.y) * distance) / length };
}
