import { parseStepData } from "../../../graph/step-data";
import { innerStepId } from "../../../model/program";
import type { StrategyDoc, StrategyNode } from "../../../model/strategy";
import { definitionOf } from "../../../nodes";
import type { Handle, NodeContext } from "../../../nodes/define";
import { worldsOf } from "./world";

/** Which step of a Program begins a drawn step, and which of its ways on lead out of one. */
export type Ways = {
  /** Step of the Program -> type of the drawn step an account enters there. */
  readonly types: Map<string, string>;
  /** `<step of the Program> <handle>` -> `<type> <kind of the drawn handle>`. */
  readonly handles: Map<string, string>;
};

/** Names a handle's kind: what the type calls it, or that the author named it. */
function kindOf(type: string, { id, label }: Handle): string {
  return `${type} ${"key" in label ? id : "own"}`;
}

const COMPILING: NodeContext = {
  ...worldsOf({ arms: false, uses: true }).whole.context,
  addRuleSet: () => "rules",
  ownVariable: (name) => name,
};

type Room = { readonly doc: StrategyDoc; readonly prefix: string; readonly ways: Ways };

function addNode(node: StrategyNode, { doc, prefix, ways }: Room): void {
  const definition = definitionOf(node.type);
  const data = definition === undefined ? null : parseStepData(definition, node.data);
  if (definition === undefined || data?.ok !== true) return;
  const id = prefix === "" ? node.id : innerStepId(prefix, node.id);
  ways.types.set(id, node.type);
  const kinds = new Map(definition.handles(data.value).map((handle) => [handle.id, kindOf(node.type, handle)]));
  const compiled = definition.compile(data.value, COMPILING);
  const out = (step: string, by: string, handle: string): void => {
    const kind = kinds.get(handle);
    if (kind !== undefined) ways.handles.set(`${step} ${by}`, kind);
  };
  switch (compiled.kind) {
    case "compound":
      for (const [part, { ways: partWays }] of Object.entries(compiled.parts)) {
        const partId = part === compiled.first ? id : innerStepId(id, part);
        for (const [by, way] of Object.entries(partWays)) if ("handle" in way) out(partId, by, way.handle);
      }
      break;
    case "embedded":
      for (const handle of kinds.keys()) out(innerStepId(id, handle), "next", handle);
      for (const inside of doc.strategies.filter(({ key }) => key === compiled.strategy)) {
        addNodes(inside.nodes, { doc, prefix: id, ways });
      }
      break;
    default:
      for (const handle of kinds.keys()) out(id, handle, handle);
  }
}

function addNodes(nodes: readonly StrategyNode[], room: Room): void {
  for (const node of nodes) addNode(node, room);
}

/** Every drawn step of the document in its places in the Program, and the ways on out of it. */
export function waysOf(doc: StrategyDoc): Ways {
  const ways: Ways = { types: new Map(), handles: new Map() };
  addNodes(doc.nodes, { doc, prefix: "", ways });
  return ways;
}
