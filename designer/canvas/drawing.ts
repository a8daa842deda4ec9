import {
  canonicalJson,
  type Handle,
  handleText,
  inLocale,
  type NodeGroup,
  type StepWords,
  type StrategyDoc,
  type StrategyNode,
} from "#engine";
import type { Position } from "../commands/operation";
import { type StepView, viewOf } from "../commands/step-view";
import type { Bundle, Flow } from "./bundles";
import { shapeOf, sizeOf } from "./geometry";
import { type Layout, layOut, type Size } from "./layout/layout";
import { type Lines, linesOf } from "./lines";

/** Words on a line: in short as they are drawn, and every way on it carries. */
export type LineLabel = { readonly short: string; readonly full: string };

const NO_LABEL: LineLabel = { short: "", full: "" };

/** Everything the canvas draws from, apart from selection and problems. */
export type Drawing = {
  readonly flow: Flow;
  readonly positions: { readonly [nodeId: string]: Position };
  readonly lanes: Layout["lanes"];
  readonly shared: Layout["shared"];
  readonly labels: { readonly [bundleId: string]: LineLabel };
  readonly lines: Lines;
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

/** Words of the ways on of a step, put together once: a step has them until it is changed. */
const known = new WeakMap<StepView, { readonly words: StepWords; readonly texts: Map<Handle, string> }>();

function wayText(view: StepView, handle: Handle, words: StepWords): string {
  const { definition } = view;
  if (definition === undefined) return handle.id;
  let entry = known.get(view);
  if (entry?.words !== words) {
    entry = { words, texts: new Map() };
    known.set(view, entry);
  }
  const before = entry.texts.get(handle);
  if (before !== undefined) return before;
  const text = handleText(definition, handle, words);
  entry.texts.set(handle, text);
  return text;
}

/** Words on a line: which ways on it carries. A step with one way on needs none. */
function bundleLabel(bundle: Bundle, node: StrategyNode | undefined, words: StepWords): LineLabel {
  const view = node === undefined ? undefined : viewOf(node);
  if (view?.definition === undefined || view.handles.length <= 1) return NO_LABEL;
  const names = bundle.members.map(({ edge, handle }) =>
    handle === undefined ? edge.from.handle : wayText(view, handle, words),
  );
  const full = names.join(" · ");
  if (names.length <= MEMBERS_NAMED_MAX) return { short: full, full };
  return { short: `${names.slice(0, MEMBERS_NAMED_MAX).join(" · ")} +${names.length - MEMBERS_NAMED_MAX}`, full };
}

export function bundleLabels(flow: Flow, doc: StrategyDoc, words: StepWords): Drawing["labels"] {
  const nodes = new Map(doc.nodes.map((node) => [node.id, node]));
  return Object.fromEntries(
    flow.bundles.map((bundle) => [bundle.id, bundleLabel(bundle, nodes.get(bundle.source), words)]),
  );
}

export function labelWidth(label: string): number {
  if (label === "") return 0;
  let width = LABEL_PADDING;
  for (const glyph of label) width += glyph.charCodeAt(0) > 0x2e7f ? WIDE_GLYPH : NARROW_GLYPH;
  return Math.min(LABEL_WIDTH_MAX, Math.ceil(width / LABEL_WIDTH_STEP) * LABEL_WIDTH_STEP);
}

/** Whether one drawing does for both documents: the same lines and places, and the same ways on at every step. */
export function drawsAlike(before: StrategyDoc, next: StrategyDoc): boolean {
  if (before === next) return true;
  const placed = before.layout === next.layout || (before.layout.mode === "auto" && next.layout.mode === "auto");
  return (
    placed &&
    before.edges === next.edges &&
    before.entry.node === next.entry.node &&
    before.nodes.length === next.nodes.length &&
    before.nodes.every((node, index) => leavesAlike(node, next.nodes[index]))
  );
}

function leavesAlike(before: StrategyNode, next: StrategyNode | undefined): boolean {
  if (before === next) return true;
  if (next === undefined || before.id !== next.id) return false;
  const [left, right] = [viewOf(before), viewOf(next)];
  return left.definition === right.definition && canonicalJson(left.handles) === canonicalJson(right.handles);
}

/** What the automatic layout depends on, as one text: same text, same positions. */
export function layoutKey(doc: StrategyDoc, flow: Flow, labels: Drawing["labels"]): string {
  const groups = doc.nodes.map((node) => `${node.id}:${viewOf(node).definition?.group ?? ""}`);
  const lines = flow.bundles.map(
    (bundle) => `${bundle.id}${bundle.loop ? "~" : ""}${labelWidth(labels[bundle.id]?.short ?? "")}`,
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
    labelWidthOf: (bundleId) => labelWidth(labels[bundleId]?.short ?? ""),
  });
}

/** Whether the stored positions are enough to draw by. */
export function isPlacedByHand(doc: StrategyDoc): boolean {
  return doc.layout.mode === "free" && doc.nodes.every((node) => doc.layout.positions[node.id] !== undefined);
}

/** Left corners of what is drawn, in the middle of the room the layout kept for it. */
function corners(doc: StrategyDoc, layout: Layout | null): Drawing["positions"] {
  const entries = doc.nodes.map((node): [string, Position] => {
    const stored = doc.layout.mode === "free" ? doc.layout.positions[node.id] : undefined;
    const found = layout?.positions[node.id] ?? { x: 0, y: 0 };
    const group = viewOf(node).definition?.group;
    const aside = (roomOf(group).width - sizeOf(group).width) / 2;
    return [node.id, stored ?? { x: found.x + aside, y: found.y }];
  });
  return Object.fromEntries(entries);
}

const NO_LANES: Pick<Layout, "lanes" | "shared"> = { lanes: {}, shared: new Set() };

export type DrawingParts = {
  readonly doc: StrategyDoc;
  readonly flow: Flow;
  readonly labels: Drawing["labels"];
  /** The automatic layout, or null when every position is stored. */
  readonly layout: Layout | null;
};

/** Puts flow, words and positions together. In a free layout lines find their own way, because lanes belong to the automatic one. */
export function drawingOf({ doc, flow, labels, layout }: DrawingParts): Drawing {
  const positions = corners(doc, layout);
  const { lanes, shared } = doc.layout.mode === "auto" && layout !== null ? layout : NO_LANES;
  const labelWidthOf = (bundleId: string): number => labelWidth(labels[bundleId]?.short ?? "");
  return { flow, positions, lanes, shared, labels, lines: linesOf({ flow, positions, lanes, labelWidthOf }, doc) };
}

export type Bounds = Position & Size;

/** Words beside a loop, and its distance from what it passes. */
const LOOP_ROOM = 120;

/** Everything that is drawn, loops at the side included. */
export function boundsOf({ positions, lines }: Drawing): Bounds {
  const corners = Object.values(positions);
  const card = sizeOf(undefined);
  const left = Math.min(...corners.map(({ x }) => x));
  const top = Math.min(...corners.map(({ y }) => y));
  const sides = [...lines.sides.values()].map((side) => side + LOOP_ROOM);
  const right = Math.max(...corners.map(({ x }) => x + card.width), ...sides);
  const bottom = Math.max(...corners.map(({ y }) => y + card.height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}
