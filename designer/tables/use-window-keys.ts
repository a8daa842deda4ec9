import { type KeyboardEvent, useCallback } from "react";
import { useDesignerContext } from "../store/context";

/** Undo and redo inside a window, where the designer's own keys do not reach. What is typed into a control is the control's. */
export function useWindowKeys(): (event: KeyboardEvent) => void {
  const { store } = useDesignerContext();
  return useCallback(
    (event) => {
      const { target, key, shiftKey } = event;
      const typing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
      if (typing || !(event.ctrlKey || event.metaKey)) return;
      const { undo, redo } = store.getState();
      if (key.toLowerCase() === "z") (shiftKey ? redo : undo)();
      else if (key.toLowerCase() === "y") redo();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    [store],
  );
}
