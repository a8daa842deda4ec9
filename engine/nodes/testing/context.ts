import type { Content } from "../../model/content";
import { FieldSchema } from "../../model/facts";
import { innerStepId } from "../../model/program";
import type { AuthoredRule, NodeContext } from "../define";

function content(id: string, channel: Content["channel"]): Content {
  return { id, channel, title: { en: id }, text: { en: id }, version: 1, stages: [], tone: "friendly" };
}

/** What a step type sees of a strategy in its own tests; compiled rules are collected in `rules`. */
export function contextWith(rules: AuthoredRule[] = []): NodeContext {
  return {
    nodeId: "step",
    settings: {
      market: "cn",
      currency: "CNY",
      timeZone: "Asia/Shanghai",
      rulePack: "cn-default",
      horizonDays: 400,
      exits: [],
      variables: [],
      fields: [],
    },
    fields: {
      dpd: FieldSchema.parse({
        key: "dpd",
        type: "integer",
        label: { "zh-CN": "逾期天数", en: "Days past due" },
        origin: "derived",
        usableInRules: true,
      }),
    },
    contents: { "sms.late": content("sms.late", "sms"), "robot.late": content("robot.late", "robot") },
    lexicons: ["cn-default"],
    strategies: {},
    addRuleSet: (added) => {
      rules.push(...added);
      return "rules-1";
    },
    ownVariable: (name) => innerStepId("step", name),
  };
}

/** Codes and places of issues, short enough to compare at a glance. */
export function briefly(
  issues: readonly { readonly code: string; readonly path: string; readonly severity: string }[],
): readonly string[] {
  return issues.map(({ code, path, severity }) => `${severity} ${code} ${path}`);
}
