import { z } from "zod";
import { TABLE_LIMITS } from "../../condition/tables/table";

/** Bounds of a decision graph; well above the largest met in the field. */
export const JDM_LIMITS = { bytes: 8 * 1024 * 1024, depth: 64, nodes: 500, edges: 2000, tests: 500 } as const;

const IdSchema = z.string().max(200);
const NameSchema = z.string().max(500);
const TextSchema = z.string().max(20_000);
/** Members that pictures and editors leave behind are not looked at. */
const OptionalText = TextSchema.nullish();

const TransformShape = {
  passThrough: z.boolean().default(false),
  inputField: OptionalText,
  outputPath: OptionalText,
  executionMode: z.enum(["single", "loop"]).default("single"),
};

const TableContentSchema = z.looseObject({
  hitPolicy: z.enum(["first", "collect"]),
  inputs: z
    .array(z.looseObject({ id: IdSchema, name: NameSchema.default(""), field: OptionalText }))
    .max(TABLE_LIMITS.inputs),
  outputs: z
    .array(z.looseObject({ id: IdSchema, name: NameSchema.default(""), field: TextSchema }))
    .max(TABLE_LIMITS.outputs),
  rules: z.array(z.record(z.string(), z.string().max(20_000).nullable())).max(TABLE_LIMITS.rows),
  ...TransformShape,
});
const ExpressionContentSchema = z.looseObject({
  expressions: z.array(z.looseObject({ key: TextSchema, value: TextSchema })).max(200),
  ...TransformShape,
});
const SwitchContentSchema = z.looseObject({
  hitPolicy: z.enum(["first", "collect"]).default("first"),
  statements: z.array(z.looseObject({ id: IdSchema, condition: TextSchema })).max(TABLE_LIMITS.ways),
});

const shared = { id: IdSchema, name: NameSchema };
const NodeSchema = z.discriminatedUnion("type", [
  z.looseObject({ ...shared, type: z.literal("inputNode") }),
  z.looseObject({ ...shared, type: z.literal("outputNode") }),
  z.looseObject({ ...shared, type: z.literal("decisionTableNode"), content: TableContentSchema }),
  z.looseObject({ ...shared, type: z.literal("expressionNode"), content: ExpressionContentSchema }),
  z.looseObject({ ...shared, type: z.literal("switchNode"), content: SwitchContentSchema }),
  z.looseObject({ ...shared, type: z.literal("functionNode") }),
  z.looseObject({ ...shared, type: z.literal("decisionNode") }),
  z.looseObject({ ...shared, type: z.literal("customNode") }),
]);

export const JdmSchema = z.looseObject({
  nodes: z.array(NodeSchema).min(1).max(JDM_LIMITS.nodes),
  edges: z
    .array(z.looseObject({ sourceId: IdSchema, targetId: IdSchema, sourceHandle: z.string().max(200).nullish() }))
    .max(JDM_LIMITS.edges),
  /** Inputs with the outputs that are right for them; their inputs also say what type a field has. */
  tests: z
    .array(z.looseObject({ input: z.json(), output: z.json() }))
    .max(JDM_LIMITS.tests)
    .default([]),
});
/** A GoRules decision graph (JSON Decision Model). */
export type Jdm = z.output<typeof JdmSchema>;
export type JdmNode = Jdm["nodes"][number];
export type JdmNodeOf<TType extends JdmNode["type"]> = Extract<JdmNode, { readonly type: TType }>;
