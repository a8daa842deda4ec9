import { z } from "zod";
import { InvariantError } from "../model/invariant";
import { LocalTextSchema } from "../model/locale";
import { TASK_OUTCOMES, type TaskKind } from "../model/program";
import { isLocalTime } from "../model/time";
import assumptions from "./assumptions.json";

const ShareSchema = z.number().min(0).max(1);
const SpanSchema = z.strictObject({ least: z.int().min(0), most: z.int().min(0).max(10_000) });
const MinorSchema = z.int().min(0);
const LocalTimeSchema = z.string().refine(isLocalTime);

function taskSchema(kind: TaskKind) {
  return z.strictObject({
    /** Share that nobody takes up: left to the step's own deadline. */
    untouched: ShareSchema,
    /** From the request to the end of the work. */
    hours: SpanSchema,
    /** What the work costs, minor units. */
    costMinor: MinorSchema,
    /** Plans: instalments agreed, when no detail of the task says so. */
    instalments: SpanSchema.optional(),
    /** Plans and settlements: days until the first payment is due. */
    firstDueDays: SpanSchema.optional(),
    /** Placements: length of a term, when no detail of the task says so. */
    termDays: z.int().min(1).max(1000).optional(),
    /** Share of payments that clear everything overdue; the others pay a part. */
    fullShare: ShareSchema.optional(),
    bands: z
      .array(
        z.strictObject({
          /** Last day past due the band covers; null = every later one. */
          upToDpd: z.int().nullable(),
          outcomes: z.partialRecord(z.enum(TASK_OUTCOMES[kind]), z.number().positive()),
          /** Plans: chance of each instalment to be paid; others: chance that the work brings money. */
          pays: ShareSchema,
          /** Share of what comes in that an agency keeps. */
          commissionShare: ShareSchema.optional(),
        }),
      )
      .min(1),
  });
}

/** How desks, agencies, courts and other systems work: delays, ends, money and fees. */
export const DeskModelSchema = z.strictObject({
  payingHours: z.strictObject({ from: LocalTimeSchema, to: LocalTimeSchema }),
  tasks: z.strictObject({
    approval: taskSchema("approval"),
    hardship: taskSchema("hardship"),
    dispute: taskSchema("dispute"),
    complaint: taskSchema("complaint"),
    plan: taskSchema("plan"),
    settlement: taskSchema("settlement"),
    placement: taskSchema("placement"),
    legal: taskSchema("legal"),
  } satisfies { readonly [kind in TaskKind]: unknown }),
  conversation: z.strictObject({
    /** Share the automatic check cannot judge. */
    review: ShareSchema,
    score: SpanSchema,
    minutes: SpanSchema,
    costMinor: MinorSchema,
  }),
  external: z.strictObject({ seconds: SpanSchema, costMinor: MinorSchema }),
});
export type DeskModel = z.output<typeof DeskModelSchema>;

const DeskAssumptionsSchema = DeskModelSchema.extend({
  source: z.literal("assumption"),
  version: z.string(),
  note: LocalTextSchema,
});

/** How simulated desks work. Invented but plausible numbers, labelled as an assumption wherever results are shown. */
export const deskAssumptions = DeskAssumptionsSchema.parse(assumptions);

export type TaskAssumptions = ReturnType<typeof assumptionsOf>;

/** What is assumed of one kind of work at one stage of delinquency. */
export function assumptionsOf(task: TaskKind, dpd: number, model: DeskModel = deskAssumptions) {
  const { bands, ...all } = model.tasks[task];
  const band = bands.find(({ upToDpd }) => upToDpd === null || dpd <= upToDpd);
  if (band === undefined) throw new InvariantError("desk.band-missing", { task, dpd });
  return { ...all, ...band };
}

/** The name whose share of the summed weights a draw in [0, 1) falls into. */
export function pickWeighted(weights: { readonly [name: string]: number | undefined }, drawn: number): string {
  const entries = Object.entries(weights).flatMap(([name, weight]) => (weight === undefined ? [] : [{ name, weight }]));
  let left = drawn * entries.reduce((sum, { weight }) => sum + weight, 0);
  for (const { name, weight } of entries) {
    left -= weight;
    if (left < 0) return name;
  }
  const last = entries.at(-1);
  if (last === undefined) throw new InvariantError("desk.weights-empty");
  return last.name;
}

/** A whole number of a span, both ends included, by a draw in [0, 1). */
export function withinSpan({ least, most }: { readonly least: number; readonly most: number }, drawn: number): number {
  return least + Math.floor(drawn * (most - least + 1));
}
