import type { Issue } from "../model/issue";
import type { JsonValue } from "../model/json";
import { err, ok, type Result } from "../model/result";
import type { StrategyNode } from "../model/strategy";
import { definitionOf } from "../nodes";
import type { AnyNodeDefinition } from "../nodes/define";
import { shapeIssues } from "./shape-issues";

export type StepData = { readonly [key: string]: JsonValue | undefined };
/** A drawn step together with its type, its data parsed: only such data may be given to the definition's functions. */
export type Step = { readonly definition: AnyNodeDefinition; readonly data: StepData };

/** Data of one step by its type's own schema; issue paths are relative to the step (`data.giveUpHours`). */
export function parseStepData(definition: AnyNodeDefinition, data: unknown): Result<StepData, readonly Issue[]> {
  const parsed = definition.schema.safeParse(data, { reportInput: true });
  return parsed.success ? ok(parsed.data) : err(shapeIssues(parsed.error, ["data"]));
}

/**
 * The step with its type, or null when this build does not know the type or the version of its data, or the data does
 * not parse. Lint says which.
 */
export function stepOf(node: StrategyNode): Step | null {
  const definition = definitionOf(node.type);
  if (definition === undefined || definition.version !== node.version) return null;
  const data = parseStepData(definition, node.data);
  return data.ok ? { definition, data: data.value } : null;
}

/** Data brought up to the version its type has now, one version at a time; null when a step of the way is missing. */
export function migrateStepData(
  definition: Pick<AnyNodeDefinition, "version" | "migrate">,
  fromVersion: number,
  data: { readonly [key: string]: JsonValue },
): { readonly [key: string]: JsonValue } | null {
  let migrated = data;
  for (let version = fromVersion; version < definition.version; version += 1) {
    const step = definition.migrate[version];
    if (step === undefined) return null;
    migrated = step(migrated);
  }
  return migrated;
}
