import {
  canonicalJson,
  type FormField,
  type JsonValue,
  type StrategyDoc,
  type StrategyNode,
  type ValueSpec,
} from "#engine";
import { valueAt, withValueAt } from "./data-path";
import { innerDoc } from "./inner-doc";
import type { Operation } from "./operation";
import { rewired } from "./rewire";
import { viewOf } from "./step-view";

/** An exit of a strategy inside, as the steps that use it know it: a way on of theirs. */
export type UsedExit = { readonly id: string; readonly name?: NonNullable<StrategyNode["name"]> };

/** What a step says about the strategy it uses: which, what goes in, what comes out, and by which exits it is left. */
export type StrategyUse = {
  readonly strategy: string;
  readonly inputs: { readonly [inner: string]: ValueSpec };
  readonly outputs: { readonly [inner: string]: string };
  readonly exits: readonly UsedExit[];
};

export const NO_USE: StrategyUse = { strategy: "", inputs: {}, outputs: {}, exits: [] };

/** A step that uses a strategy, where it stands, and how. */
export type StepUse = {
  readonly kind: "step";
  readonly strategy: string | null;
  readonly node: StrategyNode;
  readonly field: FormField;
  readonly use: StrategyUse;
};

/** Uses of strategies a step makes, by the fields of its form. Members that a draft does not have yet are empty. */
export function usesIn(node: StrategyNode): readonly { readonly field: FormField; readonly use: StrategyUse }[] {
  const form = viewOf(node).definition?.form ?? [];
  return form.flatMap((field) => {
    if (field.widget !== "sub-strategy") return [];
    return [{ field, use: strategyUseOf(valueAt(node.data, field.path)) }];
  });
}

/** A field's value as a use of a strategy. The step's schema has parsed it; what is absent is empty. */
export function strategyUseOf(value: JsonValue | undefined): StrategyUse {
  const members = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  return { ...NO_USE, ...(members as Partial<StrategyUse>) };
}

/** Every step that uses a strategy, at the top and inside others. */
export function usesOf(doc: StrategyDoc, key: string): readonly StepUse[] {
  const inRoom = (nodes: readonly StrategyNode[], strategy: string | null): readonly StepUse[] =>
    nodes.flatMap((node) =>
      usesIn(node)
        .filter(({ use }) => use.strategy === key)
        .map(({ field, use }) => ({ kind: "step", strategy, node, field, use })),
    );
  return [...inRoom(doc.nodes, null), ...doc.strategies.flatMap((inner) => inRoom(inner.nodes, inner.key))];
}

/** The document with the steps that use a strategy calling its variables by their new names. */
export function renamedInUses(doc: StrategyDoc, key: string, rename: (name: string) => string): StrategyDoc {
  const keys = <TValue>(record: { readonly [name: string]: TValue }) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [rename(name), value]));
  const inNode = (node: StrategyNode): StrategyNode =>
    usesIn(node)
      .filter(({ use }) => use.strategy === key)
      .reduce((current, { field, use }) => {
        const next = { ...use, inputs: keys(use.inputs), outputs: keys(use.outputs) };
        return withData(current, withValueAt(current.data, field.path, next as unknown as JsonValue));
      }, node);
  return {
    ...doc,
    nodes: doc.nodes.map(inNode),
    strategies: doc.strategies.map((strategy) => ({ ...strategy, nodes: strategy.nodes.map(inNode) })),
  };
}

function withData(node: StrategyNode, data: StrategyNode["data"]): StrategyNode {
  return { ...node, data };
}

/** The exits a strategy has, in the order they are drawn. */
export function exitsOf(doc: StrategyDoc, key: string): readonly UsedExit[] {
  const strategy = doc.strategies.find((candidate) => candidate.key === key);
  const exits = strategy?.nodes.filter((node) => viewOf(node).definition?.group === "exit") ?? [];
  return exits.map(({ id, name }) => (name === undefined ? { id } : { id, name }));
}

/**
 * What must follow a change, so that steps which use strategies have exactly the ways on that the strategies have exits: new exits
 * become free ways on, those of exits that are gone go with their edges. Edges of exits that stay are never touched.
 */
export function exitsFollowed(doc: StrategyDoc): readonly Operation[] {
  if (doc.strategies.length === 0) return [];
  const inRoom = (room: StrategyDoc): readonly Operation[] =>
    room.nodes.flatMap((node) => stepFollowed(doc, room, node));
  const inside = doc.strategies.flatMap(({ key }) => {
    const inner = innerDoc(doc, key);
    return inner === null
      ? []
      : inRoom(inner).map((operation): Operation => ({ kind: "in-strategy", strategy: key, operation }));
  });
  return [...inRoom(doc), ...inside];
}

function stepFollowed(whole: StrategyDoc, room: StrategyDoc, node: StrategyNode) {
  const stale = usesIn(node).filter(({ use }) => {
    const known = whole.strategies.some(({ key }) => key === use.strategy);
    return known && canonicalJson(use.exits) !== canonicalJson(exitsOf(whole, use.strategy));
  });
  if (stale.length === 0) return [];
  const data = stale.reduce(
    (current, { field, use }) =>
      withValueAt(current, field.path, { ...use, exits: exitsOf(whole, use.strategy) } as unknown as JsonValue),
    node.data,
  );
  const after = { ...node, data };
  // More exits than the step takes: it keeps what it has, and the problem is said at the step.
  if (viewOf(after).data === null) return [];
  return [{ kind: "set-node" as const, node: after }, ...rewired(room, viewOf(node), viewOf(after))];
}
