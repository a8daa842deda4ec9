import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ContactPoint } from "../model/party";
import { DAY_MS, HOUR_MS, instantAt, MINUTE_MS } from "../model/time";
import { factsOf } from "../portfolio/facts";
import { anAccount, aPhone, MONDAY_MORNING_MS, SHANGHAI } from "../testing/builders";
import { callingVersion, STRICT_MARKET } from "../testing/live-story";
import { askGate, checkStepText, type GateQuestion, type GateSetting } from "./gate";
import type { PastContact } from "./past-contacts";
import { gateReasonTexts } from "./texts";

const ann = anAccount("A-1");
const { program } = callingVersion();
const setting: GateSetting<string> = {
  program,
  pack: STRICT_MARKET,
  locale: "zh-CN",
  providerOf: (channel) => `${channel}-house`,
};

const VISIT = "enr_1:2";

/** Ann is ten days past due, it is Monday morning, and a step wants to call her within two days. */
function aCall({ account = ann, ...changes }: Partial<GateQuestion> = {}): GateQuestion {
  const nowMs = changes.nowMs ?? MONDAY_MORNING_MS;
  const moving = {
    ledger: { paidMinor: 0 },
    counters: { contacts7d: 0, conversations7d: 0 },
    otherAccounts: 0,
    arms: {},
  };
  return {
    account,
    facts: factsOf({ account, fields: STRICT_MARKET.fields, ...moving, startedAtMs: nowMs }, nowMs, SHANGHAI),
    subject: { partyId: account.partyId, accountId: account.id },
    channel: "robot",
    contentId: "robot.reminder",
    visit: VISIT,
    terms: {},
    notAfterMs: nowMs + 2 * DAY_MS,
    contactPoints: [aPhone(account.partyId)],
    history: [],
    holds: [],
    nowMs,
    ...changes,
  };
}

function contactAt(atMs: number, changes: Partial<PastContact> = {}): PastContact {
  const contactPointId = aPhone(ann.partyId).id;
  const unanswered = { connected: false, conversed: false, settled: true, visit: VISIT };
  return { atMs, channel: "robot", contactPointId, ...unanswered, ...changes };
}

const rulesOf = (answer: ReturnType<typeof askGate<string>>): readonly string[] =>
  answer.kind === "allow" ? [] : answer.reasons.map(({ rule }) => rule);

describe("a contact that wants to leave", () => {
  it("leaves in the morning, to the phone that is valid, with the text as the person hears it", () => {
    const masked = aPhone(ann.partyId, { id: "cp_masked", status: "masked" });
    const valid = aPhone(ann.partyId);
    expect(askGate(aCall({ contactPoints: [masked, valid] }), setting)).toEqual({
      kind: "allow",
      to: valid,
      message: { subject: null, text: "您好测试客户,我是智能语音助手,请尽快还款1,000.00元。" },
      provider: "robot-house",
      warnings: [],
    });
  });

  it("waits for the morning at night, and says which rule asked it to", () => {
    const nowMs = instantAt(SHANGHAI, "2026-03-02", 22 * 60);
    const answer = askGate(aCall({ nowMs }), setting);
    expect(answer).toMatchObject({ kind: "defer", untilMs: instantAt(SHANGHAI, "2026-03-03", 8 * 60) });
    expect(rulesOf(answer)).toEqual(["hours"]);
  });

  it("is refused when the morning comes after its own deadline", () => {
    const nowMs = instantAt(SHANGHAI, "2026-03-02", 22 * 60);
    const answer = askGate(aCall({ nowMs, notAfterMs: nowMs + HOUR_MS }), setting);
    expect(answer.kind).toBe("deny");
    expect(rulesOf(answer)).toEqual(["dispatch.window-closed", "hours"]);
  });

  it("is refused after its deadline, whatever the rules would say", () => {
    const answer = askGate(aCall({ notAfterMs: MONDAY_MORNING_MS - 1 }), setting);
    expect([answer.kind, ...rulesOf(answer)]).toEqual(["deny", "dispatch.window-closed"]);
  });

  it("is refused when there is no debt any more, and says what became of it", () => {
    const answer = askGate(aCall({ account: anAccount("A-1", { status: "sold" }) }), setting);
    expect(answer).toEqual({
      kind: "deny",
      reasons: [{ rule: "dispatch.account-settled", code: "dispatch.account-settled", params: { status: "sold" } }],
    });
  });

  it("is refused without rules: no rules do not mean no limits", () => {
    const answer = askGate(aCall(), { ...setting, pack: { ...STRICT_MARKET, rulePacks: {} } });
    expect(rulesOf(answer)).toEqual(["dispatch.rule-pack-missing"]);
  });

  it.each([
    ["a phone", [], "floor.contact-point"],
    ["a number anybody could dial", [aPhone(ann.partyId, { status: "masked" })], "floor.contact-point"],
    ["consent", [aPhone(ann.partyId, { consent: {} })], "consent"],
  ] as const)("is refused without %s", (_, contactPoints, rule) => {
    const answer = askGate(aCall({ contactPoints }), setting);
    expect([answer.kind, ...rulesOf(answer)]).toEqual(["deny", rule]);
  });

  it("is refused while the person is held", () => {
    const holds = [{ kind: "dispute", fromMs: MONDAY_MORNING_MS - HOUR_MS, untilMs: null }] as const;
    const answer = askGate(aCall({ holds }), setting);
    expect([answer.kind, ...rulesOf(answer)]).toEqual(["deny", "hold"]);
  });

  it("is refused when nobody is set up to carry it", () => {
    const simulatedOnly: GateSetting<string> = {
      ...setting,
      providerOf: (_, simulated) => (simulated ? "robot" : null),
    };
    const real = aPhone(ann.partyId, { simulated: false, address: "+8613800001234" });
    expect(rulesOf(askGate(aCall({ contactPoints: [real] }), simulatedOnly))).toEqual(["dispatch.no-provider"]);
    expect(askGate(aCall(), simulatedOnly).kind).toBe("allow");
  });

  it("counts a call under way as the conversation it may become, for a day", () => {
    const open = contactAt(MONDAY_MORNING_MS - MINUTE_MS, { settled: false });
    expect(rulesOf(askGate(aCall({ history: [open] }), setting))).toEqual(["talks"]);
    expect(askGate(aCall({ history: [{ ...open, settled: true }] }), setting).kind).toBe("allow");
    const forgotten = contactAt(MONDAY_MORNING_MS - DAY_MS, { settled: false });
    expect(askGate(aCall({ history: [forgotten] }), setting).kind).toBe("allow");
  });
});

describe("the number a call goes to", () => {
  const [first, second, third] = [1, 2, 3].map((rank) =>
    aPhone(ann.partyId, { id: `cp_${4 - rank}`, rank, address: `sim:1380000000${rank}` }),
  );
  if (first === undefined || second === undefined || third === undefined) throw new Error("three numbers");
  const numbers = [third, first, second];
  const next = { contactPoints: "next" } as const;
  const lastWeek = MONDAY_MORNING_MS - 7 * DAY_MS;
  const calledAt = (...points: readonly ContactPoint[]) =>
    points.map((point, index) => contactAt(lastWeek + index * HOUR_MS, { contactPointId: point.id }));
  const numberOf = (question: Partial<GateQuestion>) => {
    const answer = askGate(aCall({ contactPoints: numbers, ...question }), setting);
    return answer.kind === "allow" ? answer.to : null;
  };

  it("is the one of the first rank, however the file and the database order them", () => {
    for (const contactPoints of [numbers, [...numbers].reverse()]) expect(numberOf({ contactPoints })).toBe(first);
    expect(numberOf({ history: calledAt(first, first) })).toBe(first);
    expect(numberOf({ contactPoints: [{ ...first, status: "invalid" }, second] })).toBe(second);
  });

  it("is the next with every call of a visit that goes on to the next, and then the first again", () => {
    const called: ContactPoint[] = [];
    for (let call = 0; call < 7; call += 1) {
      const to = numberOf({ terms: next, history: calledAt(...called) });
      if (to === null) throw new Error("nobody was called");
      called.push(to);
    }
    expect(called).toEqual([first, second, third, first, second, third, first]);
  });

  it("leaves none out when one of them turns out to be no good on the way", () => {
    const without = [third, { ...first, status: "invalid" as const }, second];
    expect(numberOf({ terms: next, contactPoints: without, history: calledAt(first) })).toBe(second);
    expect(numberOf({ terms: next, contactPoints: without, history: calledAt(first, second) })).toBe(third);
  });

  it("is never one that was not agreed to, and begins anew with the next visit", () => {
    const refused = [{ ...first, consent: { robot: "refused" as const } }, second, third];
    expect(numberOf({ terms: next, contactPoints: refused })).toBe(second);
    const others = calledAt(first, second).map((past) => ({ ...past, visit: "enr_1:9" }));
    expect(numberOf({ terms: next, history: others })).toBe(first);
  });

  it("is shown to the rules as it is when there is none to go to", () => {
    const answer = askGate(aCall({ terms: next, contactPoints: [{ ...first, consent: {} }] }), setting);
    expect(rulesOf(answer)).toEqual(["consent"]);
    expect(rulesOf(askGate(aCall({ terms: next, contactPoints: [] }), setting))).toEqual(["floor.contact-point"]);
  });
});

describe("what a step lays down about its contacts", () => {
  it("puts the call over its limit per day off to the next morning, or refuses it when that is too late", () => {
    const history = [contactAt(MONDAY_MORNING_MS - HOUR_MS)];
    const once = { terms: { maxPerDay: 1 }, history };
    const answer = askGate(aCall(once), setting);
    expect(answer).toMatchObject({ kind: "defer", untilMs: instantAt(SHANGHAI, "2026-03-03", 8 * 60) });
    expect(rulesOf(answer)).toEqual(["step.max-per-day"]);
    const hasty = askGate(aCall({ ...once, notAfterMs: MONDAY_MORNING_MS + HOUR_MS }), setting);
    expect(rulesOf(hasty)).toEqual(["dispatch.window-closed", "step.max-per-day"]);
    expect(askGate(aCall({ ...once, terms: { maxPerDay: 2 } }), setting).kind).toBe("allow");
  });

  it("says how many people go, for rules that want more than one", () => {
    const rules = STRICT_MARKET.rulePacks["cn-default"];
    const hold = rules?.rules.find(({ kind }) => kind === "hold");
    if (rules === undefined || hold === undefined) throw new Error("no rules");
    const together = { ...hold, id: "together", kind: "people", minimum: 2 } as const;
    const pack = { ...STRICT_MARKET, rulePacks: { "cn-default": { ...rules, rules: [...rules.rules, together] } } };
    const going = (people: number) => {
      const desk = { queue: "tour", priority: 5, dueAtMs: MONDAY_MORNING_MS, people };
      return askGate(aCall({ terms: { desk } }), { ...setting, pack });
    };
    expect(going(2).kind).toBe("allow");
    expect(rulesOf(going(1))).toEqual(["together"]);
    expect(rulesOf(askGate(aCall(), { ...setting, pack }))).toEqual(["together"]);
  });
});

describe("a message with a subject", () => {
  const text = { "zh-CN": "您好{{customer_name}},请查收。" };
  const withMail = (subject?: { "zh-CN": string }): GateSetting<string> => {
    const reminder = program.contents["robot.reminder"];
    if (reminder === undefined) throw new Error("no text");
    const content = { ...reminder, channel: "email" as const, text, ...(subject === undefined ? {} : { subject }) };
    return { ...setting, program: { ...program, contents: { "robot.reminder": content } } };
  };
  const mailbox = aPhone(ann.partyId, { kind: "email" });
  const mail = (change: Partial<GateQuestion> = {}) => aCall({ channel: "email", contactPoints: [mailbox], ...change });

  it("leaves with both filled, to a mailbox and not to a phone", () => {
    const answer = askGate(mail(), withMail({ "zh-CN": "{{customer_name}}的账单" }));
    expect(answer).toMatchObject({
      kind: "allow",
      to: mailbox,
      message: { subject: "测试客户的账单", text: "您好测试客户,请查收。" },
    });
    const phoneOnly = askGate(mail({ contactPoints: [aPhone(ann.partyId)] }), withMail({ "zh-CN": "账单" }));
    expect(rulesOf(phoneOnly)).toEqual(["floor.contact-point"]);
  });

  it("does not leave without its subject, nor with a forbidden word in it", () => {
    expect(rulesOf(askGate(mail(), withMail()))).toEqual(["dispatch.content-incomplete"]);
    expect(rulesOf(askGate(mail(), withMail({ "zh-CN": "威胁" })))).toEqual(["dispatch.content-blocked"]);
    expect(rulesOf(askGate(mail(), withMail({ "zh-CN": "{{no_such}}" })))).toEqual(["dispatch.content-incomplete"]);
  });
});

describe("the text of a contact", () => {
  const named = (customer_name: string | null) => anAccount("A-1", { fields: { customer_name } });

  it("must have every value it quotes", () => {
    const answer = askGate(aCall({ account: named(null) }), setting);
    expect(answer).toMatchObject({ kind: "deny", reasons: [{ rule: "dispatch.content-incomplete" }] });
    expect(rulesOf(askGate(aCall({ contentId: "gone" }), setting))).toEqual(["dispatch.content-incomplete"]);
    expect(rulesOf(askGate(aCall({ contentId: "constructor" }), setting))).toEqual(["dispatch.content-incomplete"]);
  });

  it("must be fit to be sent, also where a lender's file brought the word", () => {
    const answer = askGate(aCall({ account: named("威胁") }), setting);
    expect([answer.kind, ...rulesOf(answer)]).toEqual(["deny", "dispatch.content-blocked"]);
  });

  it("is judged by a step's text check with its findings; what cannot be checked is blocked", () => {
    const check = (account = ann, lexicon = "basic") => checkStepText({ ...aCall({ account }), lexicon }, setting);
    expect(check()).toEqual({ verdict: "pass", reasons: [] });
    expect(check(named("威胁"))).toEqual({
      verdict: "block",
      reasons: [{ rule: "dispatch.finding", code: "dispatch.finding", params: { category: "A", severity: "fatal" } }],
    });
    for (const unchecked of [check(named(null)), check(ann, "no-such-list"), check(ann, "constructor")]) {
      expect(unchecked).toMatchObject({ verdict: "block", reasons: [{ rule: "dispatch.content-incomplete" }] });
    }
  });
});

it("every reason the gate gives of its own has its sentence", () => {
  const source = readFileSync(join(import.meta.dirname, "gate.ts"), "utf8");
  const codes = [...source.matchAll(/senderReason\("(dispatch\.[a-z-]+)"/g)].map((match) => match[1] ?? "");
  expect([...new Set(codes)].sort()).toEqual(Object.keys(gateReasonTexts.en).sort());
});

describe("rules of place, words and law in the gate", () => {
  const base = STRICT_MARKET.rulePacks["cn-default"];
  const hold = base?.rules.find(({ kind }) => kind === "hold");
  if (base === undefined || hold === undefined) throw new Error("no rules");
  const withRule = (rule: object) => ({
    ...setting,
    pack: { ...STRICT_MARKET, rulePacks: { "cn-default": { ...base, rules: [...base.rules, { ...hold, ...rule }] } } },
  });
  const identity = {
    id: "identity",
    kind: "required-content",
    demands: [{ id: "institution", anyOf: ["示例机构"] }],
    when: "always",
  };

  it("looks at the words as the person will hear them, after everything else", () => {
    expect(rulesOf(askGate(aCall(), withRule(identity)))).toEqual(["identity"]);
    const said = { ...identity, demands: [{ id: "institution", anyOf: ["测试客户"] }] };
    expect(askGate(aCall(), withRule(said)).kind).toBe("allow");
    const night = instantAt(SHANGHAI, "2026-03-02", 22 * 60);
    expect(rulesOf(askGate(aCall({ nowMs: night }), withRule(identity)))).toEqual(["hours"]);
  });

  it("goes by the number where the address says nothing, and by nothing where neither does", () => {
    const account = anAccount("A-1", { timeZone: null });
    expect(rulesOf(askGate(aCall({ account }), setting))).toEqual(["floor.time-zone"]);
    const real = aPhone(account.partyId, { simulated: false, address: "+8613800001234" });
    expect(askGate(aCall({ account, contactPoints: [real] }), setting).kind).toBe("allow");
  });

  it("asks by the law of another day where that is wanted", () => {
    const windows = [{ weekdays: [7], from: "08:00", to: "09:00" }];
    const coming = { id: "sundays", kind: "window", windows, effectiveFrom: "2026-06-01" };
    expect(askGate(aCall(), withRule(coming)).kind).toBe("allow");
    const then = { ...withRule(coming), lawOf: "2026-06-01" };
    expect(rulesOf(askGate(aCall(), then))).toContain("sundays");
  });

  it("is relaxed by a recorded consent where the rule allows it", () => {
    const nowMs = instantAt(SHANGHAI, "2026-03-02", 21 * 60);
    const relaxable = { ...base, rules: base.rules.map((rule) => ({ ...rule, relaxedBy: "debtor-consent" as const })) };
    const relaxed = { ...setting, pack: { ...STRICT_MARKET, rulePacks: { "cn-default": relaxable } } };
    const consents = [
      {
        rules: ["hours"],
        channels: ["robot" as const],
        fromMs: nowMs - DAY_MS,
        untilMs: nowMs + DAY_MS,
        evidence: "rec-1",
      },
    ];
    expect(askGate(aCall({ nowMs, consents }), relaxed).kind).toBe("allow");
    expect(rulesOf(askGate(aCall({ nowMs, consents }), setting))).toEqual(["hours"]);
  });
});
