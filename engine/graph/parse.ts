import { type Issue, issue } from "../model/issue";
import { err, ok, type Result } from "../model/result";
import {
  STRATEGY_LIMITS,
  STRATEGY_SCHEMA_VERSION,
  type StrategyDoc,
  StrategyDocSchema,
  type StrategyNode,
  StrategyNodeSchema,
} from "../model/strategy";
import { definitionOf } from "../nodes";
import { DOCUMENT_MIGRATIONS, migrateDocument } from "./migrate";
import { toPlainJson } from "./plain-json";
import { shapeIssues } from "./shape-issues";
import { sortIssues } from "./sort-issues";
import { migrateStepData, parseStepData } from "./step-data";

/** Where steps stand in a document: among its own (`nodes`), or inside one of its strategies. */
type Steps = { readonly nodes: readonly StrategyNode[]; readonly path: string; readonly inside: boolean };

/**
 * One step with its data brought up to date and checked. A type this build does not know, or data of a newer version of
 * it, is kept untouched: it stays visible as a problem (lint) and is never lost by opening and saving a document.
 */
function parseStep(node: StrategyNode, path: string): Result<StrategyNode, readonly Issue[]> {
  const definition = definitionOf(node.type);
  if (definition === undefined || node.version > definition.version) return ok(node);
  const place = { path: `${path}.version`, nodeId: node.id };
  const migrated = migrateStepData(definition, node.version, node.data);
  if (migrated === null) return err([issue("strategy.unknown-step-version", place, { version: node.version })]);
  const data = parseStepData(definition, migrated);
  if (!data.ok) {
    return err(data.error.map((found) => ({ ...found, path: `${path}.${found.path}`, nodeId: node.id })));
  }
  // A schema's output may name a member undefined; a document is JSON.
  return ok({ ...node, version: definition.version, data: StrategyNodeSchema.shape.data.parse(data.value) });
}

/** Every step of one drawing; what is wrong with them is added to `problems`. */
function parseSteps({ nodes, path, inside }: Steps, problems: Issue[]): StrategyNode[] {
  return nodes.flatMap((node, index) => {
    const at = `${path}[${index}]`;
    // Ids are looked up as member names: one that every object inherits would be found where there is none.
    if (node.id in Object.prototype) {
      problems.push(issue("shape.reserved-name", { path: `${at}.id` }, { name: node.id }));
    }
    const step = parseStep(node, at);
    if (step.ok) return [step.value];
    // Ids of steps inside are unique in their own strategy only: such an issue says where it stands by its path.
    for (const { nodeId, ...found } of step.error) {
      problems.push(inside || nodeId === undefined ? found : { ...found, nodeId });
    }
    return [];
  });
}

/**
 * A strategy document from untrusted data: plain JSON within the limits, brought up from older formats, strict in shape,
 * every step's data by its own schema with defaults filled in. Whether it makes sense is lint's question.
 */
export function parseStrategy(value: unknown): Result<StrategyDoc, readonly Issue[]> {
  const plain = toPlainJson(value, STRATEGY_LIMITS.jsonDepth);
  if (!plain.ok) return plain;
  const migrated = migrateDocument(plain.value, DOCUMENT_MIGRATIONS, STRATEGY_SCHEMA_VERSION);
  if (!migrated.ok) return migrated;
  const parsed = StrategyDocSchema.safeParse(migrated.value, { reportInput: true });
  if (!parsed.success) return err(sortIssues(shapeIssues(parsed.error)));
  const problems: Issue[] = [];
  const nodes = parseSteps({ nodes: parsed.data.nodes, path: "nodes", inside: false }, problems);
  const strategies = parsed.data.strategies.map((strategy, index) => ({
    ...strategy,
    nodes: parseSteps({ nodes: strategy.nodes, path: `strategies[${index}].nodes`, inside: true }, problems),
  }));
  return problems.length > 0 ? err(sortIssues(problems)) : ok({ ...parsed.data, nodes, strategies });
}
