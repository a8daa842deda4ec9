import { describe, expect, it } from "vitest";
import type { ContactAttempt } from "../model/policy";
import { ask, beijing, callsAt, chinaPack, codesOf, record, ruled } from "./testing/cn-questions";

describe("calls per number and day", () => {
  const five = callsAt(["09:00", "10:00", "11:00", "12:00", "13:00"], "unanswered");

  it("does not count messages as calls", () => {
    const messages = [...five, ...five].map((call) => ({ ...call, channel: "sms" as const }));
    expect(ask({ history: messages, nowMs: beijing("15:00") }).verdict).toBe("allow");
  });

  it("counts a contact that a faster clock dated ahead", () => {
    const ahead = [...five, record(beijing("15:01"), "unanswered")];
    expect(ask({ history: ahead, nowMs: beijing("15:00") }).verdict).toBe("defer");
  });
});

describe("conversations per person and day", () => {
  it("counts what was said to a robot and to an agent together", () => {
    const history = [
      record(beijing("09:00"), "conversed"),
      record(beijing("11:00"), "conversed", { channel: "agent" }),
      record(beijing("13:00"), "conversed", { channel: "agent" }),
    ];
    for (const channel of ["robot", "agent"] as const) {
      expect(codesOf(ask({ attempt: { channel }, history, nowMs: beijing("15:00") }))).toEqual([
        "cn.conv3 policy.cap-conversed",
      ]);
    }
  });
});

describe("a step's own limit per day", () => {
  const visit = "enr_1:4";
  const own = (maxPerDay: number): Partial<ContactAttempt> => ({ ownCap: { visit, maxPerDay } });
  const calls = (...times: readonly string[]) => times.map((time) => record(beijing(time), "unanswered", { visit }));

  it("puts the call over it off to the opening of the next day at the person's place", () => {
    expect(ask({ attempt: own(2), history: calls("09:00"), nowMs: beijing("15:00") }).verdict).toBe("allow");
    const verdict = ask({ attempt: own(2), history: calls("09:00", "12:00"), nowMs: beijing("15:00") });
    expect(verdict).toMatchObject({ verdict: "defer", untilMs: beijing("08:00", "2026-03-03") });
    expect(codesOf(verdict)).toEqual(["step.max-per-day policy.cap-attempted"]);
  });

  it("counts one visit of the step: what other steps and other loans did is the law's business", () => {
    const others = callsAt(["09:00", "10:00", "11:00"], "unanswered").map((call) => ({ ...call, visit: "enr_1:3" }));
    expect(ask({ attempt: own(1), history: others, nowMs: beijing("15:00") }).verdict).toBe("allow");
  });

  it("counts the visit over all its numbers", () => {
    const spread = calls("09:00", "10:00").map((call) => ({ ...call, contactPointId: "cp_2" }));
    expect(ask({ attempt: own(2), history: spread, nowMs: beijing("15:00") }).verdict).toBe("defer");
  });

  it("never loosens the law", () => {
    const six = calls("09:00", "10:00", "11:00", "12:00", "13:00", "14:00");
    expect(codesOf(ask({ attempt: own(9), history: six, nowMs: beijing("15:00") }))).toEqual([
      "cn.attempt6 policy.cap-attempted",
    ]);
  });
});

describe("rolling days and gaps that block", () => {
  const cap = chinaPack().rules.find((rule) => rule.id === "cn.attempt6");
  const gap = chinaPack().rules.find((rule) => rule.kind === "minimum-gap");
  if (cap?.kind !== "cap" || gap?.kind !== "minimum-gap") throw new Error("rules changed");
  const sevenInSeven = ruled([{ ...cap, per: "party", limit: 7, window: { kind: "rolling-days", days: 7 } }]);
  const aWeek = ["02", "03", "04", "05", "06", "07", "08"].map((day) =>
    record(beijing("10:00", `2026-03-${day}`), "unanswered"),
  );

  it("frees a place exactly seven days after the first of seven calls", () => {
    expect(ask({ pack: sevenInSeven, history: aWeek, nowMs: beijing("09:59", "2026-03-09") })).toMatchObject({
      verdict: "defer",
      untilMs: beijing("10:00", "2026-03-09"),
    });
    expect(ask({ pack: sevenInSeven, history: aWeek, nowMs: beijing("10:00", "2026-03-09") }).verdict).toBe("allow");
  });

  it("waits for the end of a blocking gap", () => {
    const pack = ruled([{ ...gap, severity: "block", minutes: 60 }]);
    expect(ask({ pack, history: callsAt(["14:30"], "unanswered"), nowMs: beijing("15:00") })).toMatchObject({
      verdict: "defer",
      untilMs: beijing("15:30"),
    });
  });

  it("refuses when the cap stays used up beyond the horizon of two weeks", () => {
    const pack = ruled([{ ...cap, limit: 1, window: { kind: "rolling-days", days: 30 } }]);
    const verdict = ask({ pack, history: callsAt(["10:00"], "unanswered"), nowMs: beijing("15:00") });
    expect(codesOf(verdict)).toEqual(["test policy.no-time", "cn.attempt6 policy.cap-attempted"]);
    expect(verdict.verdict).toBe("deny");
  });
});
