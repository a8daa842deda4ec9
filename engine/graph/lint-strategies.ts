import { type Issue, issue } from "../model/issue";
import { EMBEDDING_DEPTH_MAX, PLACED_STEPS_MAX, type SubStrategy } from "../model/strategy";
import { repeatedIds } from "../nodes/fragments";
import type { LintView, LintViews, StepView } from "./lint-view";
import { type Adjacency, loopsOf, wayRound } from "./strongly-connected";

type Inside = { readonly strategy: SubStrategy; readonly view: LintView; readonly index: number };
/** Strategies inside by their key; the first of several with one key counts. */
type Known = ReadonlyMap<string, Inside>;

function knownOf({ whole, inside }: LintViews): Known {
  const known = new Map<string, Inside>();
  whole.doc.strategies.forEach((strategy, index) => {
    const view = inside[index];
    if (view !== undefined && !known.has(strategy.key)) known.set(strategy.key, { strategy, view, index });
  });
  return known;
}

function usesOf(view: LintView, known: Known): readonly Inside[] {
  return view.steps.flatMap(({ uses }) => (uses === null ? [] : (known.get(uses) ?? [])));
}

/** Exits of a strategy inside and ways on of the step that uses it must be the same, both ways. */
function exitIssues(step: StepView, { strategy, view }: Inside, prefix: string): readonly Issue[] {
  const exits = view.steps.filter((inner) => inner.step?.definition.group === "exit").map(({ node }) => node.id);
  const ways = step.handles.map(({ id }) => id);
  const place = { path: `${prefix}${step.path}.data`, ...(prefix === "" ? { nodeId: step.node.id } : {}) };
  const missing = exits.filter((id) => !ways.includes(id));
  // Steps inside that cannot be read may be exits: a way on is not called wrong because of them.
  const readable = view.steps.every((inner) => inner.step !== null);
  const surplus = readable ? ways.filter((id) => !exits.includes(id)) : [];
  return [
    ...missing.map((exit) => issue("graph.exit-without-way", place, { strategy: strategy.key, exit })),
    ...surplus.map((exit) => issue("graph.way-without-exit", place, { strategy: strategy.key, exit })),
  ];
}

function usageIssues({ whole, inside }: LintViews, known: Known): readonly Issue[] {
  const places = [
    { view: whole, prefix: "" },
    ...inside.map((view, index) => ({ view, prefix: `strategies[${index}].` })),
  ];
  return places.flatMap(({ view, prefix }) =>
    view.steps.flatMap((step) => {
      const used = step.uses === null ? undefined : known.get(step.uses);
      return used === undefined ? [] : exitIssues(step, used, prefix);
    }),
  );
}

/** Strategies that use each other in a circle would have to be compiled without end. */
function circleIssues(known: Known): readonly Issue[] {
  const all = [...known.values()];
  const indexOf = new Map(all.map(({ strategy }, index) => [strategy.key, index]));
  const adjacency: Adjacency = all.map(({ view }) =>
    usesOf(view, known).flatMap(({ strategy }) => indexOf.get(strategy.key) ?? []),
  );
  return loopsOf(adjacency).flatMap((component) => {
    const [first] = component;
    const inside = first === undefined ? undefined : all[first];
    if (first === undefined || inside === undefined) return [];
    const way = wayRound(adjacency, component, first).map((index) => all[index]?.strategy.key ?? "");
    const place = { path: `strategies[${inside.index}].key` };
    return [issue("graph.strategy-circle", place, { strategies: way.join(" → ") })];
  });
}

/** What a strategy inside amounts to once everything it uses stands in its place. */
type Weight = { readonly depth: number; readonly steps: number };

function weightOf(view: LintView, known: Known, weights: Map<string, Weight>): Weight {
  let depth = 0;
  let steps = view.steps.length;
  for (const { strategy, view: used } of usesOf(view, known)) {
    const weight = weights.get(strategy.key) ?? weightOf(used, known, weights);
    weights.set(strategy.key, weight);
    depth = Math.max(depth, weight.depth);
    steps += weight.steps;
  }
  return { depth: depth + 1, steps: Math.min(steps, Number.MAX_SAFE_INTEGER) };
}

/** Only asked where nothing goes in a circle. */
function sizeIssues({ whole }: LintViews, known: Known): readonly Issue[] {
  const { depth, steps } = weightOf(whole, known, new Map());
  const found: Issue[] = [];
  if (depth > EMBEDDING_DEPTH_MAX) {
    found.push(issue("graph.strategies-too-deep", { path: "strategies" }, { depth, limit: EMBEDDING_DEPTH_MAX }));
  }
  if (steps > PLACED_STEPS_MAX) {
    found.push(issue("graph.strategies-too-large", { path: "strategies" }, { steps, limit: PLACED_STEPS_MAX }));
  }
  return found;
}

function unusedIssues({ whole }: LintViews, known: Known): readonly Issue[] {
  const used = new Set(usesOf(whole, known));
  for (const inside of used) for (const further of usesOf(inside.view, known)) used.add(further);
  return [...known.values()]
    .filter((inside) => !used.has(inside))
    .map(({ strategy, index }) =>
      issue(
        "graph.strategy-unused",
        { path: `strategies[${index}].key`, severity: "warning" },
        { strategy: strategy.key },
      ),
    );
}

/** How the strategies inside a document are used: by keys that are theirs alone, with matching exits, in no circle, within bounds. */
export function lintStrategies(views: LintViews): readonly Issue[] {
  const known = knownOf(views);
  const keys = views.whole.doc.strategies.map(({ key }) => ({ id: key }));
  const circles = circleIssues(known);
  return [
    ...repeatedIds(keys).map(({ id, index }) =>
      issue("graph.duplicate-strategy-key", { path: `strategies[${index}].key` }, { strategy: id }),
    ),
    ...usageIssues(views, known),
    ...circles,
    ...(circles.length === 0 ? sizeIssues(views, known) : []),
    ...unusedIssues(views, known),
  ];
}
