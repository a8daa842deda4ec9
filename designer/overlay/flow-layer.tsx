import { ViewportPortal } from "@xyflow/react";
import { useMemo } from "react";
import { type BundleEdge, lineRoute } from "../canvas/bundle-line";
import type { Drawing } from "../canvas/drawing";
import { sizeOf } from "../canvas/geometry";
import { useDrawing } from "../store/context";
import { type FlowLine, flowPaths, flowPieces } from "./flow-pieces";
import type { OverlayKind } from "./overlay";
import { useShownOverlay } from "./overlay-context";

/** The ways of all lines that somebody went, with how many did. */
function flowLines(
  edges: readonly BundleEdge[],
  positions: Drawing["positions"],
  flows: { readonly [bundleId: string]: number },
): readonly FlowLine[] {
  const { height } = sizeOf(undefined);
  return edges.flatMap(({ id, data, source, target }): readonly FlowLine[] => {
    const flow = flows[id] ?? 0;
    const [from, to] = [positions[source], positions[target]];
    if (flow <= 0 || data === undefined || from === undefined || to === undefined) return [];
    const ends = {
      start: { x: from.x + data.fromLeft, y: from.y + height },
      end: { x: to.x + data.toRight.target, y: to.y },
    };
    return [{ flow, points: lineRoute(data, ends, false).corners }];
  });
}

export type Flows = {
  readonly kind: OverlayKind;
  readonly paths: ReturnType<typeof flowPaths>;
  /** What goes over the widest place of the chart; 0 = nobody went anywhere. */
  readonly widest: number;
};

/** How wide every way is; null where no figures are shown. */
export function useFlows(edges: readonly BundleEdge[]): Flows | null {
  const { positions } = useDrawing();
  const shown = useShownOverlay();
  const flows = shown?.overlay.flows;
  const kind = shown?.kind;
  return useMemo(() => {
    if (flows === undefined || kind === undefined) return null;
    const pieces = flowPieces(flowLines(edges, positions, flows));
    return { kind, paths: flowPaths(pieces), widest: Math.max(0, ...pieces.map(({ flow }) => flow)) };
  }, [edges, positions, flows, kind]);
}

/** The ways accounts went, as wide as many went them, under lines and steps. */
export function FlowLayer({ flows }: { readonly flows: Flows }) {
  return (
    <ViewportPortal>
      <svg className="dz-flows" data-kind={flows.kind} aria-hidden>
        <g>
          {flows.paths.map(({ width, path }) => (
            <path key={width} d={path} strokeWidth={width} />
          ))}
        </g>
      </svg>
    </ViewportPortal>
  );
}
