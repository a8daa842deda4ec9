import { strategyCatalogue } from "../condition/catalogue";
import type { Content } from "../model/content";
import type { FieldCatalogue } from "../model/facts";
import type { MarketPack } from "../model/market-pack";
import { innerStepId } from "../model/program";
import type { StrategyDoc, StrategyNode, StrategySettings, SubStrategy } from "../model/strategy";
import { definitionOf } from "../nodes";
import type { AnyNodeDefinition, CompiledStep, Handle } from "../nodes/define";

/** A way on as the author drew it, and the ways of the Program's steps that it stands for. */
export type DrawnWay = {
  /** The drawn step; `outer/inner` for one of a strategy used as a step. */
  readonly step: string;
  readonly handle: string;
  /** `<step>.<handle>` of the Program: taking any of them is taking this way. */
  readonly taken: readonly string[];
  readonly node: StrategyNode;
  readonly definition: AnyNodeDefinition;
  readonly shown: Handle;
};

type Drawing = {
  readonly nodes: readonly StrategyNode[];
  readonly settings: StrategySettings;
  readonly fields: FieldCatalogue;
  readonly contents: { readonly [id: string]: Content };
  readonly lexicons: readonly string[];
  readonly strategies: { readonly [key: string]: SubStrategy };
  readonly idOf: (node: string) => string;
};

/** Every way on of every drawn step, those of strategies used as steps included. For documents that compile: no deeper than that allows. */
export function drawnWays(doc: StrategyDoc, pack: MarketPack): readonly DrawnWay[] {
  const provided = doc.nodes.flatMap((node) => {
    const read = readNode(node);
    return read === null ? [] : (read.definition.provides?.(read.data) ?? []);
  });
  return waysOf({
    nodes: doc.nodes,
    settings: doc.settings,
    fields: strategyCatalogue(pack.fields, doc.settings, provided),
    contents: { ...pack.contents, ...Object.fromEntries(doc.contents.map((content) => [content.id, content])) },
    lexicons: Object.keys(pack.lexicons).sort(),
    strategies: Object.fromEntries(doc.strategies.map((strategy) => [strategy.key, strategy])),
    idOf: (node) => node,
  });
}

function readNode(node: StrategyNode) {
  const definition = definitionOf(node.type);
  const data = definition?.schema.safeParse(node.data);
  return definition === undefined || data?.success !== true ? null : { definition, data: data.data };
}

function waysOf(drawing: Drawing): readonly DrawnWay[] {
  return drawing.nodes.flatMap((node) => {
    const read = readNode(node);
    if (read === null) return [];
    const { definition, data } = read;
    const ownVariable = (name: string): string => innerStepId(node.id, name);
    const compiled = definition.compile(data, { ...drawing, nodeId: node.id, addRuleSet: () => "rules", ownVariable });
    const id = drawing.idOf(node.id);
    const own = definition.handles(data).map((shown) => ({
      step: id,
      handle: shown.id,
      taken: takenBy(compiled, id, shown.id),
      node,
      definition,
      shown,
    }));
    return compiled.kind === "embedded" ? [...own, ...innerWays(compiled.strategy, id, drawing)] : own;
  });
}

/** What the Program's steps take when the author's way on is taken. */
function takenBy(compiled: CompiledStep, id: string, handle: string): readonly string[] {
  switch (compiled.kind) {
    case "compound":
      return Object.entries(compiled.parts).flatMap(([part, { ways }]) => {
        const partId = part === compiled.first ? id : innerStepId(id, part);
        const out = Object.entries(ways).filter(([, way]) => "handle" in way && way.handle === handle);
        return out.map(([own]) => `${partId}.${own}`);
      });
    case "embedded":
      // An exit inside goes on by the handle of the same id, as a step with one way on.
      return [`${innerStepId(id, handle)}.next`];
    default:
      return [`${id}.${handle}`];
  }
}

function innerWays(key: string, id: string, drawing: Drawing): readonly DrawnWay[] {
  const strategy = Object.hasOwn(drawing.strategies, key) ? drawing.strategies[key] : undefined;
  if (strategy === undefined) return [];
  const settings = { ...drawing.settings, variables: strategy.variables };
  return waysOf({
    ...drawing,
    nodes: strategy.nodes,
    settings,
    fields: strategyCatalogue(drawing.fields, settings),
    idOf: (node) => innerStepId(id, node),
  });
}

/** Answers each drawn step's type says the world may give, by step of the Program; parts of a step have those of the step. */
export function answersByStep(ways: readonly DrawnWay[]): (step: string) => readonly string[] {
  const nodes = new Map(ways.map((way) => [way.step, way]));
  const remembered = new Map<string, readonly string[]>();
  const answersOf = (step: string): readonly string[] => {
    const way = nodes.get(step);
    const read = way === undefined ? null : readNode(way.node);
    if (read !== null) {
      const answers = read.definition.simulate(read.data);
      return answers.flatMap((answer) => ("outcomes" in answer ? answer.outcomes : []));
    }
    const outer = step.lastIndexOf("/");
    return outer < 0 ? [] : answersOf(step.slice(0, outer));
  };
  return (step) => {
    const known = remembered.get(step) ?? answersOf(step);
    remembered.set(step, known);
    return known;
  };
}
