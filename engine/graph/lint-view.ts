import { settingsInside, strategyCatalogue } from "../condition/catalogue";
import type { Content } from "../model/content";
import type { FieldCatalogue } from "../model/facts";
import { InvariantError } from "../model/invariant";
import type { MarketPack } from "../model/market-pack";
import type { StrategyDoc, StrategyNode, SubStrategy } from "../model/strategy";
import type { Handle, NodeContext, Stimulus } from "../nodes/define";
import { type Pace, paceOf, pacesOfStrategies } from "./pace";
import { type Step, stepOf } from "./step-data";

/** One drawn step with what lint asks of it again and again. */
export type StepView = {
  readonly node: StrategyNode;
  readonly index: number;
  readonly path: string;
  /** Null: unknown type, or data that does not parse; its ways on are then unknown too. */
  readonly step: Step | null;
  readonly handles: readonly Handle[];
  readonly answers: readonly Stimulus[];
  /** Key of the strategy inside the document that the step uses; null = it uses none. */
  readonly uses: string | null;
  /** How fast an account may pass it. */
  readonly pace: Pace;
};

/**
 * A document as lint looks at it: every step parsed once, steps by id (the first of several with one id counts). A strategy inside
 * is looked at as a document of its own, with its own steps and variables and everything else of the whole one.
 */
export type LintView = {
  readonly doc: StrategyDoc;
  readonly pack: MarketPack;
  readonly steps: readonly StepView[];
  readonly byId: ReadonlyMap<string, StepView>;
  /** Texts of the market, and over them those the strategy carries. */
  readonly contents: { readonly [id: string]: Content };
  /** Everything conditions may ask here: fields of market and lender, variables, arms of the strategy's experiments. */
  readonly fields: FieldCatalogue;
};

/** The whole strategy, and those inside it in the order of the document. */
export type LintViews = { readonly whole: LintView; readonly inside: readonly LintView[] };

export function lintViews(doc: StrategyDoc, pack: MarketPack): LintViews {
  const read = readSteps(doc.nodes);
  const readInside = doc.strategies.map((strategy) => readSteps(strategy.nodes));
  const paces = pacesOfStrategies(doc.strategies, readInside);
  const steps = [...read, ...readInside.flat()];
  const provided = steps.flatMap(({ step }) => (step === null ? [] : (step.definition.provides?.(step.data) ?? [])));
  const own = Object.fromEntries(doc.contents.map((content) => [content.id, content]));
  const contents = { ...pack.contents, ...own };
  const view = (seen: StrategyDoc, readHere: readonly ReadStep[]): LintView => {
    const views = readHere.map((step): StepView => ({ ...step, pace: paceOf(step, paces) }));
    const byId = new Map<string, StepView>();
    for (const step of views) if (!byId.has(step.node.id)) byId.set(step.node.id, step);
    const fields = strategyCatalogue(pack.fields, seen.settings, provided);
    return { doc: seen, pack, steps: views, byId, contents, fields };
  };
  return {
    whole: view(doc, read),
    inside: doc.strategies.map((strategy, index) => view(documentOf(strategy, doc), readInside[index] ?? [])),
  };
}

type ReadStep = Omit<StepView, "pace">;

function readSteps(nodes: readonly StrategyNode[]): readonly ReadStep[] {
  return nodes.map((node, index) => {
    const step = stepOf(node);
    return {
      node,
      index,
      path: `nodes[${index}]`,
      step,
      handles: step === null ? [] : step.definition.handles(step.data),
      answers: step === null ? [] : step.definition.simulate(step.data),
      uses: step?.definition.embeds?.(step.data) ?? null,
    };
  });
}

/** A strategy inside as a document: what it shares with the whole one, and what is its own. */
function documentOf(strategy: SubStrategy, whole: StrategyDoc): StrategyDoc {
  const { entry, nodes, edges } = strategy;
  return { ...whole, settings: settingsInside(whole.settings, strategy), entry, nodes, edges, frames: [] };
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
