import { InvariantError } from "../model/invariant";
import type { Issue } from "../model/issue";
import type { MarketPack } from "../model/market-pack";
import type { StrategyDoc, StrategyNode } from "../model/strategy";
import type { Handle, NodeContext, Stimulus } from "../nodes/define";
import { contextOf, type LintContext, type LintMemory, lintMemory, type StepKey, stepKey } from "./lint-memory";
import { type Pace, paceOf, pacesOfStrategies } from "./pace";
import { type Step, stepOf } from "./step-data";

/** A step by itself, as it was read. */
type ReadStep = {
  readonly node: StrategyNode;
  /** Null: unknown type, or data that does not parse; its ways on are then unknown too. */
  readonly step: Step | null;
  readonly handles: readonly Handle[];
  readonly answers: readonly Stimulus[];
  /** Key of the strategy inside the document that the step uses; null = it uses none. */
  readonly uses: string | null;
};

/** One drawn step with what lint asks of it again and again. */
export type StepView = ReadStep & {
  readonly index: number;
  readonly path: string;
  /** How fast an account may pass it. */
  readonly pace: Pace;
  /** The same object as in the lint before, if nothing changed that its problems by itself hang on. */
  readonly key: StepKey;
};

/**
 * A document as lint looks at it: every step parsed once, steps by id (the first of several with one id counts). A strategy inside
 * is looked at as a document of its own, with its own steps and variables and everything else of the whole one.
 */
export type LintView = LintContext & {
  readonly doc: StrategyDoc;
  readonly steps: readonly StepView[];
  readonly byId: ReadonlyMap<string, StepView>;
};

/** The whole strategy, and those inside it in the order of the document. */
export type LintViews = { readonly whole: LintView; readonly inside: readonly LintView[] };

/** What one lint tells the next about the steps of its document. */
export type Memory = LintMemory<ReadStep>;

export function lintViews(doc: StrategyDoc, pack: MarketPack, memory: Memory = lintMemory()): LintViews {
  const read = readSteps(doc.nodes, memory);
  const readInside = doc.strategies.map((strategy) => readSteps(strategy.nodes, memory));
  const paces = pacesOfStrategies(doc.strategies, readInside);
  const steps = [...read, ...readInside.flat()];
  const provided = steps.flatMap(({ step }) => (step === null ? [] : (step.definition.provides?.(step.data) ?? [])));
  const view = (seen: StrategyDoc, readHere: readonly ReadStep[], context: LintContext): LintView => {
    const views = readHere.map((step, index): StepView => {
      const strategies = step.uses === null ? null : doc.strategies;
      const key = stepKey(memory, step.node, { context, strategies });
      return { ...step, index, path: `nodes[${index}]`, pace: paceOf(step, paces), key };
    });
    const byId = new Map<string, StepView>();
    for (const step of views) if (!byId.has(step.node.id)) byId.set(step.node.id, step);
    return { ...context, doc: seen, steps: views, byId };
  };
  return {
    whole: view(doc, read, contextOf(memory, { doc, pack, provided, place: null })),
    inside: doc.strategies.map((strategy, index) => {
      const context = contextOf(memory, { doc, pack, provided, place: { strategy, index } });
      const { entry, nodes, edges } = strategy;
      const seen = { ...doc, settings: context.settings, entry, nodes, edges, frames: [] };
      return view(seen, readInside[index] ?? [], context);
    }),
  };
}

function readSteps(nodes: readonly StrategyNode[], { reads }: Memory): readonly ReadStep[] {
  return nodes.map((node) => {
    const known = reads.get(node);
    if (known !== undefined) return known;
    const read = readStep(node);
    reads.set(node, read);
    return read;
  });
}

function readStep(node: StrategyNode): ReadStep {
  const step = stepOf(node);
  return {
    node,
    step,
    handles: step === null ? [] : step.definition.handles(step.data),
    answers: step === null ? [] : step.definition.simulate(step.data),
    uses: step?.definition.embeds?.(step.data) ?? null,
  };
}

/**
 * Finds something out about a step once for as long as its key stays: from the step itself, its context and, where it uses a
 * strategy inside, those. Not from its place, its lines or its neighbours.
 */
export function perStep<TFound>(
  find: (view: LintView, step: StepView) => TFound,
): (view: LintView, step: StepView) => TFound {
  const found = new WeakMap<StepKey, { readonly value: TFound }>();
  return (view, step) => {
    const known = found.get(step.key);
    if (known !== undefined) return known.value;
    const value = find(view, step);
    found.set(step.key, { value });
    return value;
  };
}

/** The same for problems: a step that moved up or down in the document takes them along. */
export function issuesPerStep(find: (view: LintView, step: StepView) => readonly Issue[]) {
  const ask = perStep((view, step) => ({ path: step.path, issues: find(view, step) }));
  return (view: LintView, step: StepView): readonly Issue[] => {
    const { path, issues } = ask(view, step);
    if (path === step.path) return issues;
    return issues.map((found) => ({ ...found, path: `${step.path}${found.path.slice(path.length)}` }));
  };
}

/** What a step type may look at while it is linted. */
export function lintContext(view: LintView, nodeId: string): NodeContext {
  return {
    nodeId,
    settings: view.doc.settings,
    fields: view.fields,
    strategies: Object.fromEntries(view.doc.strategies.map((strategy) => [strategy.key, strategy])),
    contents: view.contents,
    lexicons: Object.keys(view.pack.lexicons),
    ...(view.pack.calendar === undefined ? {} : { calendar: view.pack.calendar }),
    addRuleSet: () => {
      throw new InvariantError("lint.compiles-nothing", { nodeId });
    },
    ownVariable: () => {
      throw new InvariantError("lint.compiles-nothing", { nodeId });
    },
  };
}
