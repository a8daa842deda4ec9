import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
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
  return { atMs, channel: "robot", contactPointId, connected: false, conversed: false, settled: true, ...changes };
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
      text: "您好测试客户,请尽快还款1,000.00元。",
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
