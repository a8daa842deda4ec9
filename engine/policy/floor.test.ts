import { describe, expect, it } from "vitest";
import type { ContactPoint } from "../model/party";
import type { ContactAttempt, Hold } from "../model/policy";
import { ask, beijing, callsAt, chinaPack, codesOf, POINT, ruled, VISIT, windowPack } from "./testing/cn-questions";

describe("a field visit", () => {
  const nowMs = beijing("15:00");

  it.each([2, 3, 5])("is made by %i people", (people) => {
    expect(ask({ of: VISIT, attempt: { people }, nowMs }).verdict).toBe("allow");
  });

  it("is not made by one, and says how many it takes", () => {
    const verdict = ask({ of: VISIT, attempt: { people: 1 }, nowMs });
    expect(verdict.verdict).toBe("deny");
    expect(verdict).toMatchObject({ reasons: [{ rule: "cn.visit2", params: { people: 1, minimum: 2 } }] });
  });

  it("is not made when nobody said how many go", () => {
    const { people: _, ...unsaid } = VISIT;
    expect(codesOf(ask({ of: unsaid, nowMs }))).toEqual(["cn.visit2 policy.people"]);
  });

  it("is not made at an address whose owner agreed to letters only", () => {
    const contactPoint: ContactPoint = { ...POINT, kind: "address", consent: { letter: "granted" } };
    expect(codesOf(ask({ of: VISIT, attempt: { contactPoint }, nowMs }))).toEqual([
      "cn.consent policy.consent-unknown",
    ]);
  });

  it("may be allowed alone by a market whose rule only warns, and that is noted", () => {
    const people = chinaPack().rules.find((rule) => rule.kind === "people");
    if (people === undefined) throw new Error("no rule of how many people go");
    const pack = ruled([{ ...people, severity: "warn" }]);
    const verdict = ask({ of: VISIT, attempt: { people: 1 }, pack, nowMs });
    expect(verdict.verdict).toBe("allow");
    expect(codesOf(verdict)).toEqual(["cn.visit2 policy.people"]);
  });

  it("does not use up the caps on calls", () => {
    const history = callsAt(["09:00", "10:00", "11:00"], "conversed").map((one) => ({
      ...one,
      channel: "visit" as const,
    }));
    expect(ask({ history, nowMs }).verdict).toBe("allow");
  });
});

describe("refusals that no waiting cures", () => {
  const nowMs = beijing("15:00");
  const pointed = (change: Partial<ContactPoint>): Partial<ContactAttempt> => ({
    contactPoint: { ...POINT, ...change },
  });

  it.each([
    ["no number", { contactPoint: null }, "floor.contact-point policy.no-contact-point"],
    ["a masked number", pointed({ status: "masked" }), "floor.contact-point policy.contact-point-masked"],
    ["an invalid number", pointed({ status: "invalid" }), "floor.contact-point policy.contact-point-invalid"],
    ["another person's number", pointed({ partyId: "party_2" }), "floor.contact-point policy.contact-point-of-another"],
    ["consent nobody recorded", pointed({ consent: { sms: "granted" } }), "cn.consent policy.consent-unknown"],
    ["consent refused", pointed({ consent: { robot: "refused" } }), "cn.consent policy.consent-refused"],
    ["an unknown place", { timeZones: [] }, "floor.time-zone policy.zone-unknown"],
    ["a zone that does not exist", { timeZones: ["Asia/Nowhere"] }, "floor.time-zone policy.zone-unknown"],
  ] as const)("%s", (_, attempt, expected) => {
    const verdict = ask({ attempt, nowMs });
    expect(verdict.verdict).toBe("deny");
    expect(codesOf(verdict)).toEqual([expected]);
  });

  it("refuses while any hold is open, and names each kind once", () => {
    const holds: readonly Hold[] = [
      { kind: "hardship", fromMs: nowMs - 10, untilMs: null },
      { kind: "dispute", fromMs: nowMs - 5, untilMs: nowMs + 5 },
      { kind: "dispute", fromMs: nowMs, untilMs: null },
      { kind: "complaint", fromMs: nowMs - 20, untilMs: nowMs },
    ];
    const verdict = ask({ holds, nowMs });
    expect(codesOf(verdict)).toEqual(["cn.hold policy.hold", "cn.hold policy.hold"]);
    expect(verdict).toMatchObject({ reasons: [{ params: { hold: "dispute" } }, { params: { hold: "hardship" } }] });
  });

  it("keeps holds, consent and the known place even where a pack forgets them", () => {
    const pack = windowPack([{ from: "00:00", to: "00:00" }]);
    const holds: readonly Hold[] = [{ kind: "deceased", fromMs: 0, untilMs: null }];
    expect(codesOf(ask({ pack, holds, attempt: pointed({ consent: {} }), nowMs }))).toEqual([
      "floor.hold policy.hold",
      "floor.consent policy.consent-unknown",
    ]);
  });

  it("carries the reasons of waiting beside those of refusing", () => {
    const holds: readonly Hold[] = [{ kind: "dispute", fromMs: 0, untilMs: null }];
    expect(codesOf(ask({ holds, nowMs: beijing("23:00") }))).toEqual([
      "cn.hold policy.hold",
      "cn.window policy.window",
    ]);
  });

  it("lets a pack turn unknown consent into a warning, never refused consent", () => {
    const consent = chinaPack().rules.find((rule) => rule.kind === "consent");
    if (consent === undefined) throw new Error("no consent rule");
    const pack = ruled([{ ...consent, severity: "warn" }]);
    expect(ask({ pack, attempt: pointed({ consent: {} }), nowMs }).verdict).toBe("allow");
    expect(ask({ pack, attempt: pointed({ consent: { robot: "refused" } }), nowMs }).verdict).toBe("deny");
  });
});
