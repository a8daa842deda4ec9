import { z } from "zod";
import { AnswerValuesSchema } from "../../model/inbox-data";

/** Deepest nesting of an answer that is looked at; what is read of it is flat. */
const DEPTH_MAX = 8;

const AnswerSchema = z.object({
  outcome: z.string().regex(/^[A-Za-z][\w-]{0,59}$/),
  values: AnswerValuesSchema.optional(),
});
export type DecisionBody = z.output<typeof AnswerSchema>;

/** The decision in an answer's body, or why it cannot be read. Members it does not know are passed over. */
export function readDecision(bytes: Uint8Array): { readonly decision: DecisionBody } | { readonly reason: string } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return { reason: "not-json" };
  }
  if (isDeeperThan(value, DEPTH_MAX)) return { reason: "too-deep" };
  const read = AnswerSchema.safeParse(value);
  return read.success ? { decision: read.data } : { reason: "schema" };
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}
