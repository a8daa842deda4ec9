import { type Issue, issue } from "../model/issue";
import type { StrategyEdge } from "../model/strategy";
import { repeatedIds } from "../nodes/fragments";
import type { LintView, StepView } from "./lint-view";

type Place = { readonly edge: StrategyEdge; readonly path: string };

function endIssues(view: LintView, { edge, path }: Place): readonly Issue[] {
  const found: Issue[] = [];
  const from = view.byId.get(edge.from.node);
  const to = view.byId.get(edge.to);
  if (from === undefined) {
    const params = { edge: edge.id, step: edge.from.node };
    found.push(issue("graph.edge-from-nowhere", { path: `${path}.from.node`, nodeId: to?.node.id }, params));
  }
  if (to === undefined) {
    const place = { path: `${path}.to`, nodeId: from?.node.id };
    found.push(issue("graph.edge-to-nowhere", place, { edge: edge.id, step: edge.to }));
  } else if (to.step?.definition.group === "entry") {
    found.push(issue("graph.edge-into-entry", { path: `${path}.to`, nodeId: edge.to }, { edge: edge.id }));
  }
  return found;
}

function handleIssues(from: StepView, { edge, path }: Place, wired: Set<string>): readonly Issue[] {
  const { handle } = edge.from;
  const place = { path: `${path}.from.handle`, nodeId: from.node.id };
  const params = { edge: edge.id, handle, stepType: from.node.type };
  // Ways on of a step that does not parse are unknown, so none of them can be called wrong.
  if (from.step !== null && !from.handles.some((known) => known.id === handle)) {
    return [issue("graph.unknown-handle", place, params)];
  }
  const key = `${from.node.id} ${handle}`;
  if (wired.has(key)) return [issue("graph.handle-wired-twice", place, params)];
  wired.add(key);
  return [];
}

function danglingHandles(view: LintView, wired: ReadonlySet<string>): readonly Issue[] {
  return [...view.byId.values()].flatMap(({ node, path, handles }) =>
    handles
      .filter((handle) => handle.required && !wired.has(`${node.id} ${handle.id}`))
      .map((handle) =>
        issue("graph.dangling-handle", { path, nodeId: node.id }, { handle: handle.id, stepType: node.type }),
      ),
  );
}

/** Names that every object inherits cannot be ids: they are looked up as member names. */
function reservedHandles(view: LintView): readonly Issue[] {
  return view.steps.flatMap(({ node, path, handles }) =>
    handles
      .filter((handle) => handle.id in Object.prototype)
      .map((handle) => issue("graph.reserved-handle", { path, nodeId: node.id }, { handle: handle.id })),
  );
}

/** Edges and the handles they leave from: ends that exist, one edge per handle, none forgotten. */
export function lintWiring(view: LintView): readonly Issue[] {
  const { edges } = view.doc;
  const wired = new Set<string>();
  const found: Issue[] = [
    ...repeatedIds(edges).map(({ id, index }) =>
      issue("graph.duplicate-edge-id", { path: `edges[${index}].id` }, { id }),
    ),
  ];
  edges.forEach((edge, index) => {
    const place = { edge, path: `edges[${index}]` };
    found.push(...endIssues(view, place));
    const from = view.byId.get(edge.from.node);
    if (from !== undefined) found.push(...handleIssues(from, place, wired));
  });
  return [...found, ...danglingHandles(view, wired), ...reservedHandles(view)];
}
