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

/**
 * One step with its data brought up to date and checked. A type this build does not know, or data of a newer version of
 * it, is kept untouched: it stays visible as a problem (lint) and is never lost by opening and saving a document.
 */
function parseStep(node: StrategyNode, index: number): Result<StrategyNode, readonly Issue[]> {
  const definition = definitionOf(node.type);
  if (definition === undefined || node.version > definition.version) return ok(node);
  const place = { path: `nodes[${index}].version`, nodeId: node.id };
  const migrated = migrateStepData(definition, node.version, node.data);
  if (migrated === null) return err([issue("strategy.unknown-step-version", place, { version: node.version })]);
  const data = parseStepData(definition, migrated);
  if (!data.ok) {
    return err(data.error.map((found) => ({ ...found, path: `nodes[${index}].${found.path}`, nodeId: node.id })));
  }
  // A schema's output may name a member undefined; a document is JSON.
  return ok({ ...node, version: definition.version, data: StrategyNodeSchema.shape.data.parse(data.value) });
}

/** Ids are looked up as member names: one that every object inherits would be found where there is none. */
function reservedNames(nodes: readonly StrategyNode[]): readonly Issue[] {
  return nodes.flatMap((node, index) =>
    node.id in Object.prototype
      ? [issue("shape.reserved-name", { path: `nodes[${index}].id` }, { name: node.id })]
      : [],
  );
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
  const problems: Issue[] = [...reservedNames(parsed.data.nodes)];
  const nodes: StrategyNode[] = [];
  parsed.data.nodes.forEach((node, index) => {
    const step = parseStep(node, index);
    if (step.ok) nodes.push(step.value);
    else problems.push(...step.error);
  });
  return problems.length > 0 ? err(sortIssues(problems)) : ok({ ...parsed.data, nodes });
}
