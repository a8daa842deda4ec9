import type { ReactFlowState } from "@xyflow/react";

/** How much of a step is drawn: everything; name and figures; a coloured block with figures. */
export type Detail = "full" | "brief" | "block";

const BRIEF_ZOOM = 0.62;
const BLOCK_ZOOM = 0.4;

export function detailOf(state: Pick<ReactFlowState, "transform">): Detail {
  const zoom = state.transform[2];
  if (zoom < BLOCK_ZOOM) return "block";
  return zoom < BRIEF_ZOOM ? "brief" : "full";
}

/** Whether steps are blocks: then nobody aims at a dot or a plus, and hundreds of steps are in view at once. */
export const isFar = (state: Pick<ReactFlowState, "transform">): boolean => detailOf(state) === "block";
