import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RulePack } from "../model/market-pack";
import type { AgencyStanding, KnownAgency } from "../model/policy";
import { TASK_KINDS } from "../model/program";
import { DAY_MS } from "../model/time";
import { definitionOf, nodeDefinitions } from "../nodes";
import { marketPack } from "../packs";
import { checkPolicy } from "../policy/check";
import { anAccount, MONDAY_MORNING_MS } from "../testing/builders";
import { type ActQuestion, type ActSetting, actOf, askToAct, askToDelete, TASK_ACTS } from "./act";

const cn = marketPack("cn");
const shipped = cn.rulePacks["cn-default"];
if (shipped === undefined) throw new Error("cn-default is not shipped");
const cnDefault: RulePack = shipped;
const NOW = MONDAY_MORNING_MS;

/** A loan of 10,000.00 paid out a year ago, with charges of 2,000.00 (at 24 % a year 2,400.00 may be claimed). */
const LOAN = {
  principal_balance: 1_000_000,
  loan_amount: 1_000_000,
  total_paid: 0,
  interest_due: 200_000,
  penalty_due: 0,
  fee_due: 0,
  disburse_date: "2025-03-02",
  due_date: "2026-02-21",
};
const ann = anAccount("A-1", { fields: LOAN });
const facts = { account_status: "open", product_type: "cash-loan" };
const GOOD: AgencyStanding = {
  whitelisted: true,
  violation: false,
  contractUntil: "2026-12-31",
  evaluatedOn: "2026-01-05",
  trainedOn: "2026-01-05",
};
const harbour: KnownAgency = { name: "Harbour", standing: GOOD };
const shady: KnownAgency = { name: "Anvil", standing: { ...GOOD, violation: true } };

function asked(changes: Partial<ActQuestion> & Pick<ActQuestion, "act">): ActQuestion {
  const subject = { partyId: ann.partyId, accountId: ann.id };
  return {
    subject,
    account: ann,
    facts,
    history: [],
    holds: [],
    notAfterMs: NOW + 30 * DAY_MS,
    nowMs: NOW,
    ...changes,
  };
}
const setting: ActSetting = {
  pack: cn,
  program: { settings: { rulePack: "cn-default" } },
  agencies: [harbour, shady],
};
const rulesOf = (answer: ReturnType<typeof askToAct>) =>
  answer.kind === "allow" ? answer.warnings.map(({ rule }) => rule) : answer.reasons.map(({ rule }) => rule);
const said = (question: Parameters<typeof asked>[0], given: Partial<ActSetting> = {}) => {
  const answer = askToAct(asked(question), { ...setting, ...given });
  return [answer.kind, ...new Set(rulesOf(answer))];
};
/** The shipped pack with one more rule, of the first one's source. */
const withRule = (rule: object): ActSetting["pack"] => {
  const [first] = cnDefault.rules;
  const base = { title: { en: "House" }, source: first?.source, severity: "block", effectiveFrom: "2026-01-01" };
  const rules = [...cnDefault.rules, { ...base, ...rule } as (typeof cnDefault.rules)[number]];
  return { ...cn, rulePacks: { "cn-default": { ...cnDefault, rules } } };
};

describe("a placement with an agency", () => {
  it("goes to one the register speaks well of, and to no other", () => {
    expect(said({ act: "placement", agency: "Harbour" })).toEqual(["allow"]);
    expect(said({ act: "placement", agency: "Anvil" })).toEqual(["deny", "cn.agency"]);
    expect(said({ act: "placement", agency: "Nobody" })).toEqual(["deny", "cn.agency"]);
  });

  it("goes nowhere while there is no register: nothing is known of anybody", () => {
    expect(said({ act: "placement", agency: "Harbour" }, { agencies: undefined })).toEqual(["deny", "cn.agency"]);
  });

  it("lets what is not known pass with a note where the rule says so", () => {
    const rules = cnDefault.rules.map((rule) =>
      rule.id === "cn.agency" ? { ...rule, ifUnknown: "warn" as const } : rule,
    );
    const pack = { ...cn, rulePacks: { "cn-default": { ...cnDefault, rules } } };
    expect(said({ act: "placement", agency: "Nobody" }, { pack })).toEqual(["allow", "cn.agency"]);
    expect(said({ act: "placement", agency: "Anvil" }, { pack })).toEqual(["deny", "cn.agency"]);
  });

  it("finds one that may where any will do, and names it", () => {
    expect(askToAct(asked({ act: "placement", agency: null }), setting)).toMatchObject({
      kind: "allow",
      agency: "Harbour",
    });
    expect(said({ act: "placement", agency: null }, { agencies: [shady] })).toEqual(["deny", "cn.agency"]);
  });

  it("waits out the time after the notice beforehand, and is refused where that ends too late", () => {
    const notice = {
      id: "house.demand",
      kind: "prerequisite-notice",
      notice: "demand",
      waitDays: 13,
      dayKind: "calendar",
    };
    const pack = withRule({ ...notice, actions: ["placement"] });
    const letter = {
      atMs: NOW,
      channel: "letter",
      contactPointId: "cp_1",
      connected: false,
      conversed: false,
    } as const;
    const sent = { ...letter, visit: null, settled: true, notice: "demand" };
    const place = { act: "placement", agency: "Harbour" } as const;
    expect(said(place, { pack })).toEqual(["deny", "house.demand"]);
    const answer = askToAct(asked({ ...place, history: [sent] }), { ...setting, pack });
    expect(answer).toMatchObject({ kind: "defer", untilMs: Date.UTC(2026, 2, 15, 16) });
    const soon = { ...place, history: [sent], notAfterMs: NOW + 7 * DAY_MS };
    expect(said(soon, { pack })).toEqual(["deny", "dispatch.window-closed", "house.demand"]);
    expect(said({ ...place, history: [{ ...sent, outcome: "UND" }] }, { pack })).toEqual(["deny", "house.demand"]);
    const long = [{ ...sent, atMs: NOW - 200 * DAY_MS, outcome: "DLV" }];
    expect(said({ ...place, history: long }, { pack })).toEqual(["allow"]);
  });
});

describe("a suit and a settlement", () => {
  it("stay within the cap on charges, which binds every house that has not said what it is", () => {
    expect(said({ act: "lawsuit" })).toEqual(["allow"]);
    const dear = { ...ann, fields: { ...LOAN, fee_due: 100_000 } };
    for (const act of ["lawsuit", "settlement-quote"] as const) {
      expect(said({ act, account: dear })).toEqual(["deny", "cn.cap24"]);
      expect(said({ act, account: dear }, { house: { licence: "small-loan" } })).toEqual(["allow"]);
      expect(said({ act, account: dear }, { house: { licence: "bank" } })).toEqual(["deny", "cn.cap24"]);
    }
  });

  it("are not begun after the years of limitation, nor while a plan is kept, nor on an account that is settled", () => {
    const old = { ...ann, fields: { ...LOAN, due_date: "2022-02-21" } };
    expect(said({ act: "lawsuit", account: old })).toEqual(["deny", "cn.limitation"]);
    const plan = { kind: "active-plan", fromMs: NOW - DAY_MS, untilMs: null } as const;
    expect(said({ act: "lawsuit", holds: [plan] })).toEqual(["deny", "floor.hold", "cn.plan.stop"]);
    expect(said({ act: "lawsuit", facts: { ...facts, account_status: "paid" } })).toEqual([
      "deny",
      "dispatch.account-settled",
    ]);
    expect(said({ act: "lawsuit", nowMs: NOW + 31 * DAY_MS })).toEqual(["deny", "dispatch.window-closed"]);
  });
});

describe("the deletion of a record", () => {
  const packs = { rulePacks: [cnDefault] };
  it("waits for the end of the years it must be kept", () => {
    const record = { class: "collection-record", createdOn: "2021-03-01" } as const;
    expect(askToDelete(record, { ...packs, nowMs: Date.UTC(2026, 2, 3) }).verdict).toBe("allow");
    expect(askToDelete({ ...record, createdOn: "2024-03-01" }, { ...packs, nowMs: NOW }).verdict).toBe("deny");
  });
});

describe("whatever is asked", () => {
  const day = fc.constantFrom("2024-01-01", "2026-01-05", "2026-12-31");
  const standing = fc.record(
    { whitelisted: fc.boolean(), violation: fc.boolean(), contractUntil: day, evaluatedOn: day, trainedOn: day },
    { requiredKeys: [] },
  );
  const register = fc
    .array(standing, { maxLength: 4 })
    .map((all) =>
      all.map((known, index): KnownAgency => ({ name: `agency-${index}`, standing: known as AgencyStanding })),
    );

  it("any agency will do exactly where one of them would, asked alone of the policy itself", () => {
    let allowed = 0;
    fc.assert(
      fc.property(register, (agencies) => {
        const answer = askToAct(asked({ act: "placement", agency: null }), { ...setting, agencies });
        const attempt = { action: "placement", ...asked({ act: "placement" }).subject, channel: "letter" } as const;
        const alone = agencies.map(({ standing: agency }) =>
          checkPolicy({
            attempt: { ...attempt, partyRole: "self", contactPoint: null, timeZones: ["Asia/Shanghai"], agency },
            ...{ history: [], holds: [], rulePack: cnDefault, nowMs: NOW },
          }),
        );
        const may = alone.some(({ verdict }) => verdict === "allow");
        if (may) allowed += 1;
        expect(answer.kind).toBe(may ? "allow" : "deny");
      }),
      { numRuns: 300, seed: 4 },
    );
    expect(allowed).toBeGreaterThan(5);
  });

  it("a hold refuses every act that presses the debtor, and knowing less never allows more", () => {
    const act = fc.constantFrom("placement" as const, "lawsuit" as const, "settlement-quote" as const);
    const kept = fc.subarray(Object.keys(LOAN) as (keyof typeof LOAN)[]);
    fc.assert(
      fc.property(act, kept, fc.boolean(), (doing, keys, isHeld) => {
        const fields = Object.fromEntries(keys.map((key) => [key, LOAN[key]]));
        const hold = { kind: "dispute", fromMs: NOW - DAY_MS, untilMs: null } as const;
        const question = { act: doing, agency: "Harbour", holds: isHeld ? [hold] : [] };
        const whole = askToAct(asked(question), setting).kind;
        const less = askToAct(asked({ ...question, account: { ...ann, fields } }), setting).kind;
        if (isHeld && doing !== "settlement-quote") expect([whole, less]).toEqual(["deny", "deny"]);
        if (whole !== "allow") expect(less).not.toBe("allow");
      }),
      { numRuns: 300 },
    );
  });
});

describe("the work that is such an act", () => {
  it.each(TASK_KINDS)("%s is asked by its step exactly where rules speak of it", (task) => {
    const gatedTypes = Object.keys(TASK_ACTS);
    const step = nodeDefinitions.find(({ type }) => type === task);
    if (step === undefined) return;
    const handles = definitionOf(task)?.handles(step.initial()) ?? [];
    expect(handles.some(({ id }) => id === "blocked")).toBe(gatedTypes.includes(task));
    expect(actOf(task) !== null).toBe(gatedTypes.includes(task));
  });
});
