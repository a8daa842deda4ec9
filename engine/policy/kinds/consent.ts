import type { z } from "zod";
import { defineRuleKind, EXAMPLE_BASE, type RulePart, ruleSchema, severityOfUnknown, standingPart } from "./define";

/**
 * R7: the owner of the contact point agreed to the channel. A refusal always stands; silence may be made a warning by a market
 * whose law asks for no consent on the channel.
 */
const schema = ruleSchema("consent", {});

/** Nobody asked about a channel where there is nothing to reach the party by: that is said by the contact point itself. */
export function consentPart(severity: RulePart["severity"], found: "refused" | "unknown"): RulePart {
  return standingPart(severity, ({ attempt: { contactPoint, channel } }) => {
    if (contactPoint === null) return [];
    const consent = contactPoint.consent[channel] ?? "unknown";
    return consent === found ? [{ code: `policy.consent-${found}`, params: { channel } }] : [];
  });
}

export const consentKind = defineRuleKind<z.output<typeof schema>>({
  kind: "consent",
  row: "R7",
  title: { "zh-CN": "渠道授权", en: "Consent to the channel" },
  schema,
  texts: {
    "policy.consent-unknown": {
      "zh-CN": "{rule}：不清楚客户是否同意{channel}联系，因此不联系",
      en: "{rule}: it is not known whether the party agreed to {channel}, so there is no contact",
    },
    "policy.consent-refused": {
      "zh-CN": "{rule}：客户不同意{channel}联系",
      en: "{rule}: the party did not agree to {channel}",
    },
  },
  link: (rule) => [consentPart("block", "refused"), consentPart(severityOfUnknown(rule), "unknown")],
  example: {
    ...EXAMPLE_BASE,
    id: "example.consent",
    title: { "zh-CN": "未经同意不联系", en: "No contact without consent" },
    kind: "consent",
  },
  allows: { nowMs: Date.UTC(2026, 2, 2, 2) },
  refuses: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: {
      contactPoint: {
        id: "cp_1",
        partyId: "party_1",
        kind: "phone",
        rank: 1,
        address: "sim:1",
        simulated: true,
        status: "valid",
        consent: { sms: "refused" },
      },
      channel: "sms",
    },
    code: "policy.consent-refused",
  },
});
