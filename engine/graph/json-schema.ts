import { z } from "zod";
import { ConditionSchema } from "../model/condition";
import type { JsonValue } from "../model/json";
import {
  STRATEGY_SCHEMA_URL,
  StrategyDocSchema,
  StrategyEdgeSchema,
  StrategyNodeSchema,
  SubStrategySchema,
} from "../model/strategy";
import { ValueSpecSchema } from "../model/value";
import { nodeDefinitions } from "../nodes";

/** Names under `$defs`, so that a reader finds a condition by what it is. */
const NAMES = z.registry<{ readonly id: string }>();
NAMES.add(ConditionSchema, { id: "condition" });
NAMES.add(ValueSpecSchema, { id: "value" });

type Members = { readonly [key: string]: JsonValue };

/**
 * JSON Schema (draft 2020-12) of a strategy document as it may be written by hand: defaults may be left out. Every registered step
 * type contributes its data; a type that is not registered is let through with whatever data it has, because an older program must
 * be able to keep what a newer one drew. Generated, so that it cannot say anything else than the parser does.
 */
export function strategyJsonSchema(): Members {
  const step = stepSchema();
  const inner = SubStrategySchema.extend({ nodes: z.array(step).min(1) });
  const doc = StrategyDocSchema.extend({
    nodes: z.array(step).min(1),
    edges: z.array(StrategyEdgeSchema),
    strategies: z.array(inner).default([]),
  });
  const made = z.toJSONSchema(doc, { io: "input", metadata: NAMES, unrepresentable: "any" });
  const { $schema, ...schema } = JSON.parse(JSON.stringify(made)) as Members;
  return withForeignSteps({
    $schema: $schema ?? null,
    $id: STRATEGY_SCHEMA_URL,
    title: "Duecourse strategy",
    ...schema,
  });
}

/** A node of each type at its present version, and one of any other type. */
function stepSchema() {
  const known = nodeDefinitions.map((definition) => {
    const schema = StrategyNodeSchema.extend({
      type: z.literal(definition.type),
      version: z.literal(definition.version),
      data: definition.schema,
    });
    NAMES.add(schema, { id: `step.${definition.type}` });
    return schema;
  });
  const foreign = StrategyNodeSchema.extend({});
  NAMES.add(foreign, { id: FOREIGN_STEP });
  return z.union([...known, foreign]);
}

const FOREIGN_STEP = "step.of-another-type";

/** Without this the step of any type would let every mistake in a known one pass. */
function withForeignSteps(schema: Members): Members {
  const definitions = schema.$defs as Members;
  const foreign = definitions[FOREIGN_STEP] as { readonly properties: Members };
  const type = { ...(foreign.properties.type as Members), not: { enum: nodeDefinitions.map(({ type }) => type) } };
  const properties = { ...foreign.properties, type };
  return { ...schema, $defs: { ...definitions, [FOREIGN_STEP]: { ...foreign, properties } } };
}
