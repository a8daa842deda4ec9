import { type RefObject, useEffect, useMemo } from "react";
import { clipOf, type PastePlace, pasteSteps, readClip, writeClip } from "../commands/clip";
import { removeSteps } from "../commands/steps";
import { nextPlace } from "../palette/placement";
import type { ActionTools, ClipboardTools } from "./action";
import { isIn, TYPING } from "./use-action-keys";

type Desk = Pick<ActionTools, "store" | "drawing" | "middleOnChart">;

/** What is put on the clipboard of the selected steps, or null after saying why there is nothing. */
function taken({ store, drawing }: Desk, code: "copied" | "cut"): string | null {
  const { doc, selection, notify, dispatch } = store.getState();
  const clip = clipOf(doc, selection.nodes, drawing.positions);
  if (clip === null) {
    notify({ code: "nothing-to-copy" });
    return null;
  }
  const count = clip.nodes.length;
  if (code === "cut") {
    const change = removeSteps(
      doc,
      clip.nodes.map(({ id }) => id),
    );
    dispatch(change === null ? null : { ...change, label: { code: "cut-steps", params: { count } } });
  }
  notify({ code, count });
  return writeClip(clip);
}

/** Where pasted steps go: behind what is selected, as a new step would; else where one looks. */
function pastePlace({ store, drawing, middleOnChart }: Desk): PastePlace {
  const { doc, selection } = store.getState();
  const place = nextPlace(doc, drawing, selection);
  const { x, y } = middleOnChart();
  return place.kind === "behind" || place.kind === "on-edges"
    ? place
    : { kind: "loose", at: { x: Math.round(x), y: Math.round(y) } };
}

function pasted(desk: Desk, text: string): void {
  const { doc, dispatch, select, notify } = desk.store.getState();
  const clip = readClip(text);
  const made = clip === null ? null : pasteSteps(doc, clip, pastePlace(desk));
  if (made === null) {
    notify({ code: clip === null ? "unreadable" : "full" });
    return;
  }
  if (!dispatch(made.change)) return;
  select({ nodes: made.nodeIds });
  notify({ code: "pasted", count: made.nodeIds.length, nodeIds: made.nodeIds });
}

/**
 * The system's clipboard, so that steps travel between tabs and programs. The browser's own events are listened to: they come with
 * Ctrl and ⌘ as with the browser's menu, and need nobody's permission. What one copies in a field stays text.
 */
export function useClipboard(root: RefObject<HTMLElement | null>, desk: Desk): ClipboardTools {
  const { store, drawing, middleOnChart } = desk;
  const tools = useMemo(() => ({ store, drawing, middleOnChart }), [store, drawing, middleOnChart]);
  useEffect(() => {
    const isOurs = (target: EventTarget | null): boolean => {
      const inside = target === document.body || (target instanceof Node && root.current?.contains(target) === true);
      return inside && !isIn(target, TYPING) && (document.getSelection()?.isCollapsed ?? true);
    };
    const onTake = (event: ClipboardEvent): void => {
      if (!isOurs(event.target)) return;
      if (event.type === "cut" && store.getState().readOnly) return;
      const text = taken(tools, event.type === "cut" ? "cut" : "copied");
      if (text === null) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (!isOurs(event.target) || store.getState().readOnly) return;
      event.preventDefault();
      pasted(tools, event.clipboardData?.getData("text/plain") ?? "");
    };
    document.addEventListener("copy", onTake);
    document.addEventListener("cut", onTake);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("copy", onTake);
      document.removeEventListener("cut", onTake);
      document.removeEventListener("paste", onPaste);
    };
  }, [root, store, tools]);
  return useMemo(() => {
    const blocked = (): void => store.getState().notify({ code: "blocked" });
    const put = (code: "copied" | "cut"): void => {
      const text = taken(tools, code);
      if (text !== null) navigator.clipboard.writeText(text).catch(blocked);
    };
    return {
      copy: () => put("copied"),
      cut: () => put("cut"),
      paste: () => {
        navigator.clipboard.readText().then((text) => pasted(tools, text), blocked);
      },
    };
  }, [store, tools]);
}
