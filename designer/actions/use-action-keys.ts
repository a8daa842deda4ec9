import { type RefObject, useEffect } from "react";
import type { ActionTools } from "./action";
import { actionFor } from "./actions";

export const TYPING = "input, textarea, select, [contenteditable=true], [role=dialog], [cmdk-root]";
/** Lists keep the arrow keys that walk among their entries. */
const LISTS = "ol, ul, nav, [role=menu]";

export function isIn(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}

/**
 * Keys of the designer, wherever the focus is inside it or nowhere at all. What is typed into a control belongs to the
 * control; Shift and an arrow go on to the canvas, which moves the selected steps.
 */
export function useActionKeys(root: RefObject<HTMLElement | null>, tools: ActionTools): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      const inside = target === document.body || (target instanceof Node && root.current?.contains(target) === true);
      if (!inside || event.altKey || isIn(target, TYPING)) return;
      if (isIn(target, LISTS) && event.key.startsWith("Arrow")) return;
      const press = { key: event.key, command: event.ctrlKey || event.metaKey, shift: event.shiftKey };
      const action = actionFor(press, tools);
      if (action === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      action.run(tools);
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [root, tools]);
}
