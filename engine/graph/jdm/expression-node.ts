import type { DecisionTable } from "../../condition/tables/table";
import { type Case, casesOf } from "./cases";
import { afterWriting, type Environment, newVariable, resolverOf, typeOfPath, withoutPath } from "./environment";
import { type Expression, parseExpression } from "./expression";
import { Refusal } from "./refusal";
import type { JdmNodeOf } from "./shape";
import type { Operand } from "./sides";
import {
  attempted,
  drawAssignments,
  drawTable,
  type JdmPlace,
  type Loose,
  type Making,
  type PlainAssignment,
  refuseNode,
} from "./steps";

type ExpressionNode = JdmNodeOf<"expressionNode">;
type Step = { readonly loose: readonly Loose[]; readonly environment: Environment };

/** A node being turned into steps: assignments that wait to be drawn together, and what it has written so far. */
type Drawing = {
  readonly name: string;
  readonly making: Making;
  readonly environment: Environment;
  readonly own: Map<string, Operand>;
  /** Paths whose expressions were refused; those that read them are not refused once more. */
  readonly failed: Set<string>;
  loose: readonly Loose[];
  waiting: PlainAssignment[];
};

/**
 * An expression node as steps that write variables: values that are always the same expression in a step that sets them, values that
 * depend on a condition in a table of their own. Null when it was refused.
 */
export function expressionSteps(
  node: ExpressionNode,
  { place, before }: { readonly place: JdmPlace; readonly before: Step },
  making: Making,
): Step | null {
  const { content } = node;
  const refusedBefore = making.refused.length;
  if (content.executionMode === "loop") refuseNode(making, place, "jdm.loop");
  if (content.inputField?.trim()) refuseNode(making, place, "jdm.input-field");
  if (content.outputPath?.trim()) refuseNode(making, place, "jdm.output-path");
  const drawing: Drawing = {
    name: node.name,
    making,
    environment: before.environment,
    own: new Map(),
    failed: new Set(),
    loose: before.loose,
    waiting: [],
  };
  let after = before.environment;
  content.expressions.forEach(({ key, value }, index) => {
    if (key === "" || value === "") return;
    const at = { ...place, path: `${place.path}.content.expressions[${index}]`, row: index + 1, column: key };
    const done = attempted(making, at, () => {
      const expression = parseExpression(value);
      if (ownPaths(expression).some((path) => drawing.failed.has(path))) return false;
      if (expression.kind === "literal" && expression.value === null) {
        drawing.own.delete(key);
        if (content.passThrough) after = withoutPath(after, key);
      } else write(drawing, key, expression);
      return true;
    });
    if (done !== true) drawing.failed.add(key);
  });
  flush(drawing);
  if (making.refused.length > refusedBefore) return null;
  return attempted(making, place, () => ({
    loose: drawing.loose,
    environment: afterWriting(after, content.passThrough, drawing.own),
  }));
}

/** What an expression reads of its own node's earlier ones. */
function ownPaths(expression: Expression): readonly string[] {
  if (expression.kind === "own") return [expression.path];
  return Object.values(expression).flatMap((part: unknown) => {
    const parts: readonly unknown[] = Array.isArray(part) ? part : [part];
    return parts.flatMap((inner) => (isExpression(inner) ? ownPaths(inner) : []));
  });
}

function isExpression(value: unknown): value is Expression {
  return typeof value === "object" && value !== null && "kind" in value;
}

function write(drawing: Drawing, key: string, expression: Expression): void {
  const { making, environment, own } = drawing;
  const cases = casesOf(expression, resolverOf(environment, making.names, { own }));
  const type = typeOfPath(making.names, key);
  for (const one of cases) if (one.type !== null && one.type !== type) throw new Refusal("jdm.type-conflict", key);
  // A new variable each time: the node's expressions go on reading what the path held before.
  const { variable, ...operand } = newVariable(making.names, key, type);
  const [only] = cases;
  if (cases.length === 1 && only !== undefined) drawing.waiting.push({ variable, value: only.value });
  else {
    flush(drawing);
    const name = `${drawing.name} ${key}`;
    drawing.loose = drawTable(making, { name, table: casesTable(cases, variable) }, drawing.loose);
  }
  own.set(key, operand);
}

function flush(drawing: Drawing): void {
  const { name, waiting: assign, making } = drawing;
  drawing.loose = drawAssignments(making, { name, assign }, drawing.loose);
  drawing.waiting = [];
}

function casesTable(cases: readonly Case[], variable: string): DecisionTable {
  return {
    inputs: [{ id: "when", fact: null, unknown: "ask" }],
    outputs: [{ id: "value", kind: "variable", variable, aggregate: "first" }],
    ways: [],
    rows: cases.map(({ when, value }, index) => ({
      id: `r${index + 1}`,
      cells: typeof when === "boolean" ? {} : { when },
      outputs: { value },
    })),
  };
}
