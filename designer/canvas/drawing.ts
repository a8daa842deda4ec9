import { handleText, inLocale, type NodeGroup, type StepWords, type StrategyDoc, type StrategyNode } from "#engine";
import type { Position } from "../commands/operation";
import { viewOf } from "../commands/step-view";
import type { Bundle, Flow } from "./bundles";
import { handleX, shapeOf, sizeOf } from "./geometry";
import { type Layout, layOut, type Size } from "./layout";
import { levelsOf } from "./route";

/** Everything the canvas draws from, apart from selection and problems. */
export type Drawing = {
  readonly flow: Flow;
  readonly positions: { readonly [nodeId: string]: Position };
  readonly lanes: Layout["lanes"];
  readonly labels: { readonly [bundleId: string]: string };
  readonly levels: { readonly [bundleId: string]: number };
};

const LABEL_WIDTH_MAX = 176;
const LABEL_PADDING = 18;
const WIDE_GLYPH = 12;
const NARROW_GLYPH = 6.7;
/** Widths for the layout go in steps, so that a letter more does not move the whole drawing. */
const LABEL_WIDTH_STEP = 24;
const MEMBERS_NAMED_MAX = 2;

/** The name the author gave a step, else that of its type. */
export function stepName(node: StrategyNode, words: Pick<StepWords, "locale">): string {
  if (node.name !== undefined) return inLocale(node.name, words.locale);
  return viewOf(node).definition?.texts[words.locale].title ?? node.type;
}

/** Names of steps to choose among; steps of one name are told apart by their ids. */
export function stepChoices(
  nodes: readonly StrategyNode[],
  words: Pick<StepWords, "locale">,
): readonly { readonly value: string; readonly label: string }[] {
  const named = nodes.map((node) => ({ value: node.id, label: stepName(node, words) }));
  const count = new Map<string, number>();
  for (const { label } of named) count.set(label, (count.get(label) ?? 0) + 1);
  return named.map((one) => ((count.get(one.label) ?? 0) > 1 ? { ...one, label: `${one.label} (${one.value})` } : one));
}

/** Words on a line: which ways on it carries. A step with one way on needs none. */
export function bundleLabel(bundle: Bundle, doc: StrategyDoc, words: StepWords): string {
  const node = doc.nodes.find((candidate) => candidate.id === bundle.source);
  const view = node === undefined ? undefined : viewOf(node);
  const definition = view?.definition;
  if (definition === undefined || view === undefined || view.handles.length <= 1) return "";
  const names = bundle.members.map(({ edge, handle }) =>
    handle === undefined ? edge.from.handle : handleText(definition, handle, words),
  );
  if (names.length <= MEMBERS_NAMED_MAX) return names.join(" · ");
  return `${names.slice(0, MEMBERS_NAMED_MAX).join(" · ")} +${names.length - MEMBERS_NAMED_MAX}`;
}

export function labelWidth(label: string): number {
  if (label === "") return 0;
  let width = LABEL_PADDING;
  for (const glyph of label) width += glyph.charCodeAt(0) > 0x2e7f ? WIDE_GLYPH : NARROW_GLYPH;
  return Math.min(LABEL_WIDTH_MAX, Math.ceil(width / LABEL_WIDTH_STEP) * LABEL_WIDTH_STEP);
}

/** What the automatic layout depends on, as one text: same text, same positions. */
export function layoutKey(doc: StrategyDoc, flow: Flow, labels: Drawing["labels"]): string {
  const groups = doc.nodes.map((node) => `${node.id}:${viewOf(node).definition?.group ?? ""}`);
  const lines = flow.bundles.map(
    (bundle) => `${bundle.id}${bundle.loop ? "~" : ""}${labelWidth(labels[bundle.id] ?? "")}`,
  );
  return `${flow.order.join(",")}|${groups.join(",")}|${lines.join(",")}`;
}

/** The words of an entry stand beside its disc; the disc is the middle of the room both take. */
const ENTRY_ROOM: Size = { width: 528, height: 64 };

/** Room the layout keeps for a step. */
function roomOf(group: NodeGroup | undefined): Size {
  return shapeOf(group) === "disc" ? ENTRY_ROOM : sizeOf(group);
}

export function automaticLayout(doc: StrategyDoc, flow: Flow, labels: Drawing["labels"]): Layout {
  const groups = new Map(doc.nodes.map((node) => [node.id, viewOf(node).definition?.group]));
  return layOut({
    flow,
    sizeOf: (nodeId) => roomOf(groups.get(nodeId)),
    labelWidthOf: (bundleId) => labelWidth(labels[bundleId] ?? ""),
  });
}

/** Whether the stored positions are enough to draw by. */
export function isPlacedByHand(doc: StrategyDoc): boolean {
  return doc.layout.mode === "free" && doc.nodes.every((node) => doc.layout.positions[node.id] !== undefined);
}

/** Left corners of what is drawn, in the middle of the room the layout kept for it. */
function corners(doc: StrategyDoc, layout: Layout): Drawing["positions"] {
  const entries = doc.nodes.map((node): [string, Position] => {
    const stored = doc.layout.mode === "free" ? doc.layout.positions[node.id] : undefined;
    const found = layout.positions[node.id] ?? { x: 0, y: 0 };
    const group = viewOf(node).definition?.group;
    const aside = (roomOf(group).width - sizeOf(group).width) / 2;
    return [node.id, stored ?? { x: found.x + aside, y: found.y }];
  });
  return Object.fromEntries(entries);
}

function levelsOfBundles(drawing: Pick<Drawing, "flow" | "positions" | "lanes">, doc: StrategyDoc): Drawing["levels"] {
  const views = new Map(doc.nodes.map((node) => [node.id, viewOf(node)]));
  const bySource = new Map<string, Bundle[]>();
  for (const bundle of drawing.flow.bundles) {
    bySource.set(bundle.source, [...(bySource.get(bundle.source) ?? []), bundle]);
  }
  const levels: { [bundleId: string]: number } = {};
  for (const [source, bundles] of bySource) {
    const view = views.get(source);
    const corner = drawing.positions[source];
    if (view === undefined || corner === undefined) continue;
    const { width } = sizeOf(view.definition?.group);
    const lines = bundles.map((bundle) => {
      const handles = bundle.members.map(({ handle }) => view.handles.findIndex((known) => known.id === handle?.id));
      const middle = handles[Math.floor(handles.length / 2)] ?? 0;
      const startX = corner.x + handleX(middle, view.handles.length, width);
      const target = drawing.positions[bundle.target];
      const targetWidth = sizeOf(views.get(bundle.target)?.definition?.group).width;
      const below = target === undefined ? startX : target.x + targetWidth / 2;
      return { startX, firstX: bundle.loop ? Number.MAX_SAFE_INTEGER : (drawing.lanes[bundle.id]?.[0]?.x ?? below) };
    });
    levelsOf(lines).forEach((level, index) => {
      const bundle = bundles[index];
      if (bundle !== undefined) levels[bundle.id] = level;
    });
  }
  return levels;
}

export type DrawingParts = {
  readonly doc: StrategyDoc;
  readonly flow: Flow;
  readonly labels: Drawing["labels"];
  /** The automatic layout, or null when every position is stored. */
  readonly layout: Layout | null;
};

/** Puts flow, words and positions together. In a free layout lines find their own way, because lanes belong to the automatic one. */
export function drawingOf({ doc, flow, labels, layout }: DrawingParts): Drawing {
  const positions = corners(doc, layout ?? { positions: {}, lanes: {} });
  const lanes = doc.layout.mode === "auto" ? (layout?.lanes ?? {}) : {};
  return { flow, positions, lanes, labels, levels: levelsOfBundles({ flow, positions, lanes }, doc) };
}
