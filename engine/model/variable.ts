import { z } from "zod";
import { FACT_TYPES, type Field } from "./facts";
import { LocalTextSchema } from "./locale";

/** A strategy's own memory of an account: declared, typed, written by its steps, read by its conditions as `var.<name>`. */
export const StrategyVariableSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/)
    .max(40),
  type: z.enum(FACT_TYPES),
  label: LocalTextSchema.optional(),
  /** Values of an `enum`. */
  values: z
    .array(z.strictObject({ value: z.string().max(40), label: LocalTextSchema }))
    .max(60)
    .optional(),
  /** What it holds when an account comes in; null = unknown. */
  initial: z.union([z.number(), z.string().max(200), z.boolean(), z.null()]).default(null),
});
export type StrategyVariable = z.output<typeof StrategyVariableSchema>;

const PREFIX = "var.";

/** Name of the fact that a variable is read as. */
export function variableFact(name: string): string {
  return `${PREFIX}${name}`;
}

/** Name of the variable a fact reads, or null when it is a fact of the account. */
export function variableOfFact(fact: string): string | null {
  return fact.startsWith(PREFIX) ? fact.slice(PREFIX.length) : null;
}

/** The variable every strategy has: the stage (frame) an account was last moved to. */
export const STAGE_VARIABLE = "stage";

/** A variable as conditions know it. */
export function variableField({ name, type, label, values }: StrategyVariable): Field {
  return {
    key: variableFact(name),
    type,
    label: label ?? { en: name, "zh-CN": name },
    aliases: [],
    ...(values === undefined ? {} : { values }),
    origin: "derived",
    usableInRules: true,
    personal: false,
    required: false,
  };
}
