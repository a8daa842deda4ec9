import { ViewportPortal } from "@xyflow/react";
import { CircleDashed } from "lucide-react";
import { useDrawing, useText } from "../store/context";
import { untestedByStep, type WayOfStep } from "./walk-marks";

/** How many ways on of each step no test takes. */
export function UntestedBadges({ untested }: { readonly untested: readonly WayOfStep[] }) {
  const text = useText();
  const drawing = useDrawing();
  return (
    <ViewportPortal>
      {[...untestedByStep(untested)].flatMap(([step, ways]) => {
        const at = drawing.positions[step];
        if (at === undefined) return [];
        const said = text("walk.untested-mark", { count: ways.length });
        return [
          <div key={step} className="dz-mark-place" style={{ transform: `translate(${at.x}px, ${at.y}px)` }}>
            <span className="dz-mark-badge" data-mark="untested" title={said}>
              <CircleDashed size={12} aria-hidden />
              {ways.length}
              <span className="sr-only">{said}</span>
            </span>
          </div>,
        ];
      })}
    </ViewportPortal>
  );
}
