import type { MarketPack, RuleBase } from "../model/market-pack";
import { WORK_MARKET } from "./work-run";

const rule: Omit<RuleBase, "id"> = {
  severity: "block",
  title: { en: "Rule" },
  effectiveFrom: "2026-01-01",
  actions: ["placement"],
  source: { kind: "house-policy", name: "House", counselCheck: false },
};
const strict = WORK_MARKET.rulePacks["cn-default"];
if (strict === undefined) throw new Error("the strict market has no rules");

/** The strict market with a demand that is a notice, a fortnight's wait after it, and agencies that must be on the list. */
export const DEMAND_MARKET: MarketPack = {
  ...WORK_MARKET,
  contents: {
    ...WORK_MARKET.contents,
    "sms.demand": {
      ...{ id: "sms.demand", channel: "sms", title: { en: "Demand" }, text: { "zh-CN": "请还款" } },
      ...{ version: 1, stages: [], tone: "formal", notice: "demand" },
    },
  },
  rulePacks: {
    "cn-default": {
      ...strict,
      rules: [
        ...strict.rules,
        { ...rule, id: "listed", kind: "vendor", require: ["whitelisted"] },
        { ...rule, id: "demanded", kind: "prerequisite-notice", notice: "demand", waitDays: 13, dayKind: "calendar" },
      ],
    },
  },
};
