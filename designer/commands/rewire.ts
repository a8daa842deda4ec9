import type { StrategyDoc } from "#engine";
import type { Operation } from "./operation";
import { mainHandle, type StepView } from "./step-view";

/**
 * Edges of a step whose ways on have changed: the main way keeps its edge under its new name, edges of ways that are gone
 * go with them. Without this, switching "wait for delivery" off would leave edges that lead from nowhere. A way on that was there
 * before inherits nothing: the edge of an answer taken away must not become that of another answer.
 */
export function rewired(doc: Pick<StrategyDoc, "edges">, before: StepView, after: StepView): readonly Operation[] {
  if (after.data === null) return [];
  const alive = new Set(after.handles.map((handle) => handle.id));
  const oldMain = mainHandle(before)?.id;
  const newMain = mainHandle(after)?.id;
  const own = doc.edges.filter((edge) => edge.from.node === after.node.id);
  const inherits = newMain !== undefined && !before.handles.some((handle) => handle.id === newMain);
  return own.flatMap((edge): readonly Operation[] => {
    if (alive.has(edge.from.handle)) return [];
    if (inherits && edge.from.handle === oldMain) {
      return [{ kind: "set-edge", edge: { ...edge, from: { node: after.node.id, handle: newMain } } }];
    }
    return [{ kind: "remove-edge", edgeId: edge.id }];
  });
}
