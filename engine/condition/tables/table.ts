import { z } from "zod";
import { ConditionSchema, OPERATORS } from "../../model/condition";
import { AGGREGATES } from "../../model/program";
import { HandleIdSchema } from "../../model/strategy";
import { ValueSpecSchema } from "../../model/value";

/**
 * Bounds of a decision table. Rows: the largest table met in the field has 7,990; columns and ways: what still fits a screen that
 * can be scrolled; alternatives: a longer list of single values is written as "one of".
 */
export const TABLE_LIMITS = { inputs: 40, outputs: 20, rows: 8000, ways: 60, alternatives: 50, note: 500 } as const;

const NAME_MAX = 80;
const TEXT_MAX = 200;
const LIST_MAX = 500;

const ColumnIdSchema = HandleIdSchema;
/** The author's name for a column or a way on. Members are exact optionals so that the data stays plain JSON. */
const ColumnNameSchema = z
  .strictObject({
    "zh-CN": z.string().min(1).max(NAME_MAX).exactOptional(),
    en: z.string().min(1).max(NAME_MAX).exactOptional(),
  })
  .refine((text) => text["zh-CN"] !== undefined || text.en !== undefined, { error: "text.empty" });

const ScalarSchema = z.union([z.number(), z.string().max(TEXT_MAX), z.boolean()]);
const BoundSchema = z.union([z.number(), z.string().max(TEXT_MAX)]);

/** A question about the column's fact: an operator and its value, as in a condition. */
const QuestionCellSchema = z.strictObject({
  operator: z.enum(OPERATORS),
  value: z.union([ScalarSchema, z.array(ScalarSchema).min(1).max(LIST_MAX)]),
});
/** From here to there; each end belongs to it or does not. */
const RangeCellSchema = z.strictObject({
  from: BoundSchema,
  fromInclusive: z.boolean(),
  to: BoundSchema,
  toInclusive: z.boolean(),
});
const SimpleCellSchema = z.union([QuestionCellSchema, RangeCellSchema]);
/** Several questions of which one must hold. */
const AlternativesCellSchema = z.strictObject({
  oneOf: z.array(SimpleCellSchema).min(2).max(TABLE_LIMITS.alternatives),
});
/** `null` = whatever it is. A column without a fact holds conditions, the others questions about their fact. */
const CellSchema = z.union([SimpleCellSchema, AlternativesCellSchema, ConditionSchema]).nullable();

const InputSchema = z.strictObject({
  id: ColumnIdSchema,
  name: ColumnNameSchema.exactOptional(),
  /** The fact the column asks; `null` = its cells are conditions of their own, the empty string = not chosen yet. */
  fact: z.union([z.literal(""), z.string().regex(/^[a-z][a-z0-9_]{0,47}(\.[A-Za-z0-9_-]{1,48})?$/)]).nullable(),
  /**
   * What a question does when the fact is unknown: `ask` makes the row unknown (and the step take its way for that), `fails`
   * makes the row not hold. Conditions of a column without a fact always ask.
   */
  unknown: z.enum(["ask", "fails"]).default("ask"),
});

const OutputSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("variable"),
    id: ColumnIdSchema,
    name: ColumnNameSchema.exactOptional(),
    /** A variable of the strategy; the empty string = not chosen yet. */
    variable: z.union([
      z.literal(""),
      z
        .string()
        .regex(/^[a-z][a-z0-9_]*$/)
        .max(40),
    ]),
    /** How the rows that hold become one value; only where every row counts. */
    aggregate: z.enum(AGGREGATES).default("first"),
  }),
  /** Which way on the row takes. */
  z.strictObject({ kind: z.literal("handle"), id: ColumnIdSchema, name: ColumnNameSchema.exactOptional() }),
]);

const WayChoiceSchema = z.strictObject({ way: HandleIdSchema });

const RowSchema = z.strictObject({
  id: HandleIdSchema,
  /** Input column -> question; a column left out is `null`: whatever it is. */
  cells: z.record(ColumnIdSchema, CellSchema),
  /** Output column -> value or way; left out or `null` = the variable stays as it is. */
  outputs: z.record(ColumnIdSchema, z.union([WayChoiceSchema, ValueSpecSchema]).nullable()),
  note: z.string().min(1).max(TABLE_LIMITS.note).exactOptional(),
});

/** A way on that rows may take, with the author's name for it. */
const WaySchema = z.strictObject({ id: HandleIdSchema, name: ColumnNameSchema.exactOptional() });

export const DecisionTableSchema = z.strictObject({
  inputs: z.array(InputSchema).max(TABLE_LIMITS.inputs),
  outputs: z.array(OutputSchema).max(TABLE_LIMITS.outputs),
  ways: z.array(WaySchema).max(TABLE_LIMITS.ways),
  rows: z.array(RowSchema).max(TABLE_LIMITS.rows),
});
/** A decision table as drawn: typed columns, rows from top to bottom. */
export type DecisionTable = z.output<typeof DecisionTableSchema>;
export type TableInput = DecisionTable["inputs"][number];
export type TableOutput = DecisionTable["outputs"][number];
export type TableRow = DecisionTable["rows"][number];
export type TableCell = NonNullable<TableRow["cells"][string]>;
export type SimpleCell = z.output<typeof SimpleCellSchema>;
export type OutputCell = NonNullable<TableRow["outputs"][string]>;
