import { z } from "zod";
import type { AnyRule } from "../../model/market-pack";
import type { DebtStanding } from "../../model/policy";
import { defineRuleKind, EXAMPLE_BASE, ruleSchema, severityOfUnknown, standingPart } from "./define";

const DAYS_PER_YEAR = 365;

/** R11: interest, penalties and fees together at most so much a year of the principal that was outstanding. */
const schema = ruleSchema("amount-cap", {
  /** Fraction per year: 0.24 is 24 %. */
  annualRate: z.number().gt(0).max(2),
});

/**
 * What of a debt may be claimed, in minor units: the principal, and of its charges what stays under the cap over all that were
 * ever due. Null when a part is not known. Simple interest on what was outstanding day by day (domain.md 2.1; counsel to check).
 */
export function claimableMinor(debt: DebtStanding | undefined, annualRate: number): number | null {
  const { principalMinor, chargesMinor, chargesPaidMinor, principalDays } = debt ?? {};
  if (principalMinor === undefined || chargesMinor === undefined) return null;
  if (chargesPaidMinor === undefined || principalDays === undefined) return null;
  const capMinor = Math.floor((principalDays * annualRate) / DAYS_PER_YEAR);
  return principalMinor + Math.max(0, Math.min(chargesMinor, capMinor - chargesPaidMinor));
}

export const amountCapKind = defineRuleKind<z.output<typeof schema> & AnyRule>({
  kind: "amount-cap",
  row: "R11",
  title: { "zh-CN": "金额上限", en: "Cap on what is claimed" },
  schema,
  needs: "debt",
  texts: {
    "policy.amount-over-cap": {
      "zh-CN": "{rule}：息费合计超过年化 {percent}%，超出 {over}（应先减免）",
      en: "{rule}: charges exceed {percent} % a year by {over}, which must be waived first",
    },
    "policy.amount-unknown": {
      "zh-CN": "{rule}：本金、息费或计息天数不全，无法核算是否超过年化 {percent}%",
      en: "{rule}: principal, charges or their time are not all known, so nobody can say whether they exceed {percent} % a year",
    },
  },
  link: (rule) => {
    const percent = Math.round(rule.annualRate * 10_000) / 100;
    return [
      standingPart(rule.severity, ({ attempt: { debt } }) => {
        const claimable = claimableMinor(debt, rule.annualRate);
        if (claimable === null) return [];
        const over = (debt?.principalMinor ?? 0) + (debt?.chargesMinor ?? 0) - claimable;
        return over <= 0
          ? []
          : [{ code: "policy.amount-over-cap", params: { percent, over: (over / 100).toFixed(2) } }];
      }),
      standingPart(severityOfUnknown(rule), ({ attempt: { debt } }) =>
        claimableMinor(debt, rule.annualRate) === null ? [{ code: "policy.amount-unknown", params: { percent } }] : [],
      ),
    ];
  },
  example: {
    ...EXAMPLE_BASE,
    actions: ["lawsuit", "settlement-quote"],
    id: "example.amount",
    title: { "zh-CN": "息费合计不超过年化 24%", en: "Charges at most 24 % a year" },
    kind: "amount-cap",
    annualRate: 0.24,
  },
  allows: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: {
      action: "lawsuit",
      // 10,000.00 for a year: charges up to 2,400.00.
      debt: { principalMinor: 1_000_000, chargesMinor: 240_000, chargesPaidMinor: 0, principalDays: 365_000_000 },
    },
  },
  refuses: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: {
      action: "lawsuit",
      debt: { principalMinor: 1_000_000, chargesMinor: 240_001, chargesPaidMinor: 0, principalDays: 365_000_000 },
    },
    code: "policy.amount-over-cap",
  },
});
