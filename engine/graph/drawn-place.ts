import { innerStepId } from "../model/program";
import type { StrategyDoc, StrategyNode } from "../model/strategy";
import type { Stimulus } from "../nodes/define";
import { stepOf } from "./step-data";

/** A step of the Program where it is drawn: the node, and the strategy inside the document it stands in. */
export type DrawnPlace = {
  readonly node: StrategyNode;
  /** Key of the strategy it stands in, or null: the document's own. */
  readonly within: string | null;
  /** The steps that use those strategies, from the outside in. */
  readonly around: readonly StrategyNode[];
};

const SEPARATOR = innerStepId("", "");

/** Where a step of the Program is drawn; a part of a step is drawn as that step. Null when the document does not hold it. */
export function drawnPlace(doc: StrategyDoc, stepId: string): DrawnPlace | null {
  let nodes: readonly StrategyNode[] = doc.nodes;
  let within: string | null = null;
  const around: StrategyNode[] = [];
  let found: StrategyNode | undefined;
  for (const id of stepId.split(SEPARATOR)) {
    const node = nodes.find((known) => known.id === id);
    if (node === undefined) break;
    if (found !== undefined) around.push(found);
    within = found === undefined ? null : embeddedIn(found);
    found = node;
    const inside = embeddedIn(node);
    nodes = doc.strategies.find(({ key }) => key === inside)?.nodes ?? [];
  }
  return found === undefined ? null : { node: found, within, around };
}

function embeddedIn(node: StrategyNode): string | null {
  const step = stepOf(node);
  return step === null ? null : (step.definition.embeds?.(step.data) ?? null);
}

/** Every answer the world may give while an account stands at a step of the Program. */
export function answersAt(doc: StrategyDoc, stepId: string): readonly Stimulus[] {
  const place = drawnPlace(doc, stepId);
  const step = place === null ? null : stepOf(place.node);
  return step === null ? [] : step.definition.simulate(step.data);
}
