import type { Drawing } from "../canvas/drawing";

export type Direction = "up" | "down" | "left" | "right";

/** The step one comes to by an arrow key: along the lines up and down, between steps of one row sideways. */
export function stepTowards(drawing: Drawing, nodeId: string, direction: Direction): string | null {
  const { bundles } = drawing.flow;
  if (direction === "down") return bundles.find((bundle) => bundle.source === nodeId)?.target ?? null;
  if (direction === "up") {
    const into = bundles.filter((bundle) => bundle.target === nodeId);
    return (into.find((bundle) => !bundle.loop) ?? into[0])?.source ?? null;
  }
  const here = drawing.positions[nodeId];
  if (here === undefined) return null;
  const sign = direction === "right" ? 1 : -1;
  let nearest: { readonly id: string; readonly distance: number } | null = null;
  for (const [id, { x, y }] of Object.entries(drawing.positions)) {
    const ahead = (x - here.x) * sign;
    if (id === nodeId || ahead <= 0) continue;
    // Another row counts for more than another column, so that the eye and the key agree.
    const distance = ahead + Math.abs(y - here.y) * 4;
    if (nearest === null || distance < nearest.distance) nearest = { id, distance };
  }
  return nearest?.id ?? null;
}
