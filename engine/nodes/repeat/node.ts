import { z } from "zod";
import { conditionIssues } from "../../condition/issues";
import { ConditionSchema } from "../../model/condition";
import { defineNode, type Handle } from "../define";
import { handle } from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** More rounds than this are a mistake: with a day between them it is a quarter of a year of the same thing. */
const TIMES_MAX = 100;
const TIMES_DEFAULT = 3;

const RepeatDataSchema = z.strictObject({
  /** Rounds in total; the count begins anew when the account comes back after `done` or `unknown`. */
  maxTimes: z.int().min(1).max(TIMES_MAX),
  /** Asked before each round; `null` = no condition, only the count. */
  when: ConditionSchema.nullable(),
});
type RepeatData = z.output<typeof RepeatDataSchema>;

const AGAIN = "again";
const DONE = "done";
const UNKNOWN = "unknown";

function handlesOf({ when }: RepeatData): readonly Handle[] {
  const again: Handle = { ...handle(AGAIN, "branch"), repeats: true };
  return [again, handle(DONE, "main"), ...(when === null ? [] : [handle(UNKNOWN, "fallback")])];
}

/** Leads back a bounded number of times, then on. */
export const repeat = defineNode<RepeatData>({
  type: "repeat",
  version: 1,
  group: "control",
  icon: "repeat",
  schema: RepeatDataSchema,
  initial: () => ({ maxTimes: TIMES_DEFAULT, when: null }),
  migrate: {},
  handles: handlesOf,
  form: [
    { path: "maxTimes", widget: "integer", minimum: 1, maximum: TIMES_MAX },
    { path: "when", widget: "condition" },
  ],
  lint: (data, context) => (data.when === null ? [] : conditionIssues(data.when, context.fields, "when")),
  compile: ({ maxTimes, when }, context) => ({
    kind: "repeat",
    maxTimes,
    again: AGAIN,
    done: DONE,
    whileRuleSet: when === null ? null : context.addRuleSet([{ rule: AGAIN, outcome: AGAIN, when }]),
    unknown: when === null ? null : UNKNOWN,
  }),
  simulate: () => [],
  summary: ({ maxTimes, when }) =>
    when === null
      ? { key: "times", params: { times: maxTimes } }
      : { key: "while", params: { times: maxTimes }, condition: when },
  texts: { "zh-CN": zh, en },
  examples: z.array(RepeatDataSchema).parse(examples),
});
