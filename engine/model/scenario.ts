import { z } from "zod";
import { LocalTextSchema } from "./locale";

/** Most events of one scenario. */
export const SCENARIO_EVENTS_MAX = 200;

const FactsSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9_]{0,47}(\.[A-Za-z0-9_-]{1,48})?$/),
  z.union([z.number(), z.string().max(1000), z.boolean(), z.null()]),
);

/** When something happens: so many minutes after what happened before, or when the step's own timer is due. */
const WhenShape = { afterMinutes: z.int().min(0).max(1_000_000).exactOptional() };
const AnswerShape = { ...WhenShape, values: FactsSchema.exactOptional() };
const Outcome = z.string().min(1).max(60);

/** What happens next in a scenario. Answers belong to the step the account stands at; facts given stay from then on. */
export const ScenarioEventSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("timer.fired"), facts: FactsSchema.exactOptional() }),
  z.strictObject({
    type: z.literal("contact.result"),
    outcome: Outcome,
    ...AnswerShape,
    facts: FactsSchema.exactOptional(),
  }),
  z.strictObject({ type: z.literal("contact.denied"), ...WhenShape }),
  z.strictObject({ type: z.literal("contact.deferred"), ...WhenShape }),
  z.strictObject({
    type: z.literal("qa.verdict"),
    outcome: z.enum(["pass", "block", "review"]),
    ...WhenShape,
    facts: FactsSchema.exactOptional(),
  }),
  z.strictObject({
    type: z.literal("task.completed"),
    outcome: Outcome,
    ...AnswerShape,
    facts: FactsSchema.exactOptional(),
  }),
  z.strictObject({
    type: z.literal("external.result"),
    outcome: Outcome,
    ...AnswerShape,
    facts: FactsSchema.exactOptional(),
  }),
  z.strictObject({
    type: z.literal("payment.posted"),
    amountMinor: z.int().positive(),
    ...WhenShape,
    facts: FactsSchema.exactOptional(),
  }),
  z.strictObject({
    type: z.literal("payment.reversed"),
    amountMinor: z.int().positive(),
    ...WhenShape,
    facts: FactsSchema.exactOptional(),
  }),
  z.strictObject({
    type: z.literal("promise.made"),
    amountMinor: z.int().positive(),
    dueDate: z.iso.date(),
    ...WhenShape,
    facts: FactsSchema.exactOptional(),
  }),
  z.strictObject({ type: z.literal("reply.received"), ...WhenShape, facts: FactsSchema.exactOptional() }),
  z.strictObject({ type: z.literal("facts.changed"), ...WhenShape, facts: FactsSchema }),
  z.strictObject({ type: z.literal("stop.requested"), ...WhenShape }),
]);
export type ScenarioEvent = z.output<typeof ScenarioEventSchema>;

/**
 * One account's story and what is expected of it: the ways on it takes, in order (`step.handle`), and where it ends. A scenario
 * is saved in the strategy (`tests`), travels with it, and fails when the strategy no longer does what it says.
 */
export const ScenarioSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z][\w-]{0,63}$/),
  name: LocalTextSchema,
  /** When the account comes in; an instant with its offset. */
  startAt: z.iso.datetime({ offset: true }),
  /** Party the arms of an experiment are drawn for. */
  party: z.string().min(1).max(60).default("1"),
  facts: FactsSchema,
  events: z.array(ScenarioEventSchema).max(SCENARIO_EVENTS_MAX),
  expect: z.strictObject({
    /** Ways on taken, `<step>.<handle>`, in order. Absent = not looked at. */
    path: z.array(z.string().max(200)).max(2000).exactOptional(),
    /** Step the account stands at in the end. */
    at: z.string().max(200).exactOptional(),
    exit: z.string().max(40).exactOptional(),
    vars: FactsSchema.exactOptional(),
  }),
});
export type Scenario = z.output<typeof ScenarioSchema>;
