import { z } from "zod";
import { AnswerValuesSchema } from "../../model/inbox-data";
import { readJson } from "../http/read-json";

/** Deepest nesting of an answer that is looked at; what is read of it is flat. */
const DEPTH_MAX = 8;

const AnswerSchema = z.object({
  outcome: z.string().regex(/^[A-Za-z][\w-]{0,59}$/),
  values: AnswerValuesSchema.optional(),
});
export type DecisionBody = z.output<typeof AnswerSchema>;

/** The decision in an answer's body, or why it cannot be read. Members it does not know are passed over. */
export function readDecision(bytes: Uint8Array): { readonly decision: DecisionBody } | { readonly reason: string } {
  const json = readJson(bytes, DEPTH_MAX);
  if ("reason" in json) return json;
  const read = AnswerSchema.safeParse(json.value);
  return read.success ? { decision: read.data } : { reason: "schema" };
}
