import { useMemo, useRef } from "react";
import type { StepWords, StrategyDoc } from "#engine";
import { flowOf } from "./bundles";
import {
  automaticLayout,
  bundleLabels,
  type Drawing,
  drawingOf,
  drawsAlike,
  isPlacedByHand,
  layoutKey,
} from "./drawing";
import type { Layout } from "./layout/layout";

/** The document before for as long as it is drawn the same: words typed into a form change no line and no place. */
function useDrawn(doc: StrategyDoc): StrategyDoc {
  const last = useRef(doc);
  if (!drawsAlike(last.current, doc)) last.current = doc;
  return last.current;
}

/**
 * The drawing of a document, with the automatic layout done again only when the skeleton changed: typing a text must not
 * lay out five hundred steps.
 */
export function useDrawingOf(whole: StrategyDoc, words: StepWords): Drawing {
  const doc = useDrawn(whole);
  const last = useRef<{ readonly key: string; readonly layout: Layout } | null>(null);
  const flow = useMemo(() => flowOf(doc), [doc]);
  const labels = useMemo(() => bundleLabels(flow, doc, words), [flow, doc, words]);
  return useMemo(() => {
    if (isPlacedByHand(doc)) return drawingOf({ doc, flow, labels, layout: null });
    const key = layoutKey(doc, flow, labels);
    const before = last.current;
    const layout = before?.key === key ? before.layout : automaticLayout(doc, flow, labels);
    last.current = { key, layout };
    return drawingOf({ doc, flow, labels, layout });
  }, [doc, flow, labels]);
}
