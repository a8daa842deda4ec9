import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHANNELS } from "../model/content";
import type { RulePack } from "../model/market-pack";
import { HOUR_MS } from "../model/time";
import { marketPack } from "../packs";
import { neverAllowed, wordsAhead } from "./ask-ahead";
import { checkPolicy, checkWords } from "./check";
import type { PolicyRule } from "./kinds";
import { aPack, aQuestion } from "./testing/questions";

const shipped = marketPack("cn").rulePacks["cn-default"];
if (shipped === undefined) throw new Error("cn-default is not shipped");
const cnDefault: RulePack = shipped;
const { source } = cnDefault.rules[0] as PolicyRule;
const base = { title: { en: "Rule" }, source, severity: "block" as const, effectiveFrom: "2025-01-01" };
const people = { ...base, id: "together", kind: "people", channels: ["visit" as const], minimum: 3 };

describe("what can be told of a step before anybody stands there", () => {
  it("names the rule that asks for more people than go", () => {
    const pack = aPack(people);
    expect(neverAllowed(pack, { channel: "visit", people: 2 }).map(({ rule }) => rule)).toEqual(["together"]);
    expect(neverAllowed(pack, { channel: "visit", people: 3 })).toEqual([]);
    expect(neverAllowed(pack, { channel: "agent", people: 2 })).toEqual([]);
  });

  it("leaves to the gate what only some accounts meet: a place, a notice, a consent", () => {
    const notice = {
      ...base,
      id: "notice",
      kind: "prerequisite-notice",
      notice: "x",
      waitDays: 1,
      dayKind: "calendar",
    };
    const regional = { ...people, appliesTo: { regions: ["US-MA"] } };
    for (const rule of [notice, regional])
      expect(neverAllowed(aPack(rule), { channel: "visit", people: 2 })).toEqual([]);
  });

  it("finds that no day of the year is left: a pack without a calendar takes each for a holiday", () => {
    const festive = { ...base, id: "festive", kind: "special-day", holidays: true, events: ["wedding"], daysAfter: 0 };
    const { calendar: _, ...without } = aPack(festive);
    expect(neverAllowed(without, { channel: "sms" }).map(({ rule }) => rule)).toEqual(["festive"]);
    expect(neverAllowed(aPack(festive), { channel: "sms" })).toEqual([]);
  });

  it.each(CHANNELS)("has nothing against %s by the shipped pack", (channel) => {
    expect(neverAllowed(cnDefault, { channel, people: 2 })).toEqual([]);
  });
});

const rules: fc.Arbitrary<RulePack> = fc
  .array(
    fc.oneof(
      fc.record({ minimum: fc.integer({ min: 2, max: 4 }) }).map((own) => ({ ...people, ...own })),
      fc.constantFrom(["self"], ["guarantor"]).map((roles) => ({ ...base, kind: "party", roles })),
      fc
        .record({ from: fc.constantFrom("08:00", "12:00"), to: fc.constantFrom("12:00", "20:00") })
        .filter(({ from, to }) => from < to)
        .map((hours) => ({ ...base, kind: "window", windows: [{ weekdays: [1, 2, 3], ...hours }] })),
      fc.constantFrom("first", "always").map((when) => ({
        ...base,
        ...{ kind: "required-content", demands: [{ id: "institution", anyOf: ["【"] }], when },
      })),
      fc.constant({ ...base, kind: "banned-content", phrases: ["法院"] }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((made) => aPack(...made.map((rule, index) => ({ ...rule, id: `rule-${index}` }))));

describe("whatever the rules", () => {
  it("a step that is never allowed is never allowed by the gate, at any hour, to anybody", () => {
    const asked = fc.record({
      pack: rules,
      hours: fc.integer({ min: 0, max: 9000 }),
      people: fc.integer({ min: 1, max: 4 }),
    });
    let never = 0;
    fc.assert(
      fc.property(asked, ({ pack, hours, people: count }) => {
        const found = neverAllowed(pack, { channel: "visit", people: count });
        const attempt = { channel: "visit" as const, people: count };
        const verdict = checkPolicy(
          aQuestion({ rulePack: pack, nowMs: Date.UTC(2026, 2, 2) + hours * HOUR_MS, attempt }),
        );
        if (found.length === 0) return;
        never += 1;
        expect(verdict.verdict).toBe("deny");
      }),
      { numRuns: 400 },
    );
    expect(never).toBeGreaterThan(20);
  });

  it("a text is certain to be refused exactly where the gate refuses it in the first contact and in later ones", () => {
    const text = fc
      .array(fc.constantFrom("【机构】", "您好", "法院", "请还款"), { maxLength: 4 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(rules, text, (rulePack, said) => {
        const certain = wordsAhead(rulePack, { channel: "sms", text: said }).filter((one) => one.certain);
        const attempt = { channel: "sms" as const };
        const reached = { atMs: Date.UTC(2026, 2, 1), channel: "sms" as const, contactPointId: "cp_1", visit: null };
        const later = [{ ...reached, connected: true, conversed: false }];
        const refused = [[], later].map(
          (history) => checkWords({ ...aQuestion({ rulePack, attempt, history }), text: said }).reasons,
        );
        const always = (refused[0] ?? []).filter((one) => (refused[1] ?? []).some(({ rule }) => rule === one.rule));
        expect(new Set(certain.map(({ reason }) => reason.rule))).toEqual(new Set(always.map(({ rule }) => rule)));
      }),
      { numRuns: 400 },
    );
  });

  it("looks past the dates: a rule to come counts, one that ends does not", () => {
    const coming = { ...people, effectiveFrom: "2090-01-01" };
    expect(neverAllowed(aPack(coming), { channel: "visit", people: 2 })).toHaveLength(1);
    expect(neverAllowed(aPack({ ...people, effectiveTo: "2090-01-01" }), { channel: "visit", people: 2 })).toEqual([]);
  });
});
