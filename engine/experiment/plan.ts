import { z } from "zod";
import { CurrencySchema } from "../model/money";
import { SEQUENTIAL_TUNING_DEFAULT } from "../statistics/sequential";
import { WEIGHT_TOTAL } from "./assign";

/** What is decided before the first person is assigned, and what a report is read against. */

const ARMS_MAX = 5;
const METRICS_MAX = 40;
const NAME_MAX = 64;
const WINDOW_DAYS_MAX = 400;
/** GrowthBook's default for a decision, and the effect under which nobody would change a strategy. */
const TARGET_LIFT_DEFAULT = 0.1;
const MINIMUM_DAYS_DEFAULT = 7;

const NameSchema = z.string().min(1).max(NAME_MAX);
const KeySchema = z
  .string()
  .max(NAME_MAX)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);

/** How people came into their arms. Only the first three are chance; of the others no effect can be read. */
export const ASSIGNMENTS = ["hash-v2", "permuted-blocks", "random", "rule", "unknown"] as const;
const RANDOMISED: ReadonlySet<string> = new Set(["hash-v2", "permuted-blocks", "random"]);
export const isRandomised = (assignment: (typeof ASSIGNMENTS)[number]): boolean => RANDOMISED.has(assignment);

const CapSchema = z.strictObject({
  percentile: z.number().min(0.5).lt(1),
  ignoreZeros: z.boolean().default(true),
});

const metricBase = {
  key: KeySchema,
  /** Goals decide, guardrails can only stop, secondary metrics explain. */
  role: z.enum(["goal", "guardrail", "secondary"]),
  better: z.enum(["higher", "lower"]),
  /** Days from exposure in which the value is counted; a person matures when they have passed. */
  windowDays: z.int().min(0).max(WINDOW_DAYS_MAX),
  /** Relative loss a guardrail tolerates. */
  margin: z.number().min(0).lt(1).default(0),
};
const MetricSchema = z.discriminatedUnion("kind", [
  z.strictObject({ ...metricBase, kind: z.literal("proportion"), column: NameSchema }),
  z.strictObject({
    ...metricBase,
    kind: z.literal("mean"),
    column: NameSchema,
    /** The same value from before exposure, which explains part of the spread (CUPED). Missing counts as 0. */
    before: NameSchema.optional(),
    cap: CapSchema.optional(),
    /** The value is money of this currency, in whole units (yuan): the report adds it up over a year. */
    currency: CurrencySchema.optional(),
  }),
  z.strictObject({
    ...metricBase,
    kind: z.literal("ratio"),
    numerator: NameSchema,
    denominator: NameSchema,
    cap: CapSchema.optional(),
  }),
  z.strictObject({
    ...metricBase,
    kind: z.literal("time"),
    /** Days from exposure to the event or to the end of observation. */
    column: NameSchema,
    /** 1 where the event happened, 0 where observation ended first. */
    event: NameSchema,
  }),
]);

export const ExperimentPlanSchema = z
  .strictObject({
    key: KeySchema,
    assignment: z.enum(ASSIGNMENTS),
    /** The first arm is the baseline (champion). Weights are parts of 10,000 and sum to it. */
    arms: z
      .array(z.strictObject({ arm: NameSchema, weight: z.int().min(0).max(WEIGHT_TOTAL) }))
      .min(2)
      .max(ARMS_MAX),
    /** `sequential` may be looked at any day; `fixed` once, at the end; `bayesian` gives a chance to win. */
    method: z.enum(["sequential", "fixed", "bayesian"]).default("sequential"),
    alpha: z.number().gt(0).max(0.2).default(0.05),
    /** People in both arms at which a sequential interval is narrowest: the number expected at the decision. */
    tuning: z.int().min(100).default(SEQUENTIAL_TUNING_DEFAULT),
    /** Deviation of the lift one expects beforehand; absent = the data alone (Bayesian only). */
    priorDeviation: z.number().gt(0).optional(),
    /** Relative lift worth finding: decides when enough people were seen. */
    targetLift: z.number().gt(0).max(10).default(TARGET_LIFT_DEFAULT),
    power: z.number().min(0.5).lt(1).default(0.8),
    minimumDays: z.int().min(1).default(MINIMUM_DAYS_DEFAULT),
    correction: z.enum(["holm", "benjamini-hochberg", "none"]).default("holm"),
    /** People a year that a decision would touch; absent = nothing is added up. */
    peoplePerYear: z.int().min(1).optional(),
    metrics: z.array(MetricSchema).min(1).max(METRICS_MAX),
    /** Values from before exposure that must not differ between arms. */
    balance: z.array(NameSchema).max(METRICS_MAX).default([]),
  })
  .superRefine((plan, context) => {
    const refuse = (message: string, path: (string | number)[]) => context.addIssue({ code: "custom", message, path });
    const sum = plan.arms.reduce((total, { weight }) => total + weight, 0);
    if (sum !== WEIGHT_TOTAL) refuse("experiment.weights-sum", ["arms"]);
    if (new Set(plan.arms.map(({ arm }) => arm)).size < plan.arms.length) refuse("experiment.arm-twice", ["arms"]);
    if (new Set(plan.metrics.map(({ key }) => key)).size < plan.metrics.length) {
      refuse("experiment.metric-twice", ["metrics"]);
    }
    if (!plan.metrics.some(({ role }) => role === "goal")) refuse("experiment.no-goal", ["metrics"]);
    plan.metrics.forEach(({ kind, role }, index) => {
      // Log-rank and restricted means are for one look; their sequences are not built.
      if (kind === "time" && role === "goal" && plan.method !== "fixed") {
        refuse("experiment.time-goal-once", ["metrics", index]);
      }
      if (kind === "time" && role === "guardrail") refuse("experiment.time-guardrail", ["metrics", index]);
    });
  });

export type ExperimentPlan = z.output<typeof ExperimentPlanSchema>;
export type MetricPlan = z.output<typeof MetricSchema>;
