import { strategyCatalogue } from "../condition/catalogue";
import type { Content } from "../model/content";
import type { FieldCatalogue } from "../model/facts";
import { InvariantError } from "../model/invariant";
import type { MarketPack } from "../model/market-pack";
import type { StrategyDoc, StrategyNode } from "../model/strategy";
import type { Handle, NodeContext, Stimulus } from "../nodes/define";
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
};

/** A document as lint looks at it: every step parsed once, steps by id (the first of several with one id counts). */
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

export function lintView(doc: StrategyDoc, pack: MarketPack): LintView {
  const steps = doc.nodes.map((node, index): StepView => {
    const step = stepOf(node);
    return {
      node,
      index,
      path: `nodes[${index}]`,
      step,
      handles: step === null ? [] : step.definition.handles(step.data),
      answers: step === null ? [] : step.definition.simulate(step.data),
    };
  });
  const byId = new Map<string, StepView>();
  for (const view of steps) if (!byId.has(view.node.id)) byId.set(view.node.id, view);
  const own = Object.fromEntries(doc.contents.map((content) => [content.id, content]));
  const provided = steps.flatMap(({ step }) => (step === null ? [] : (step.definition.provides?.(step.data) ?? [])));
  const fields = strategyCatalogue(pack.fields, doc.settings, provided);
  return { doc, pack, steps, byId, contents: { ...pack.contents, ...own }, fields };
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
  };
}
