import { describe, expect, it } from "vitest";
import type { StepWords, StrategyDoc } from "#engine";
import { longStrategy } from "../../test/bench/long-strategy";
import { applyOperations } from "../commands/operation";
import { changed, freeLayout, moveSteps } from "../commands/steps";
import { flowOf } from "./bundles";
import { automaticLayout, bundleLabels, drawingOf } from "./drawing";
import { sizeOf } from "./geometry";
import { tidySelection } from "./tidy-selection";

const words: StepWords = { locale: "en", fields: {}, contents: {}, strategies: {} };
const CHOSEN = ["step-3", "step-4", "step-5", "step-6"];

function drawn(doc: StrategyDoc) {
  const flow = flowOf(doc);
  const labels = bundleLabels(flow, doc, words);
  return drawingOf({ doc, flow, labels, layout: automaticLayout(doc, flow, labels) });
}

/** Placed by hand, four steps thrown on one heap. */
function heaped(): StrategyDoc {
  const doc = longStrategy(12);
  const free = changed(doc, freeLayout(doc, drawn(doc).positions));
  const heap = Object.fromEntries(CHOSEN.map((id, index) => [id, { x: 900 + index, y: 300 - index }]));
  return changed(free, moveSteps(free, heap));
}

describe("tidying what is selected", () => {
  it("lays those steps out below the first of them and leaves the others alone, as one gesture", () => {
    const doc = heaped();
    const change = tidySelection(doc, drawn(doc), { selected: CHOSEN, words });
    const { doc: after, inverse } = applyOperations(doc, change?.operations ?? []);
    expect(change?.label).toEqual({ code: "tidy-selection", params: { count: 4 } });
    expect(after.layout.positions["step-3"]).toEqual({ x: 900, y: 300 });
    const corners = CHOSEN.map((id) => after.layout.positions[id] ?? { x: 0, y: 0 });
    const { width, height } = sizeOf(undefined);
    for (const [index, one] of corners.entries())
      for (const other of corners.slice(index + 1))
        expect(Math.abs(one.x - other.x) >= width || Math.abs(one.y - other.y) >= height).toBe(true);
    for (const { id } of doc.nodes)
      if (!CHOSEN.includes(id)) expect(after.layout.positions[id]).toEqual(doc.layout.positions[id]);
    expect(applyOperations(after, inverse).doc).toEqual(doc);
  });

  it("has nothing to do a second time, for one step, or where the program places the steps", () => {
    const doc = heaped();
    const once = changed(doc, tidySelection(doc, drawn(doc), { selected: CHOSEN, words }));
    expect(tidySelection(once, drawn(once), { selected: CHOSEN, words })).toBeNull();
    expect(tidySelection(doc, drawn(doc), { selected: ["step-3"], words })).toBeNull();
    const auto = longStrategy(12);
    expect(tidySelection(auto, drawn(auto), { selected: CHOSEN, words })).toBeNull();
  });
});
