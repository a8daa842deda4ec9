import { describe, expect, it } from "vitest";
import { CHANNELS } from "../model/content";
import { LOCALES } from "../model/locale";
import { HOLD_KINDS, type PolicyReason } from "../model/policy";
import { marketPack } from "../packs";
import { policyReasonText, policyTexts } from "./reason-text";

const pack = marketPack("cn").rulePacks["cn-default"];
if (pack === undefined) throw new Error("cn-default is not shipped");

const times = { at: "2026-03-02 22:30", until: "2026-03-03 08:00" };
/** One reason of every code the gate gives. */
const REASONS: readonly PolicyReason[] = [
  { rule: "cn.hold", code: "policy.hold", params: { hold: "dispute" } },
  { rule: "cn.party", code: "policy.party-role", params: { role: "self" } },
  ...["no-contact-point", "contact-point-of-another", "contact-point-masked", "contact-point-invalid"].map((code) => ({
    rule: "floor.contact-point",
    code: `policy.${code}`,
    params: { channel: "sms" },
  })),
  { rule: "cn.consent", code: "policy.consent-unknown", params: { channel: "robot" } },
  { rule: "floor.consent", code: "policy.consent-refused", params: { channel: "sms" } },
  { rule: "floor.time-zone", code: "policy.zone-unknown", params: { zone: "" } },
  { rule: "cn.window", code: "policy.window", params: times },
  ...["attempted", "connected", "conversed"].map((metric) => ({
    rule: "cn.attempt6",
    code: `policy.cap-${metric}`,
    params: { ...times, used: 6, limit: 6, days: 1 },
  })),
  { rule: "cn.gap", code: "policy.minimum-gap", params: { ...times, minutes: 60 } },
  { rule: "cn.visit2", code: "policy.people", params: { people: 1, minimum: 2 } },
  { rule: "step.max-per-day", code: "policy.cap-attempted", params: { ...times, used: 2, limit: 2, days: 1 } },
  { rule: "cn-default", code: "policy.no-time", params: { days: 14 } },
];

describe.each(LOCALES)("why a contact may not leave, in %s", (locale) => {
  it.each(REASONS.map((reason) => [reason.code, reason] as const))("%s reads as a whole sentence", (code, reason) => {
    const sentence = policyReasonText(reason, pack, locale);
    expect(sentence).not.toContain("{");
    expect(sentence).not.toContain(code);
    expect(sentence).not.toContain(reason.rule);
    expect(sentence.length).toBeGreaterThan(8);
  });

  it("has a word for every hold, channel and rule of the house's floor", () => {
    const keys = [...HOLD_KINDS.map((kind) => `hold.${kind}`), ...CHANNELS.map((channel) => `channel.${channel}`)];
    expect(keys.filter((key) => !policyTexts[locale][key])).toEqual([]);
  });
});

describe("the sentence", () => {
  it("names the rule by its title and the next allowed time", () => {
    const reason = { rule: "cn.window", code: "policy.window", params: times };
    expect(policyReasonText(reason, pack, "zh-CN")).toBe(
      "22:00 至次日 08:00 不催收：当地时间 2026-03-02 22:30 不在允许时段内；最早可在 2026-03-03 08:00 联系",
    );
    expect(policyReasonText(reason, pack, "en")).toContain("No collection between 22:00 and 08:00");
  });

  it("says the hold in words and gives a floor rule its own name", () => {
    const reason = { rule: "floor.hold", code: "policy.hold", params: { hold: "cease-request" } };
    expect(policyReasonText(reason, pack, "zh-CN")).toBe("停催：该客户因要求停止联系暂停联系");
  });

  it("shows a code it does not know rather than nothing", () => {
    const reason = { rule: "dispatch.no-provider", code: "dispatch.no-provider", params: {} };
    expect(policyReasonText(reason, pack, "en")).toBe("dispatch.no-provider");
  });

  it("has the same codes in both languages", () => {
    expect(Object.keys(policyTexts.en).sort()).toEqual(Object.keys(policyTexts["zh-CN"]).sort());
  });
});
