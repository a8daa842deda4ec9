import { z } from "zod";
import { conditionIssues } from "../../condition/issues";
import { ConditionSchema } from "../../model/condition";
import { InvariantError } from "../../model/invariant";
import { issue } from "../../model/issue";
import { defineNode } from "../define";
import { handle } from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** `null` = the entry rule is not written yet. */
const StartDataSchema = z.strictObject({ when: ConditionSchema.nullable() });
type StartData = z.output<typeof StartDataSchema>;

const ENTER = "enter";

/** Where accounts come in: those for which the entry rule holds. */
export const start = defineNode<StartData>({
  type: "start",
  version: 1,
  group: "entry",
  icon: "play",
  schema: StartDataSchema,
  initial: () => ({ when: { all: [{ fact: "dpd", operator: "greaterThanInclusive", value: 1 }] } }),
  migrate: {},
  handles: () => [handle(ENTER, "main")],
  form: [{ path: "when", widget: "condition" }],
  lint: (data, context) =>
    data.when === null
      ? [issue("start.rule-missing", { path: "when" })]
      : conditionIssues(data.when, context.fields, "when"),
  compile: (data, context) => {
    if (data.when === null) throw new InvariantError("start.rule-missing", { nodeId: context.nodeId });
    const ruleSet = context.addRuleSet([{ rule: ENTER, outcome: ENTER, when: data.when }]);
    return { kind: "entry", ruleSet, enter: ENTER };
  },
  rules: (data) => (data.when === null ? [] : [{ path: "when", handle: ENTER, when: data.when }]),
  simulate: () => [],
  summary: (data) =>
    data.when === null ? { key: "missing", params: {} } : { key: "rule", params: {}, condition: data.when },
  texts: { "zh-CN": zh, en },
  examples: z.array(StartDataSchema).parse(examples),
});
