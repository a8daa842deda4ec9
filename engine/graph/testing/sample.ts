import type { Content } from "../../model/content";
import { type Field, FieldSchema } from "../../model/facts";
import { type MarketPack, RulePackSchema } from "../../model/market-pack";
import type { StrategyDoc } from "../../model/strategy";
import { definitionOf } from "../../nodes";
import { parseStrategy } from "../parse";

const FIELDS: readonly Field[] = [
  {
    key: "dpd",
    type: "integer",
    label: { "zh-CN": "逾期天数", en: "Days past due" },
    unit: "days",
    minimum: -31,
    maximum: 5000,
    origin: "derived",
  },
  {
    key: "bucket",
    type: "enum",
    label: { "zh-CN": "逾期阶段", en: "Stage" },
    values: ["M0", "M1", "M2", "M3"].map((value) => ({ value, label: { "zh-CN": value, en: value } })),
    origin: "derived",
  },
  {
    key: "account_status",
    type: "enum",
    label: { "zh-CN": "账户状态", en: "Account status" },
    values: [
      { value: "open", label: { "zh-CN": "正常", en: "open" } },
      { value: "paid", label: { "zh-CN": "已还清", en: "paid" } },
      { value: "closed", label: { "zh-CN": "已销户", en: "closed" } },
      { value: "sold", label: { "zh-CN": "已转让", en: "sold" } },
      { value: "written-off", label: { "zh-CN": "已核销", en: "written off" } },
    ],
    origin: "derived",
  },
  { key: "total_outstanding", type: "money", label: { "zh-CN": "余额", en: "Balance" }, origin: "column" },
  { key: "annual_rate", type: "percent", label: { "zh-CN": "年化利率", en: "Annual rate" }, origin: "column" },
  { key: "due_date", type: "date", label: { "zh-CN": "应还日", en: "Due date" }, origin: "column" },
  { key: "vip_flag", type: "boolean", label: { "zh-CN": "VIP 客户", en: "VIP" }, origin: "column" },
  { key: "product_type", type: "text", label: { "zh-CN": "产品", en: "Product" }, origin: "column" },
  { key: "risk_score", type: "number", label: { "zh-CN": "风险评分", en: "Risk score" }, origin: "column" },
].map((field) => FieldSchema.parse({ usableInRules: true, ...field }));

const NAME: Field = FieldSchema.parse({
  key: "customer_name",
  type: "text",
  label: { "zh-CN": "姓名", en: "Name" },
  origin: "column",
  personal: true,
  usableInRules: false,
});

function content(id: string, channel: Content["channel"], title: string): Content {
  return {
    id,
    channel,
    title: { "zh-CN": title, en: id },
    text: { "zh-CN": title, en: id },
    version: 1,
    stages: [],
    tone: "friendly",
  };
}

/** A small market: a handful of fields, two texts, a word list's name and a rule pack. */
export const samplePack: MarketPack = {
  market: "cn",
  version: "sample",
  fields: Object.fromEntries([...FIELDS, NAME].map((field) => [field.key, field])),
  contents: {
    "sms.reminder": content("sms.reminder", "sms", "还款提醒"),
    "robot.reminder": content("robot.reminder", "robot", "还款提醒话术"),
  },
  lexicons: { words: { name: "words", version: "1", title: { en: "Words" }, entries: [] } },
  rulePacks: {
    "cn-default": RulePackSchema.parse({
      pack: "cn-default",
      version: "1",
      jurisdiction: "CN",
      title: { en: "Rules" },
      rules: [
        {
          id: "hold",
          kind: "hold",
          title: { en: "Hold" },
          severity: "block",
          channels: ["sms"],
          source: { kind: "house-policy", name: "House", counselCheck: false },
          effectiveFrom: "2026-01-01",
        },
      ],
    }),
  },
};

type Drawn = {
  readonly nodes?: readonly unknown[];
  readonly edges?: readonly (readonly [from: string, handle: string, to: string])[];
  readonly settings?: { readonly [name: string]: unknown };
  readonly [member: string]: unknown;
};

/** A strategy as untrusted data: the given steps and lines over sensible settings. */
export function drawn(made: Drawn = {}): { readonly [member: string]: unknown } {
  const { nodes, edges, settings, ...rest } = made;
  return {
    $schema: "https://duecourse.org/schemas/strategy-2.schema.json",
    schemaVersion: 2,
    id: "strat_sample",
    key: "sample",
    name: { "zh-CN": "样例", en: "Sample" },
    entry: { node: "start" },
    settings: {
      market: "cn",
      currency: "CNY",
      timeZone: "Asia/Shanghai",
      rulePack: "cn-default",
      horizonDays: 400,
      exits: [{ id: "paid", reason: "cured", when: { fact: "account_status", operator: "equal", value: "paid" } }],
      ...settings,
    },
    nodes: nodes ?? [startStep(), exitStep("done")],
    edges: (edges ?? [["start", "enter", "done"]]).map(([node, handle, to], index) => ({
      id: `e${index + 1}`,
      from: { node, handle },
      to,
    })),
    contents: [],
    strategies: [],
    frames: [],
    notes: [],
    layout: { mode: "auto", positions: {} },
    tests: [],
    ...rest,
  };
}

export function startStep(when: unknown = { fact: "dpd", operator: "greaterThanInclusive", value: 1 }): unknown {
  return { id: "start", type: "start", version: 1, data: { when } };
}

export function exitStep(id: string): unknown {
  return { id, type: "exit", version: 1, data: { reason: "completed" } };
}

export function step(id: string, type: string, data: { readonly [name: string]: unknown }): unknown {
  return { id, type, version: definitionOf(type)?.version ?? 1, data };
}

/** A drawn strategy, parsed; fails the test when it does not parse. */
export function strategy(made: Drawn = {}): StrategyDoc {
  const parsed = parseStrategy(drawn(made));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error, null, 2));
  return parsed.value;
}
