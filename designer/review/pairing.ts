import type { Viewport } from "@xyflow/react";
import type { Position } from "../commands/operation";
import type { Side } from "./marks-of";

type Size = { readonly width: number; readonly height: number };

/** One of the two drawings, as the other needs it. */
export type Partner = {
  readonly room: () => Size;
  readonly show: (viewport: Viewport) => void;
  readonly positionOf: (nodeId: string) => Position | undefined;
};

/**
 * Two drawings that are moved as one. What stands in the middle of one stands in the middle of the other, up to `shift`: a step that
 * stands lower in the newer drawing, because something was put above it, is still seen beside itself.
 */
export type Pairing = {
  readonly join: (side: Side, partner: Partner) => () => void;
  readonly moved: (side: Side, viewport: Viewport) => void;
  readonly focus: (nodeId: string, wish: { readonly zoomMin: number; readonly card: Size }) => void;
};

const OTHER: { readonly [side in Side]: Side } = { before: "after", after: "before" };
/** Below this much of a pixel two views are the same: nothing is sent back and forth. */
const SAME = 0.01;

const middleOf = ({ x, y, zoom }: Viewport, { width, height }: Size): Position => ({
  x: (width / 2 - x) / zoom,
  y: (height / 2 - y) / zoom,
});

const viewportAt = (middle: Position, zoom: number, { width, height }: Size): Viewport => ({
  x: width / 2 - middle.x * zoom,
  y: height / 2 - middle.y * zoom,
  zoom,
});

function isSame(left: Viewport, right: Viewport): boolean {
  return (
    Math.abs(left.x - right.x) < SAME && Math.abs(left.y - right.y) < SAME && Math.abs(left.zoom - right.zoom) < 1e-6
  );
}

export function createPairing(): Pairing {
  const partners = new Map<Side, Partner>();
  const views = new Map<Side, Viewport>();
  /** From a point of the older drawing to its fellow in the newer one. */
  let shift: Position = { x: 0, y: 0 };
  const send = (side: Side, viewport: Viewport): void => {
    const partner = partners.get(side);
    const known = views.get(side);
    if (partner === undefined || (known !== undefined && isSame(known, viewport))) return;
    views.set(side, viewport);
    partner.show(viewport);
  };
  return {
    join: (side, partner) => {
      partners.set(side, partner);
      return () => {
        if (partners.get(side) === partner) partners.delete(side);
      };
    },
    moved: (side, viewport) => {
      const known = views.get(side);
      if (known !== undefined && isSame(known, viewport)) return;
      views.set(side, viewport);
      const other = OTHER[side];
      const [mine, theirs] = [partners.get(side), partners.get(other)];
      if (mine === undefined || theirs === undefined) return;
      const middle = middleOf(viewport, mine.room());
      const sign = side === "before" ? 1 : -1;
      send(
        other,
        viewportAt({ x: middle.x + sign * shift.x, y: middle.y + sign * shift.y }, viewport.zoom, theirs.room()),
      );
    },
    focus: (nodeId, { zoomMin, card }) => {
      const before = partners.get("before")?.positionOf(nodeId);
      const after = partners.get("after")?.positionOf(nodeId);
      if (before !== undefined && after !== undefined) shift = { x: after.x - before.x, y: after.y - before.y };
      const zoom = Math.max(zoomMin, views.get("after")?.zoom ?? views.get("before")?.zoom ?? zoomMin);
      const side: Side = after === undefined ? "before" : "after";
      const [corner, partner] = [after ?? before, partners.get(side)];
      if (corner === undefined || partner === undefined) return;
      const middle = { x: corner.x + card.width / 2, y: corner.y + card.height / 2 };
      send(side, viewportAt(middle, zoom, partner.room()));
      const sign = side === "before" ? 1 : -1;
      const theirs = partners.get(OTHER[side]);
      if (theirs === undefined) return;
      send(
        OTHER[side],
        viewportAt({ x: middle.x + sign * shift.x, y: middle.y + sign * shift.y }, zoom, theirs.room()),
      );
    },
  };
}
