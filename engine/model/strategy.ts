import { z } from "zod";
import { ConditionSchema } from "./condition";
import { ContentSchema } from "./content";
import { EXIT_REASONS } from "./exit-reason";
import { LENDER_FIELDS_MAX, LenderFieldSchema } from "./facts";
import { ReleaseChoiceSchema } from "./hold-release";
import { LocalTextSchema } from "./locale";
import { CurrencySchema } from "./money";
import { ScenarioSchema } from "./scenario";
import { StrategyVariableSchema } from "./variable";

/** The strategy document (design D10): what an author draws, exports and imports. */
export const STRATEGY_SCHEMA_VERSION = 2;
export const STRATEGY_SCHEMA_URL = "https://duecourse.org/schemas/strategy-2.schema.json";

/** Bounds of a document. Named so that every refusal can quote its limit. */
export const STRATEGY_LIMITS = {
  fileBytes: 8 * 1024 * 1024,
  jsonDepth: 64,
  nodes: 5000,
  edges: 20_000,
  frames: 200,
  notes: 500,
  tests: 500,
  contents: 500,
  exits: 20,
  variables: 100,
  fields: LENDER_FIELDS_MAX,
  strategies: 50,
} as const;

/** Deepest nesting of strategies used in strategies, the whole one counted. */
export const EMBEDDING_DEPTH_MAX = 4;
/**
 * Most steps a strategy may have once those of the strategies it uses stand in their places. A few that use each other many times
 * would otherwise grow without end; what is drawn by itself stays below `STRATEGY_LIMITS.nodes`.
 */
export const PLACED_STEPS_MAX = 20_000;

const IdSchema = z.string().regex(/^[A-Za-z][\w-]{0,63}$/);
export const NodeIdSchema = IdSchema;
export const HandleIdSchema = z.string().regex(/^[A-Za-z][\w-]{0,63}$/);
export const StrategyKeySchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(64);

/** One step as drawn. `data` belongs to the step type and is checked by its own schema. */
export const StrategyNodeSchema = z.strictObject({
  id: NodeIdSchema,
  type: z.string().regex(/^[a-z][a-z0-9.-]{0,47}$/),
  /** Version of the step type's data. */
  version: z.int().min(1).max(1000),
  name: LocalTextSchema.optional(),
  note: z.string().max(2000).optional(),
  data: z.record(z.string(), z.json()),
});
export type StrategyNode = z.output<typeof StrategyNodeSchema>;

export const StrategyEdgeSchema = z.strictObject({
  id: IdSchema,
  from: z.strictObject({ node: NodeIdSchema, handle: HandleIdSchema }),
  to: NodeIdSchema,
});
export type StrategyEdge = z.output<typeof StrategyEdgeSchema>;

/** Always-on exits (semantics.md, step 2): checked before every step, top to bottom, first that holds. */
export const StrategyExitSchema = z.strictObject({
  id: IdSchema,
  reason: z.enum(EXIT_REASONS),
  when: ConditionSchema,
});
export type StrategyExit = z.output<typeof StrategyExitSchema>;

export const StrategySettingsSchema = z.strictObject({
  market: z.enum(["cn", "us", "uk", "eu"]),
  currency: CurrencySchema,
  /** Zone of the lender's calendar: days past due and "until 10:00" are reckoned in it. */
  timeZone: z.string().max(64),
  /** Rule pack every contact is checked against. */
  rulePack: z.string().max(64),
  /** An enrollment older than this leaves with the reason `horizon`, whatever is drawn. */
  horizonDays: z.int().min(1).max(1500).default(400),
  /** What is chosen beforehand for its accounts when somebody releases a hold; missing = they go on where they stood. */
  onRelease: ReleaseChoiceSchema.optional(),
  exits: z.array(StrategyExitSchema).max(STRATEGY_LIMITS.exits),
  /** What the strategy remembers of an account. */
  variables: z.array(StrategyVariableSchema).max(STRATEGY_LIMITS.variables).default([]),
  /** Fields of this lender's files beside those of the market; their keys are `custom.<name>`. */
  fields: z.array(LenderFieldSchema).max(STRATEGY_LIMITS.fields).default([]),
});
export type StrategySettings = z.output<typeof StrategySettingsSchema>;

/**
 * A strategy inside a strategy: drawn once, used by steps that name it, compiled in place. It may use the whole strategy's
 * texts; its variables are its own, and `inputs` and `outputs` of the step that uses it carry values in and out.
 */
export const SubStrategySchema = z.strictObject({
  key: StrategyKeySchema,
  name: LocalTextSchema,
  entry: z.strictObject({ node: NodeIdSchema }),
  variables: z.array(StrategyVariableSchema).max(STRATEGY_LIMITS.variables).default([]),
  nodes: z.array(StrategyNodeSchema).min(1).max(STRATEGY_LIMITS.nodes),
  edges: z.array(StrategyEdgeSchema).max(STRATEGY_LIMITS.edges),
});
export type SubStrategy = z.output<typeof SubStrategySchema>;

const PositionSchema = z.strictObject({ x: z.number(), y: z.number() });

export const StrategyDocSchema = z.strictObject({
  $schema: z.string().max(300),
  schemaVersion: z.literal(STRATEGY_SCHEMA_VERSION),
  id: z.string().regex(/^strat_[A-Za-z0-9._-]{1,64}$/),
  key: StrategyKeySchema,
  name: LocalTextSchema,
  description: LocalTextSchema.optional(),
  /** The start step. Its data holds the entry rule. */
  entry: z.strictObject({ node: NodeIdSchema }),
  settings: StrategySettingsSchema,
  nodes: z.array(StrategyNodeSchema).min(1).max(STRATEGY_LIMITS.nodes),
  edges: z.array(StrategyEdgeSchema).max(STRATEGY_LIMITS.edges),
  /** Texts the author wrote for this strategy, beside those of the market's pack. */
  contents: z.array(ContentSchema).max(STRATEGY_LIMITS.contents).default([]),
  /** Strategies that steps of this one use. */
  strategies: z.array(SubStrategySchema).max(STRATEGY_LIMITS.strategies).default([]),
  frames: z
    .array(
      z.strictObject({ id: IdSchema, title: LocalTextSchema, nodes: z.array(NodeIdSchema).max(STRATEGY_LIMITS.nodes) }),
    )
    .max(STRATEGY_LIMITS.frames)
    .default([]),
  notes: z
    .array(z.strictObject({ id: IdSchema, text: z.string().max(2000), position: PositionSchema }))
    .max(STRATEGY_LIMITS.notes)
    .default([]),
  /** Presentation only; never part of the content hash. */
  layout: z.strictObject({ mode: z.enum(["auto", "free"]), positions: z.record(NodeIdSchema, PositionSchema) }),
  /** Scenarios that travel with the strategy and are run by `due test`. */
  tests: z.array(ScenarioSchema).max(STRATEGY_LIMITS.tests).default([]),
});
export type StrategyDoc = z.output<typeof StrategyDocSchema>;
