import { describe, expect, it } from "vitest";
import { LOCALES } from "../model/locale";
import { checkPolicy } from "./check";
import { ruleKindOf, ruleKinds } from "./kinds";
import { readRulePack } from "./link";
import { policyReasonText, policyTexts } from "./reason-text";
import { aPack, aQuestion } from "./testing/questions";

/** Rows of the table of what a rule engine must be able to express (R1 … R16). */
const ROWS = Array.from({ length: 16 }, (_, index) => `R${index + 1}`);

describe("the kinds of rules", () => {
  it("are those the law needs, each row once", () => {
    expect(ruleKinds.map(({ row }) => row).sort()).toEqual([...ROWS].sort());
    expect(new Set(ruleKinds.map(({ kind }) => kind)).size).toBe(ruleKinds.length);
  });

  it("refuse a rule of a kind nobody knows, one that is malformed and two with one id", () => {
    const [rule] = ruleKinds.map(({ example }) => example);
    if (rule === undefined) throw new Error("no kinds");
    const pack = aPack(rule, { ...rule }, { ...rule, id: "b.c", kind: "magic" }, { ...rule, id: "d.e", limit: 3 });
    const { calendar: _, ...file } = pack;
    const read = readRulePack(file);
    expect(read.ok ? [] : read.error.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "rules.id-twice rules[1]",
      "rules.kind-unknown rules[2]",
      "rules.malformed rules[3]",
    ]);
  });
});

describe("a cool-down for ever", () => {
  const rule = ruleKindOf("cool-down")?.example;
  const read = (after: object) => {
    const { calendar: _, ...file } = aPack({
      ...rule,
      after,
      days: "for-ever",
    } as (typeof ruleKinds)[number]["example"]);
    return readRulePack(file).ok;
  };

  it("begins with a result that is remembered for ever, and with no other", () => {
    expect(read({ outcomes: ["TPR"] })).toBe(true);
    expect([read({ outcomes: ["TPR", "PTP"] }), read({ reached: "conversed" })]).toEqual([false, false]);
  });
});

describe.each(ruleKinds.map((kind) => [kind.kind, kind] as const))("the kind %s", (_, kind) => {
  const { calendar, ...file } = aPack(kind.example);
  const pack = { ...file, ...(calendar === undefined ? {} : { calendar }) };
  const verdictOf = (asked: typeof kind.allows) => checkPolicy(aQuestion({ ...asked, rulePack: pack }));

  it("has an example that reads as itself, a name and words in both languages", () => {
    expect(readRulePack(file)).toEqual({ ok: true, value: file });
    expect(ruleKindOf(kind.example.kind)).toBe(kind);
    expect(kind.title["zh-CN"] && kind.title.en).toBeTruthy();
    for (const locale of LOCALES)
      for (const code of Object.keys(kind.texts)) expect(policyTexts[locale][code]).toBeTruthy();
  });

  it("cites where its example comes from", () => {
    expect(kind.example.source.name).not.toBe("");
    expect(kind.example.effectiveFrom).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it("lets its good case pass", () => {
    expect(verdictOf(kind.allows)).toEqual({ verdict: "allow", warnings: [] });
  });

  it("stops its bad case, says why in both languages, and only notes it where the rule warns", () => {
    const { code, ...asked } = kind.refuses;
    const verdict = verdictOf(asked);
    expect(verdict.verdict).not.toBe("allow");
    const reasons = verdict.verdict === "allow" ? [] : verdict.reasons;
    expect(reasons.map((reason) => reason.code)).toContain(code);
    for (const locale of LOCALES) {
      for (const reason of reasons) expect(policyReasonText(reason, pack, locale)).not.toMatch(/[{}]|policy\./);
    }
    const warns = { ...pack, rules: [{ ...kind.example, severity: "warn" as const }] };
    const noted = checkPolicy(aQuestion({ ...asked, rulePack: warns }));
    // A refused consent, a hold and a stranger are stopped by the floor, whatever a pack says.
    if (noted.verdict === "allow") expect(noted.warnings.map((reason) => reason.code)).toContain(code);
    else expect(["hold", "consent", "party"]).toContain(kind.kind);
  });

  it("does not apply before it begins nor after it ends, and only warns until it is enforced", () => {
    const { code, ...asked } = kind.refuses;
    const codesWith = (change: object) => {
      const rules = [{ ...kind.example, ...change }];
      const verdict = checkPolicy(aQuestion({ ...asked, rulePack: { ...pack, rules } }));
      const reasons = verdict.verdict === "allow" ? verdict.warnings : verdict.reasons;
      return { verdict: verdict.verdict, ofRule: reasons.filter(({ rule }) => rule === kind.example.id).length };
    };
    expect(codesWith({ effectiveFrom: "2027-01-01" }).ofRule, code).toBe(0);
    expect(codesWith({ effectiveTo: "2026-02-01" }).ofRule, code).toBe(0);
    const announced = codesWith({ enforcedFrom: "2027-01-01" });
    if (announced.verdict === "allow") expect(announced.ofRule).toBeGreaterThan(0);
    expect(codesWith({}).ofRule).toBeGreaterThan(0);
  });
});
