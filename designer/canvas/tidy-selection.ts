import type { StepWords, StrategyDoc } from "#engine";
import type { Change, Position } from "../commands/operation";
import { moveSteps } from "../commands/steps";
import { flowOf } from "./bundles";
import { automaticLayout, bundleLabels, type Drawing, drawingOf } from "./drawing";

/** Fewer steps have no layout among themselves. */
export const TIDY_MIN = 2;

/**
 * Lays out the selected steps among themselves as the program would, and leaves all others where the author put them. The first of
 * them on an account's way stays at its spot, so that the rest lines up below it. Null where the program places the steps anyway, or
 * nothing would move.
 */
export function tidySelection(
  doc: StrategyDoc,
  { flow, positions }: Pick<Drawing, "flow" | "positions">,
  { selected, words }: { readonly selected: readonly string[]; readonly words: StepWords },
): Change | null {
  const chosen = new Set(selected);
  const first = flow.order.find((id) => chosen.has(id));
  const anchor = first === undefined ? undefined : positions[first];
  if (doc.layout.mode !== "free" || chosen.size < TIDY_MIN || first === undefined || anchor === undefined) return null;
  const part: StrategyDoc = {
    ...doc,
    entry: { node: first },
    nodes: doc.nodes.filter(({ id }) => chosen.has(id)),
    edges: doc.edges.filter(({ from, to }) => chosen.has(from.node) && chosen.has(to)),
    layout: { mode: "auto", positions: {} },
  };
  const inner = flowOf(part);
  const labels = bundleLabels(inner, part, words);
  const found = drawingOf({ doc: part, flow: inner, labels, layout: automaticLayout(part, inner, labels) }).positions;
  const from = found[first] ?? anchor;
  const placed = Object.entries(found).map(([id, { x, y }]): [string, Position] => [
    id,
    { x: Math.round(x + anchor.x - from.x), y: Math.round(y + anchor.y - from.y) },
  ]);
  const moved = moveSteps(doc, Object.fromEntries(placed));
  return moved === null ? null : { ...moved, label: { code: "tidy-selection", params: { count: chosen.size } } };
}
