import type { JsonValue } from "../../model/json";
import type { StrategyDoc, StrategyEdge, StrategyNode } from "../../model/strategy";
import { definitionOf } from "../../nodes";
import type { Given } from "../diff/structure";
import { freeId } from "./free-id";
import { same } from "./same";
import type { Sides } from "./three-way";

type Names = ReadonlyMap<string, string>;
type Identified = { readonly id: string };
type Drawn = { readonly nodes: readonly StrategyNode[]; readonly edges: readonly StrategyEdge[] };

/**
 * Mine, with other ids for the things of which theirs made others under the same id: ids are counted up, so that two people who
 * each add a step are both given `sms-3`. Those are two steps, and both are kept.
 */
export function keptApart({ base, mine, theirs }: Sides<StrategyDoc>): StrategyDoc {
  const keys = strategyTwins({ base, mine, theirs });
  const contents = twins({ base: base.contents, mine: mine.contents, theirs: theirs.contents });
  const nodes = stepTwins({ base, mine, theirs });
  const inNodes = (list: readonly StrategyNode[], names: Names): StrategyNode[] =>
    list.map((node) => renamedStep(node, { names, contents, keys }));
  const strategies = mine.strategies.map((inner) => {
    const [was, is] = [base, theirs].map((doc) => doc.strategies.find(({ key }) => key === inner.key));
    const twin = is === undefined || keys.has(inner.key) ? null : { base: was ?? NOTHING, mine: inner, theirs: is };
    const names = twin === null ? NO_NAMES : stepTwins(twin);
    return {
      ...inner,
      key: keys.get(inner.key) ?? inner.key,
      entry: { node: names.get(inner.entry.node) ?? inner.entry.node },
      nodes: inNodes(inner.nodes, names),
      edges: renamedEdges(inner.edges, names),
    };
  });
  const id = <TItem extends Identified>(items: readonly TItem[], names: Names): TItem[] =>
    items.map((item) => (names.has(item.id) ? { ...item, id: names.get(item.id) ?? item.id } : item));
  const frames = id(mine.frames, twins({ base: base.frames, mine: mine.frames, theirs: theirs.frames }));
  const renamed: StrategyDoc = {
    ...mine,
    entry: { node: nodes.get(mine.entry.node) ?? mine.entry.node },
    nodes: inNodes(mine.nodes, nodes),
    edges: renamedEdges(mine.edges, nodes),
    strategies,
    contents: id(mine.contents, contents),
    frames: frames.map((frame) => ({ ...frame, nodes: frame.nodes.map((node) => nodes.get(node) ?? node) })),
    notes: id(mine.notes, twins({ base: base.notes, mine: mine.notes, theirs: theirs.notes })),
    tests: id(mine.tests, twins({ base: base.tests, mine: mine.tests, theirs: theirs.tests })),
    layout: { ...mine.layout, positions: renamedMembers(mine.layout.positions, nodes) },
  };
  return nodes.size === 0 ? renamed : { ...renamed, tests: renamed.tests.map((test) => renamedTest(test, nodes)) };
}

const NO_NAMES: Names = new Map();
const NOTHING: Drawn = { nodes: [], edges: [] };

function namesFor(ids: readonly string[], taken: Set<string>): Names {
  return new Map(
    ids.map((id) => {
      const free = freeId(id, taken);
      taken.add(free);
      return [id, free];
    }),
  );
}

function idsOf(...lists: readonly (readonly Identified[])[]): Set<string> {
  return new Set(lists.flatMap((list) => list.map(({ id }) => id)));
}

/** Ids under which both made something new, and not the same. */
function twins({ base, mine, theirs }: Sides<readonly Identified[]>): Names {
  const before = idsOf(base);
  const others = new Map(theirs.map((item) => [item.id, item]));
  const found = mine.filter((item) => {
    const other = others.get(item.id);
    return other !== undefined && !before.has(item.id) && !same(item as Given, other as Given);
  });
  return namesFor(
    found.map(({ id }) => id),
    idsOf(base, mine, theirs),
  );
}

/** The same of steps: one that looks the same but stands elsewhere is another step. */
function stepTwins(sides: Sides<Drawn>): Names {
  const standing = ({ nodes, edges }: Drawn) => {
    const lines = new Map<string, string[]>();
    for (const { from, to } of edges) {
      for (const id of [from.node, to])
        lines.set(id, [...(lines.get(id) ?? []), `${from.node}.${from.handle}>${to}`].sort());
    }
    return nodes.map((node) => ({ id: node.id, node, lines: lines.get(node.id) ?? [] }));
  };
  return twins({ base: standing(sides.base), mine: standing(sides.mine), theirs: standing(sides.theirs) });
}

function strategyTwins({ base, mine, theirs }: Sides<StrategyDoc>): Names {
  const keyed = ({ strategies }: StrategyDoc) => strategies.map((inner) => ({ id: inner.key, inner }));
  return twins({ base: keyed(base), mine: keyed(mine), theirs: keyed(theirs) });
}

function renamedEdges(edges: readonly StrategyEdge[], names: Names): StrategyEdge[] {
  if (names.size === 0) return [...edges];
  return edges.map((edge) => {
    const [node, to] = [names.get(edge.from.node), names.get(edge.to)];
    return node === undefined && to === undefined
      ? edge
      : { ...edge, from: { ...edge.from, node: node ?? edge.from.node }, to: to ?? edge.to };
  });
}

function renamedMembers<TValue>(members: { readonly [id: string]: TValue }, names: Names): { [id: string]: TValue } {
  return Object.fromEntries(Object.entries(members).map(([id, value]) => [names.get(id) ?? id, value]));
}

type Renaming = { readonly names: Names; readonly contents: Names; readonly keys: Names };

function renamedStep(node: StrategyNode, { names, contents, keys }: Renaming): StrategyNode {
  const id = names.get(node.id) ?? node.id;
  const data = contents.size === 0 && keys.size === 0 ? node.data : renamedData(node, { contents, keys });
  return id === node.id && data === node.data ? node : { ...node, id, data };
}

/** Texts are called by their ids wherever a step names one; strategies inside by the field that says which is used. */
function renamedData(node: StrategyNode, { contents, keys }: Omit<Renaming, "names">): StrategyNode["data"] {
  const inTexts = (value: JsonValue): JsonValue => {
    if (typeof value === "string") return contents.get(value) ?? value;
    if (Array.isArray(value)) return (value as readonly JsonValue[]).map(inTexts);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inTexts(inner)]));
  };
  const data = contents.size === 0 ? node.data : (inTexts(node.data as JsonValue) as StrategyNode["data"]);
  const uses = definitionOf(node.type)?.form.filter(({ widget }) => widget === "sub-strategy") ?? [];
  const used = uses.flatMap(({ path }) => {
    const use = data[path] as { readonly strategy?: string } | undefined;
    const key = keys.get(use?.strategy ?? "");
    return key === undefined ? [] : [[path, { ...use, strategy: key }] as const];
  });
  return { ...data, ...Object.fromEntries(used) };
}

type Test = StrategyDoc["tests"][number];

/** What a test expects, with the steps as they are called now: `<step>.<way on>`, and the step it ends at. */
function renamedTest(test: Test, names: Names): Test {
  const { path, at, ...rest } = test.expect;
  const way = (told: string): string => {
    const dot = told.indexOf(".");
    const [step, handle] = dot === -1 ? [told, ""] : [told.slice(0, dot), told.slice(dot)];
    return `${names.get(step) ?? step}${handle}`;
  };
  return {
    ...test,
    expect: {
      ...rest,
      ...(path === undefined ? {} : { path: path.map(way) }),
      ...(at === undefined ? {} : { at: names.get(at) ?? at }),
    },
  };
}
