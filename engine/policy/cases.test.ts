import { describe, expect, it } from "vitest";
import { CHANNELS, perChannel } from "../model/content";
import type { RulePack } from "../model/market-pack";
import type { ContactPoint } from "../model/party";
import type { ContactAttempt, ContactRecord, Hold, PolicyVerdict } from "../model/policy";
import { type EpochMs, parseInstant } from "../model/time";
import { marketPack } from "../packs";
import { checkPolicy } from "./check";

/** Rule cases as compliance reads them: what was done so far, when the next contact should leave, what the gate says. */

const BEIJING = "Asia/Shanghai";
const POINT: ContactPoint = {
  id: "cp_1",
  partyId: "party_1",
  kind: "phone",
  rank: 1,
  address: "sim:1",
  simulated: true,
  status: "valid",
  consent: perChannel(() => "granted"),
};
const CALL: ContactAttempt = {
  partyId: "party_1",
  accountId: "acct_1",
  channel: "robot",
  partyRole: "self",
  contactPoint: POINT,
  timeZones: [BEIJING],
};
const MESSAGE: ContactAttempt = { ...CALL, channel: "sms" };
const VISIT: ContactAttempt = { ...CALL, channel: "visit", people: 2 };

function chinaPack(): RulePack {
  const pack = marketPack("cn").rulePacks["cn-default"];
  if (pack === undefined) throw new Error("cn-default is not shipped");
  return pack;
}

function at(instant: string): EpochMs {
  const ms = parseInstant(instant);
  if (ms === null) throw new Error(instant);
  return ms;
}

/** Instant on 2 March 2026 (a Monday) in Beijing. */
const beijing = (time: string, date = "2026-03-02"): EpochMs => at(`${date}T${time}:00+08:00`);

type Answer = "unanswered" | "connected" | "conversed";

function record(atMs: EpochMs, answer: Answer, change: Partial<ContactRecord> = {}): ContactRecord {
  const connected = answer !== "unanswered";
  const conversed = answer === "conversed";
  return { atMs, channel: "robot", contactPointId: POINT.id, connected, conversed, visit: null, ...change };
}

type Case = {
  readonly attempt?: Partial<ContactAttempt>;
  readonly of?: ContactAttempt;
  readonly history?: readonly ContactRecord[];
  readonly holds?: readonly Hold[];
  readonly pack?: RulePack;
  readonly nowMs: EpochMs;
};

function ask({ attempt = {}, of = CALL, history = [], holds = [], pack = chinaPack(), nowMs }: Case): PolicyVerdict {
  return checkPolicy({ attempt: { ...of, ...attempt }, history, holds, rulePack: pack, nowMs });
}

function codesOf(verdict: PolicyVerdict): readonly string[] {
  const reasons = verdict.verdict === "allow" ? verdict.warnings : verdict.reasons;
  return reasons.map((reason) => `${reason.rule} ${reason.code}`);
}

const callsAt = (times: readonly string[], answer: Answer): readonly ContactRecord[] =>
  times.map((time) => record(beijing(time), answer));

function ruled(rules: RulePack["rules"]): RulePack {
  return { ...chinaPack(), pack: "test", rules };
}

function windowPack(windows: { weekdays?: number[]; from: string; to: string }[]): RulePack {
  const base = chinaPack().rules.find((rule) => rule.kind === "window");
  if (base?.kind !== "window") throw new Error("no window rule");
  return ruled([{ ...base, windows: windows.map((one) => ({ weekdays: [1, 2, 3, 4, 5, 6, 7], ...one })) }]);
}

describe("hours of cn-default", () => {
  it.each([
    ["08:00", "allow"],
    ["09:00", "allow"],
    ["20:29", "allow"],
    ["21:59", "allow"],
    ["22:00", "defer"],
    ["23:30", "defer"],
    ["00:00", "defer"],
    ["07:59", "defer"],
  ] as const)("at %s a call is answered with %s", (time, expected) => {
    expect(ask({ nowMs: beijing(time) }).verdict).toBe(expected);
  });

  it("puts a call at 22:30 off to 08:00 the next morning and says which rule", () => {
    const verdict = ask({ nowMs: beijing("22:30") });
    expect(verdict).toMatchObject({ verdict: "defer", untilMs: beijing("08:00", "2026-03-03") });
    expect(codesOf(verdict)).toEqual(["cn.window policy.window"]);
    expect(verdict).toMatchObject({ reasons: [{ params: { at: "2026-03-02 22:30", until: "2026-03-03 08:00" } }] });
  });

  it("puts a call at 07:59:59.999 off by a millisecond", () => {
    expect(ask({ nowMs: beijing("08:00") - 1 })).toMatchObject({ verdict: "defer", untilMs: beijing("08:00") });
  });

  it.each(CHANNELS)("hold for %s as well: nothing leaves at night, whatever it is", (channel) => {
    const of = { ...VISIT, channel };
    expect(ask({ of, nowMs: beijing("21:59") }).verdict).toBe("allow");
    expect(ask({ of, nowMs: beijing("22:00") })).toMatchObject({ untilMs: beijing("08:00", "2026-03-03") });
  });

  it.each(["08:30", "20:30", "21:59"])("only warns at %s, which law allows and the house does not like", (time) => {
    const verdict = ask({ nowMs: beijing(time) });
    expect(verdict.verdict).toBe("allow");
    expect(codesOf(verdict)).toEqual(["cn.window.house policy.window"]);
  });

  it("goes by the party's place, not the lender's: 08:30 in Beijing is 06:30 in Urumqi time", () => {
    const verdict = ask({ attempt: { timeZones: ["Asia/Urumqi"] }, nowMs: beijing("08:30") });
    expect(verdict).toMatchObject({ verdict: "defer", untilMs: beijing("10:00") });
  });
});

describe("hours with moved clocks and around midnight", () => {
  const newYork = (pack: RulePack, nowMs: EpochMs) =>
    ask({ attempt: { timeZones: ["America/New_York"] }, pack, nowMs });
  const day = windowPack([{ from: "08:00", to: "21:00" }]);

  it("opens at 08:00 summer time on the day the clocks go forward", () => {
    expect(newYork(day, at("2026-03-07T21:30:00-05:00"))).toMatchObject({ untilMs: at("2026-03-08T08:00:00-04:00") });
  });

  it("opens at 08:00 winter time on the day they go back", () => {
    expect(newYork(day, at("2026-10-31T21:30:00-04:00"))).toMatchObject({ untilMs: at("2026-11-01T08:00:00-05:00") });
  });

  it("opens right after the skipped hour when the window would open within it", () => {
    const night = windowPack([{ from: "02:30", to: "05:00" }]);
    expect(newYork(night, at("2026-03-08T01:00:00-05:00"))).toMatchObject({ untilMs: at("2026-03-08T03:00:00-04:00") });
  });

  it("opens a second time in the repeated hour", () => {
    const night = windowPack([{ from: "01:30", to: "02:00" }]);
    expect(newYork(night, at("2026-11-01T01:10:00-05:00"))).toMatchObject({ untilMs: at("2026-11-01T01:30:00-05:00") });
  });

  it.each([
    ["23:30", "allow"],
    ["03:00", "allow"],
    ["06:00", "defer"],
    ["21:59", "defer"],
  ] as const)("reads 22:00-06:00 across midnight: at %s %s", (time, expected) => {
    expect(ask({ pack: windowPack([{ from: "22:00", to: "06:00" }]), nowMs: beijing(time) }).verdict).toBe(expected);
  });

  it("lets a window of Friday evening run into Saturday, and not into Friday morning", () => {
    const pack = windowPack([{ weekdays: [5], from: "22:00", to: "02:00" }]);
    expect(ask({ pack, nowMs: beijing("01:00", "2026-03-07") }).verdict).toBe("allow");
    expect(ask({ pack, nowMs: beijing("01:00", "2026-03-06") })).toMatchObject({
      untilMs: beijing("22:00", "2026-03-06"),
    });
  });

  it("skips the weekend: from Saturday noon to Monday morning", () => {
    const pack = windowPack([{ weekdays: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }]);
    expect(ask({ pack, nowMs: beijing("12:00", "2026-03-07") })).toMatchObject({
      untilMs: beijing("09:00", "2026-03-09"),
    });
  });

  it("takes two window rules together: the later opening counts", () => {
    const [first, second] = [
      windowPack([{ from: "08:00", to: "22:00" }]),
      windowPack([{ from: "10:00", to: "23:00" }]),
    ];
    const pack = ruled([...first.rules, ...second.rules.map((rule) => ({ ...rule, id: "second" }))]);
    expect(ask({ pack, nowMs: beijing("22:30") })).toMatchObject({ untilMs: beijing("10:00", "2026-03-03") });
  });

  it("refuses when two window rules never meet", () => {
    const [first, second] = [
      windowPack([{ from: "08:00", to: "10:00" }]),
      windowPack([{ from: "10:00", to: "12:00" }]),
    ];
    const pack = ruled([...first.rules, ...second.rules.map((rule) => ({ ...rule, id: "second" }))]);
    const verdict = ask({ pack, nowMs: beijing("09:00") });
    expect(verdict.verdict).toBe("deny");
    expect(codesOf(verdict)).toContain("test policy.no-time");
  });
});

describe("calls per number and day", () => {
  const five = callsAt(["09:00", "10:00", "11:00", "12:00", "13:00"], "unanswered");

  it("lets the 6th attempt pass", () => {
    expect(ask({ history: five, nowMs: beijing("15:00") }).verdict).toBe("allow");
  });

  it("puts the 7th attempt off to the next day's opening, not to midnight", () => {
    const verdict = ask({ history: [...five, record(beijing("14:00"), "unanswered")], nowMs: beijing("15:00") });
    expect(verdict).toMatchObject({ verdict: "defer", untilMs: beijing("08:00", "2026-03-03") });
    expect(verdict).toMatchObject({ reasons: [{ code: "policy.cap-attempted", params: { used: 6, limit: 6 } }] });
  });

  it("counts by the party's calendar day: six calls yesterday leave today free", () => {
    const yesterday = [...five, record(beijing("21:59"), "unanswered")].map((call) => ({
      ...call,
      atMs: call.atMs - 24 * 60 * 60 * 1000,
    }));
    expect(ask({ history: yesterday, nowMs: beijing("08:00") }).verdict).toBe("allow");
  });

  it("counts a number by itself: another number of the same person is free", () => {
    const other = [...five, record(beijing("14:00"), "unanswered")].map((call) => ({
      ...call,
      contactPointId: "cp_2",
    }));
    expect(ask({ history: other, nowMs: beijing("15:00") }).verdict).toBe("allow");
  });

  it("counts robots and agents together", () => {
    const mixed = five.map((call, index) => (index % 2 === 0 ? { ...call, channel: "agent" as const } : call));
    const sixth = record(beijing("14:00"), "unanswered", { channel: "agent" });
    for (const channel of ["robot", "agent"] as const) {
      expect(ask({ attempt: { channel }, history: mixed, nowMs: beijing("15:00") }).verdict).toBe("allow");
      expect(ask({ attempt: { channel }, history: [...mixed, sixth], nowMs: beijing("15:00") }).verdict).toBe("defer");
    }
  });

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
  it("lets the 3rd conversation happen and puts the next call off", () => {
    const two = callsAt(["09:00", "11:00"], "conversed");
    expect(ask({ history: two, nowMs: beijing("14:00") }).verdict).toBe("allow");
    const three = ask({ history: [...two, record(beijing("13:00"), "conversed")], nowMs: beijing("15:00") });
    expect(three).toMatchObject({ verdict: "defer", untilMs: beijing("08:00", "2026-03-03") });
    expect(codesOf(three)).toEqual(["cn.conv3 policy.cap-conversed"]);
  });

  it("counts the person over all numbers", () => {
    const spread = ["cp_2", "cp_3", "cp_4"].map((contactPointId, index) =>
      record(beijing(`1${index}:00`), "conversed", { contactPointId }),
    );
    expect(ask({ history: spread, nowMs: beijing("15:00") }).verdict).toBe("defer");
  });

  it("counts conversations, not pick-ups: three voicemails do not use them up", () => {
    expect(ask({ history: callsAt(["09:00", "10:00", "11:00"], "connected"), nowMs: beijing("15:00") }).verdict).toBe(
      "allow",
    );
  });

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

  it("still lets a message pass: nobody talks by SMS", () => {
    const history = callsAt(["09:00", "10:00", "11:00"], "conversed");
    expect(ask({ of: MESSAGE, history, nowMs: beijing("15:00") }).verdict).toBe("allow");
  });

  it("says both when both caps are used up", () => {
    const history = callsAt(["09:00", "10:00", "11:00", "12:00", "13:00", "14:00"], "conversed");
    expect(codesOf(ask({ history, nowMs: beijing("15:00") }))).toEqual([
      "cn.conv3 policy.cap-conversed",
      "cn.attempt6 policy.cap-attempted",
    ]);
  });
});

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

describe("rules that only warn", () => {
  it("notes a call within an hour of the last one, and lets it pass", () => {
    const verdict = ask({ history: callsAt(["14:30"], "unanswered"), nowMs: beijing("15:00") });
    expect(verdict.verdict).toBe("allow");
    expect(codesOf(verdict)).toEqual(["cn.gap policy.minimum-gap"]);
  });

  it("notes the third message of a day", () => {
    const history = callsAt(["09:00", "10:00"], "unanswered").map((one) => ({ ...one, channel: "sms" as const }));
    expect(codesOf(ask({ of: MESSAGE, history, nowMs: beijing("15:00") }))).toEqual([
      "cn.sms.day policy.cap-attempted",
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
