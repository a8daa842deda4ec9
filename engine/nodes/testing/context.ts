import { CHANNELS, type Channel, type Content } from "../../model/content";
import { FieldSchema } from "../../model/facts";
import { innerStepId } from "../../model/program";
import type { AuthoredRule, NodeContext } from "../define";

function content(channel: Channel): Content {
  const id = `${channel}.late`;
  const words = { title: { en: id }, subject: { en: id }, text: { en: id } };
  return { id, channel, ...words, version: 1, stages: [], tone: "friendly" };
}

/** A text for every channel, `<channel>.late`. */
const CONTENTS = Object.fromEntries(CHANNELS.map((channel) => [`${channel}.late`, content(channel)]));

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
    contents: CONTENTS,
    lexicons: ["cn-default"],
    strategies: {},
    addRuleSet: (added) => {
      rules.push(...added);
      return "rules-1";
    },
    ownVariable: (name) => innerStepId("step", name),
  };
}

/** The same, with the text of a channel that has lost its subject. */
export function contextWithoutSubject(channel: Channel): NodeContext {
  const { subject: _, ...bare } = content(channel);
  return { ...contextWith(), contents: { [bare.id]: bare } };
}

/** Codes and places of issues, short enough to compare at a glance. */
export function briefly(
  issues: readonly { readonly code: string; readonly path: string; readonly severity: string }[],
): readonly string[] {
  return issues.map(({ code, path, severity }) => `${severity} ${code} ${path}`);
}
