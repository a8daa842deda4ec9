import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { asGroup, ViewPath } from "./condition-model";
import { type Moved, moveBy, moveTo, type Step, type Zone } from "./condition-moves";

type GroupView = ReturnType<typeof asGroup>;

const STEPS: { readonly [key: string]: Step } = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowRight: "in",
  ArrowLeft: "out",
};
/** The upper and the lower share of a question that mean "before" and "behind" it; between them is "together". */
const EDGE_SHARE = 0.3;
const DRAGGED = "application/x-duecourse-question";

export type ConditionDrag = ReturnType<typeof useConditionDrag>;

/**
 * Moving questions of one condition, by mouse and by the keys of their grips (Alt with arrows). The grip that moved keeps the
 * focus at its new place, so that the next key goes on from there.
 */
export function useConditionDrag(
  host: { readonly current: HTMLElement | null },
  {
    root,
    depthMax,
    store,
  }: { readonly root: GroupView; readonly depthMax: number; readonly store: (root: GroupView) => boolean },
) {
  const [dragged, setDragged] = useState<ViewPath | null>(null);
  const [aim, setAim] = useState<{ readonly path: string; readonly zone: Zone } | null>(null);
  const wants = useRef<string | null>(null);
  useEffect(() => {
    if (wants.current === null) return;
    const grip = host.current?.querySelector<HTMLElement>(`[data-grip="${wants.current}"]`);
    wants.current = null;
    grip?.focus();
  });
  const settle = (moved: Moved | null): void => {
    if (moved !== null && store(moved.root)) wants.current = keyOf(moved.path);
  };
  const landing = (event: DragEvent, target: ViewPath): { readonly zone: Zone; readonly moved: Moved } | null => {
    if (dragged === null) return null;
    const zone = zoneAt(event);
    const moved = moveTo(root, { from: dragged, target, zone }, depthMax);
    return moved === null ? null : { zone, moved };
  };
  const end = (): void => {
    setDragged(null);
    setAim(null);
  };
  return {
    aim,
    grip: (path: ViewPath) => ({
      "data-grip": keyOf(path),
      draggable: true,
      onDragStart: (event: DragEvent) => {
        event.stopPropagation();
        event.dataTransfer.setData(DRAGGED, keyOf(path));
        event.dataTransfer.effectAllowed = "move";
        setDragged(path);
      },
      onDragEnd: end,
      onKeyDown: (event: KeyboardEvent) => {
        const step = STEPS[event.key];
        if (step === undefined || !event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        settle(moveBy(root, path, { step, depthMax }));
      },
    }),
    target: (path: ViewPath) => ({
      "data-aim": aim?.path === keyOf(path) ? aim.zone : undefined,
      onDragOver: (event: DragEvent) => {
        if (dragged === null) return;
        event.stopPropagation();
        const found = landing(event, path);
        setAim(found === null ? null : { path: keyOf(path), zone: found.zone });
        if (found !== null) event.preventDefault();
      },
      onDrop: (event: DragEvent) => {
        if (dragged === null) return;
        event.preventDefault();
        event.stopPropagation();
        settle(landing(event, path)?.moved ?? null);
        end();
      },
    }),
  };
}

function keyOf(path: ViewPath): string {
  return path.join(".");
}

function zoneAt({ currentTarget, clientY }: DragEvent): Zone {
  const { top, height } = currentTarget.getBoundingClientRect();
  const share = (clientY - top) / height;
  return share < EDGE_SHARE ? "before" : share > 1 - EDGE_SHARE ? "behind" : "together";
}
