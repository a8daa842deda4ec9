import {
  type AnyNodeDefinition,
  definitionOf,
  type Handle,
  type LocalText,
  type StrategyDoc,
  type StrategyNode,
} from "#engine";

type StepData = ReturnType<AnyNodeDefinition["initial"]>;

/** A drawn step together with what its type says of it. `data` is null when it does not parse: an error card. */
export type StepView = {
  readonly node: StrategyNode;
  readonly definition: AnyNodeDefinition | undefined;
  readonly data: StepData | null;
  readonly handles: readonly Handle[];
};

/** Steps are never changed in place, so what was read of one stays true for as long as it exists. */
const known = new WeakMap<StrategyNode, StepView>();

export function viewOf(node: StrategyNode): StepView {
  const before = known.get(node);
  if (before !== undefined) return before;
  const definition = definitionOf(node.type);
  const parsed = definition?.version === node.version ? definition.schema.safeParse(node.data) : undefined;
  const data = parsed?.success === true ? parsed.data : null;
  const handles = definition === undefined || data === null ? [] : definition.handles(data);
  const view = { node, definition, data, handles };
  known.set(node, view);
  return view;
}

export function nodeById(doc: Pick<StrategyDoc, "nodes">, nodeId: string): StrategyNode | undefined {
  return doc.nodes.find((node) => node.id === nodeId);
}

/** Whether an edge may lead into a step. Accounts come in at an entry and nowhere else. */
export function takesEdges(node: StrategyNode): boolean {
  return viewOf(node).definition?.group !== "entry";
}

/** The usual way on of a step: its first main handle. */
export function mainHandle(view: StepView): Handle | undefined {
  return view.handles.find((handle) => handle.role === "main");
}

/** What a step is called, in every language it has a name in: the author's name, else that of its type. */
export function stepTitle(node: StrategyNode): LocalText {
  const texts = definitionOf(node.type)?.texts;
  if (node.name !== undefined) return node.name;
  return texts === undefined ? { en: node.type } : { "zh-CN": texts["zh-CN"].title, en: texts.en.title };
}
