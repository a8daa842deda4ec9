import {
  type JsonValue,
  readStrategyText,
  STRATEGY_LIMITS,
  type StrategyDoc,
  type StrategyNode,
  variableFact,
  writeStrategy,
} from "#engine";
import { nextEdgeId, nextId } from "./ids";
import { mentions } from "./names";
import { applyOperations, type Change, detailsOf, type Operation, type Position } from "./operation";
import type { PathPlace } from "./rearrange";
import { mainHandle, nodeById, stepTitle, takesEdges, viewOf } from "./step-view";
import { usesIn } from "./uses";
import { connectProblem, edgeFrom, newEdge } from "./wiring";

/**
 * Steps on the clipboard are a strategy document like any export: with the edges among them, the texts, variables, lender's fields
 * and sub-strategies they use, and the frames that hold nothing else. So they can be pasted into another strategy, another
 * browser tab, another bank's installation of another version, or a file.
 */
export type Clip = StrategyDoc;

function textsIn(value: JsonValue, found: Set<string>): Set<string> {
  if (typeof value === "string") found.add(value);
  else if (Array.isArray(value)) for (const item of value) textsIn(item, found);
  else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) textsIn(item, found);
  return found;
}

/** Keys of the sub-strategies steps use, and of those these use in turn. */
function strategiesUsedBy(doc: StrategyDoc, nodes: readonly StrategyNode[]): ReadonlySet<string> {
  const used = new Set<string>();
  const open = [...nodes];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const { use } of usesIn(node)) {
      if (used.has(use.strategy)) continue;
      used.add(use.strategy);
      open.push(...(doc.strategies.find(({ key }) => key === use.strategy)?.nodes ?? []));
    }
  }
  return used;
}

/** What is copied of some steps; null when none of them can be: an entry stays with its strategy. */
export function clipOf(
  doc: StrategyDoc,
  nodeIds: readonly string[],
  positions: { readonly [nodeId: string]: Position },
): Clip | null {
  const wanted = new Set(nodeIds);
  const nodes = doc.nodes.filter((node) => wanted.has(node.id) && takesEdges(node));
  const first = nodes[0];
  if (first === undefined) return null;
  const own = new Set(nodes.map(({ id }) => id));
  const used = strategiesUsedBy(doc, nodes);
  const strategies = doc.strategies.filter(({ key }) => used.has(key));
  const all = [...nodes, ...strategies.flatMap((strategy) => strategy.nodes)];
  const texts = all.reduce((found, node) => textsIn(node.data, found), new Set<string>());
  const variables = doc.settings.variables.filter(({ name }) =>
    nodes.some((node) => mentions(node, { fact: variableFact(name), variable: name })),
  );
  const fields = doc.settings.fields.filter(({ key }) =>
    all.some((node) => mentions(node, { fact: key, variable: null })),
  );
  const placed = nodes.flatMap(({ id }) => (positions[id] === undefined ? [] : [[id, positions[id]] as const]));
  const { description: _description, ...rest } = doc;
  return {
    ...rest,
    entry: { node: first.id },
    nodes,
    edges: doc.edges.filter((edge) => own.has(edge.from.node) && own.has(edge.to)),
    settings: { ...doc.settings, exits: [], variables, fields },
    contents: doc.contents.filter(({ id }) => texts.has(id)),
    strategies,
    frames: doc.frames.filter((frame) => frame.nodes.length > 0 && frame.nodes.every((id) => own.has(id))),
    notes: [],
    layout: { mode: doc.layout.mode, positions: Object.fromEntries(placed) },
    tests: [],
  };
}

/** The text that is put on the clipboard: the canonical export. */
export function writeClip(clip: Clip): string {
  return writeStrategy(clip);
}

/** Steps from the text of a clipboard, brought up from older formats; null when it holds no strategy. */
export function readClip(text: string): Clip | null {
  const read = readStrategyText(text);
  return read.ok ? read.value : null;
}

export type Pasted = { readonly change: Change; readonly nodeIds: readonly string[] };
export type PastePlace = PathPlace | { readonly kind: "loose"; readonly at: Position | null };

const PASTE_OFFSET = 40;

/** A document that grows while operations are collected, so that ids given out on the way are known. */
class Draft {
  readonly operations: Operation[] = [];
  constructor(public doc: StrategyDoc) {}

  do(operations: readonly Operation[]): void {
    this.operations.push(...operations);
    this.doc = applyOperations(this.doc, operations).doc;
  }
}

/** Texts, variables, fields and sub-strategies the steps need and the document does not have. What it has under that name stays its own. */
function needs(doc: StrategyDoc, clip: Clip): readonly Operation[] {
  const missing = <TItem>(own: readonly TItem[], others: readonly TItem[], nameOf: (item: TItem) => string) => {
    const names = new Set(own.map(nameOf));
    return others.filter((item) => !names.has(nameOf(item)));
  };
  const contents = missing(doc.contents, clip.contents, ({ id }) => id);
  const variables = missing(doc.settings.variables, clip.settings.variables, ({ name }) => name);
  const fields = missing(doc.settings.fields, clip.settings.fields, ({ key }) => key);
  const strategies = missing(doc.strategies, clip.strategies, ({ key }) => key);
  if (contents.length + variables.length + fields.length + strategies.length === 0) return [];
  const settings = {
    ...doc.settings,
    variables: [...doc.settings.variables, ...variables],
    fields: [...doc.settings.fields, ...fields],
  };
  const details = {
    ...detailsOf(doc),
    settings,
    contents: [...doc.contents, ...contents],
    strategies: [...doc.strategies, ...strategies],
  };
  return [{ kind: "set-details", details }];
}

function fits({ settings, contents, strategies, frames }: StrategyDoc): boolean {
  return (
    settings.variables.length <= STRATEGY_LIMITS.variables &&
    settings.fields.length <= STRATEGY_LIMITS.fields &&
    contents.length <= STRATEGY_LIMITS.contents &&
    strategies.length <= STRATEGY_LIMITS.strategies &&
    frames.length <= STRATEGY_LIMITS.frames
  );
}

/** Copies of the steps and the edges among them, under ids that are free; ids are kept where they are. */
function addCopies(draft: Draft, clip: Clip, nodes: readonly StrategyNode[]): ReadonlyMap<string, string> {
  const copies = new Map<string, string>();
  const takenNodes = draft.doc.nodes.map(({ id }) => id);
  for (const node of nodes) {
    const id = takenNodes.includes(node.id) ? nextId(node.type, takenNodes) : node.id;
    takenNodes.push(id);
    copies.set(node.id, id);
    draft.do([{ kind: "add-node", index: draft.doc.nodes.length, node: { ...node, id } }]);
  }
  const takenEdges = draft.doc.edges.map(({ id }) => id);
  for (const { from, to } of clip.edges) {
    const [node, target] = [copies.get(from.node), copies.get(to)];
    if (node === undefined || target === undefined) continue;
    const edge = { id: nextEdgeId(takenEdges, { ...from, node }), from: { node, handle: from.handle }, to: target };
    takenEdges.push(edge.id);
    draft.do([{ kind: "add-edge", index: draft.doc.edges.length, edge }]);
  }
  return copies;
}

function addFrames(draft: Draft, clip: Clip, copies: ReadonlyMap<string, string>): void {
  if (clip.frames.length === 0) return;
  const frames = [...draft.doc.frames];
  for (const frame of clip.frames) {
    const nodes = frame.nodes.flatMap((id) => copies.get(id) ?? []);
    const taken = frames.map(({ id }) => id);
    frames.push({ ...frame, id: taken.includes(frame.id) ? nextId("stage", taken) : frame.id, nodes });
  }
  draft.do([{ kind: "set-details", details: { ...detailsOf(draft.doc), frames } }]);
}

/** Positions where they are stored: together as they were copied, their upper left corner at `at`, else a little beside where they were. */
function placeCopies(
  draft: Draft,
  copies: ReadonlyMap<string, string>,
  { clip, at }: { clip: Clip; at: Position | null },
): void {
  if (draft.doc.layout.mode === "auto") return;
  const known = [...copies].map(([id, copy]) => [copy, clip.layout.positions[id] ?? { x: 0, y: 0 }] as const);
  const left = Math.min(...known.map(([, { x }]) => x));
  const top = Math.min(...known.map(([, { y }]) => y));
  const by = at === null ? { x: PASTE_OFFSET, y: PASTE_OFFSET } : { x: at.x - left, y: at.y - top };
  const positions = Object.fromEntries(known.map(([id, { x, y }]) => [id, { x: x + by.x, y: y + by.y }]));
  draft.do([{ kind: "place", mode: "free", positions }]);
}

/** Leads into what was pasted, and on from its end. Does nothing where that may not be: then the steps stand loose. */
function wire(draft: Draft, nodeIds: readonly string[], where: PathPlace): void {
  const { doc } = draft;
  const own = new Set(nodeIds);
  const head = nodeIds.find((id) => !doc.edges.some((edge) => edge.to === id && own.has(edge.from.node))) ?? nodeIds[0];
  if (head === undefined) return;
  if (where.kind === "behind") {
    if (connectProblem(doc, where.from, head) === null) draft.do([newEdge(doc, where.from, head)]);
    return;
  }
  const edges = doc.edges.filter((edge) => where.edgeIds.includes(edge.id));
  const target = edges[0]?.to;
  const end = freeEnd(doc, head);
  if (target === undefined || end === null || edges.some((edge) => edge.to !== target)) return;
  draft.do(edges.map((edge): Operation => ({ kind: "set-edge", edge: { ...edge, to: head } })));
  draft.do([newEdge(draft.doc, end, target)]);
}

/** The free main way on at the end of a path along main ways on; null when it ends in an exit or in itself. */
function freeEnd(doc: StrategyDoc, head: string) {
  const seen = new Set<string>();
  for (let id: string | undefined = head; id !== undefined && !seen.has(id); ) {
    seen.add(id);
    const node = nodeById(doc, id);
    const main = node === undefined ? undefined : mainHandle(viewOf(node));
    if (main === undefined) return null;
    const from = { node: id, handle: main.id };
    const edge = edgeFrom(doc, from);
    if (edge === undefined) return from;
    id = edge.to;
  }
  return null;
}

/** Puts copied steps into a document as one gesture. Null when nothing can be pasted or a limit of documents would be passed. */
export function pasteSteps(doc: StrategyDoc, clip: Clip, where: PastePlace): Pasted | null {
  const nodes = clip.nodes.filter(takesEdges);
  const first = nodes[0];
  if (first === undefined || doc.nodes.length + nodes.length > STRATEGY_LIMITS.nodes) return null;
  const draft = new Draft(doc);
  draft.do(needs(doc, clip));
  const copies = addCopies(draft, clip, nodes);
  addFrames(draft, clip, copies);
  placeCopies(draft, copies, { clip, at: where.kind === "loose" ? where.at : null });
  const nodeIds = [...copies.values()];
  if (where.kind !== "loose") wire(draft, nodeIds, where);
  if (!fits(draft.doc) || draft.doc.edges.length > STRATEGY_LIMITS.edges) return null;
  const label =
    nodes.length === 1
      ? ({ code: "paste-step", params: { step: stepTitle(first) } } as const)
      : ({ code: "paste-steps", params: { count: nodes.length } } as const);
  return { nodeIds, change: { label, operations: draft.operations } };
}
