import { type Issue, issue } from "../model/issue";
import { definitionOf } from "../nodes";
import { repeatedIds } from "../nodes/fragments";
import { issuesPerStep, type LintView, lintContext, type StepView } from "./lint-view";
import { parseStepData } from "./step-data";

/** Why a step could not be parsed: its type, its version or its data. */
function unreadable({ node, path }: StepView): readonly Issue[] {
  const definition = definitionOf(node.type);
  const nodeId = node.id;
  if (definition === undefined) {
    return [issue("graph.unknown-step-type", { path: `${path}.type`, nodeId }, { stepType: node.type })];
  }
  const place = { path: `${path}.version`, nodeId };
  const params = { stepType: node.type, version: node.version, supported: definition.version };
  if (node.version > definition.version) return [issue("graph.newer-step-version", place, params)];
  if (node.version < definition.version) return [issue("graph.older-step-version", place, params)];
  const data = parseStepData(definition, node.data);
  return data.ok ? [] : data.error.map((found) => ({ ...found, path: `${path}.${found.path}`, nodeId }));
}

const ownIssues = issuesPerStep((view, stepView) => {
  const { step, node, path } = stepView;
  if (step === null) return unreadable(stepView);
  return step.definition.lint(step.data, lintContext(view, node.id)).map((found) => ({
    ...found,
    path: found.path === "" ? `${path}.data` : `${path}.data.${found.path}`,
    nodeId: node.id,
  }));
});

/** Everything a step can be asked by itself: is it known, does its data parse, what does its own type say. */
export function lintSteps(view: LintView): readonly Issue[] {
  const repeated = repeatedIds(view.doc.nodes).map(({ id, index }) =>
    issue("graph.duplicate-step-id", { path: `nodes[${index}].id`, nodeId: id }, { id }),
  );
  return [...repeated, ...view.steps.flatMap((stepView) => ownIssues(view, stepView))];
}
