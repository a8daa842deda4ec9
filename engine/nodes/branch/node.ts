import { z } from "zod";
import { conditionIssues } from "../../condition/issues";
import { ConditionSchema } from "../../model/condition";
import { InvariantError } from "../../model/invariant";
import { type Issue, issue } from "../../model/issue";
import { inLocale } from "../../model/locale";
import { HandleIdSchema } from "../../model/strategy";
import { defineNode, type NodeContext } from "../define";
import { handle, ItemNameSchema, repeatedIds } from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const RULES_MAX = 50;

const BranchRuleSchema = z.strictObject({
  /** Also the id of the handle: stable when rules are renamed or reordered. */
  id: HandleIdSchema,
  name: ItemNameSchema.exactOptional(),
  /** `null` = not written yet. */
  when: ConditionSchema.nullable(),
});
const BranchDataSchema = z.strictObject({ rules: z.array(BranchRuleSchema).max(RULES_MAX) });
type BranchRule = z.output<typeof BranchRuleSchema>;
type BranchData = z.output<typeof BranchDataSchema>;

/** No rule holds. */
const OTHERWISE = "otherwise";
/** A rule could not be decided because a fact is unknown; it never counts as "no" (design D3). */
const UNKNOWN = "unknown";
const RESERVED: readonly string[] = [OTHERWISE, UNKNOWN];

function ruleIssues(rule: BranchRule, index: number, context: NodeContext): readonly Issue[] {
  const path = `rules[${index}]`;
  const found: Issue[] = [];
  if (RESERVED.includes(rule.id)) {
    found.push(issue("branch.rule-id-reserved", { path: `${path}.id` }, { rule: rule.id }));
  }
  if (rule.when === null) found.push(issue("branch.rule-empty", { path: `${path}.when` }, { rule: rule.id }));
  else found.push(...conditionIssues(rule.when, context.fields, `${path}.when`));
  return found;
}

/** Ordered rules; the first that holds decides the way on. */
export const branch = defineNode<BranchData>({
  type: "branch",
  version: 1,
  group: "decide",
  icon: "git-branch",
  schema: BranchDataSchema,
  initial: () => ({ rules: [{ id: "rule-1", when: null }] }),
  migrate: {},
  handles: (data) => [
    ...data.rules.map((rule) => ({
      id: rule.id,
      label: { text: rule.name === undefined ? rule.id : inLocale(rule.name, "zh-CN") },
      role: "branch" as const,
      required: true,
      ...(rule.name === undefined ? {} : { name: rule.name }),
      ...(rule.when === null ? {} : { condition: rule.when }),
    })),
    handle(OTHERWISE, "main"),
    handle(UNKNOWN, "fallback"),
  ],
  form: [{ path: "rules", widget: "rules", maximum: RULES_MAX }],
  lint: (data, context) => [
    ...(data.rules.length === 0 ? [issue("branch.rules-missing", { path: "rules" })] : []),
    ...repeatedIds(data.rules).map(({ id, index }) =>
      issue("branch.rule-id-twice", { path: `rules[${index}].id` }, { rule: id }),
    ),
    ...data.rules.flatMap((rule, index) => ruleIssues(rule, index, context)),
  ],
  compile: (data, context) => {
    const authored = data.rules.map(({ id, when }) => {
      if (when === null) throw new InvariantError("branch.rule-empty", { nodeId: context.nodeId, rule: id });
      return { rule: id, outcome: id, when };
    });
    return { kind: "decide", ruleSet: context.addRuleSet(authored), otherwise: OTHERWISE, unknown: UNKNOWN };
  },
  rules: (data) =>
    data.rules.flatMap(({ id, when }, index) =>
      when === null ? [] : [{ path: `rules[${index}].when`, handle: id, when }],
    ),
  simulate: () => [],
  summary: (data) => {
    const only = data.rules.length === 1 ? data.rules[0] : undefined;
    if (only?.when != null) return { key: "single", params: {}, condition: only.when };
    return { key: data.rules.length === 0 ? "none" : "several", params: { count: data.rules.length } };
  },
  texts: { "zh-CN": zh, en },
  examples: z.array(BranchDataSchema).parse(examples),
});
