import { describe, expect, it } from "vitest";
import { canonicalJson } from "../model/json";
import { anAccount, aPhone } from "../testing/builders";
import { type HandMade, handMadeProgram, withStandingFields } from "../testing/hand-made-program";
import { STRICT_MARKET } from "../testing/live-story";
import {
  APPROVED_PLACEMENT,
  CHECKED_CALL,
  DISPUTE_CASE,
  FIVE_DAYS_OFF,
  PLAN_FOLLOWED,
  PROMISE_KEPT,
  RECALLED,
  SCORED_OUTSIDE,
} from "../testing/work-stories";
import type { SimulationInput } from "./input";
import { partitionByParty } from "./partition";
import type { NodeCounts } from "./result";
import { resultOf, simulate, simulateOnReference, simulatePart } from "./simulate";

const FROM = "2026-03-02";
const pack = withStandingFields(STRICT_MARKET);
const accounts = Array.from({ length: 300 }, (_, index) => {
  const overdueMinor = 60_000 + 7 * index;
  // Every third person has two loans.
  const customerNo = `C-${index - (index % 3 === 1 ? 1 : 0)}`;
  return anAccount(`A-${1000 + index}`, { customerNo, overdueMinor, totalOutstandingMinor: 5 * overdueMinor });
});
const contactPoints = [...new Map(accounts.map(({ partyId }) => [partyId, aPhone(partyId)])).values()];

function inputOf(made: HandMade, about: Partial<SimulationInput> = {}): SimulationInput {
  const program = handMadeProgram(STRICT_MARKET, made);
  return { program, pack, accounts, contactPoints, from: FROM, days: 200, seed: 5, locale: "zh-CN", ...about };
}

const exitsOf = (made: HandMade, about: Partial<SimulationInput> = {}) => {
  const { exits, waiting, held, faulted } = simulate(inputOf(made, about));
  return { ...exits, waiting, held, faulted };
};

const STORIES = {
  APPROVED_PLACEMENT,
  SCORED_OUTSIDE,
  DISPUTE_CASE,
  FIVE_DAYS_OFF,
  PROMISE_KEPT,
  PLAN_FOLLOWED,
  RECALLED,
  CHECKED_CALL,
} as const;

describe.each(Object.entries(STORIES))("%s", (_name, made) => {
  it("decides the same on the reference executor, and however its people are dealt to threads", async () => {
    const few = inputOf(made, { accounts: accounts.slice(0, 60), days: 120 });
    const result = canonicalJson(simulate(few));
    expect(canonicalJson(await simulateOnReference(few))).toBe(result);
    const parts = partitionByParty(few, 5).map((slice) => simulatePart({ ...few, ...slice }));
    expect(canonicalJson(resultOf(few, parts.reverse()))).toBe(result);
  });

  it("accounts for everybody, step by step, and runs away with nobody", () => {
    const result = simulate(inputOf(made));
    const left = Object.values(result.exits).reduce((sum, count) => sum + count, 0);
    expect(left + result.waiting + result.held + result.faulted).toBe(300);
    expect({ faulted: result.faulted, cutShort: result.cutShort }).toEqual({ faulted: 0, cutShort: 0 });
    expect(Object.values(result.nodes).reduce((sum, { entered }) => sum + entered, 0)).toBe(result.steps);
    expect(Object.values(result.nodes).reduce((sum, { costMinor }) => sum + costMinor, 0)).toBe(result.cost.minor);
    expect(Object.keys(result.nodes).some((id) => id.includes("/"))).toBe(false);
  });
});

describe("work", () => {
  it("ends as the desk's assumptions say, costs something, brings money, and some is never taken up", () => {
    const result = simulate(inputOf(APPROVED_PLACEMENT));
    const { "approval.approved": approved = 0, "placement.returned": returned = 0 } = result.answers;
    expect(approved).toBeGreaterThan(200);
    expect(returned).toBeGreaterThan(0.8 * approved);
    expect(returned).toBeLessThan(approved);
    expect(result.exits.completed).toBe(returned);
    expect(result.nodes.place?.costMinor).toBeGreaterThan(0);
    expect(result.nodes.place?.recoveredMinor).toBeGreaterThan(0);
  });

  it("that is called back brings no money and is over for the strategy", () => {
    const recalled = simulate(inputOf(RECALLED));
    expect(recalled.exits["handed-to-people"]).toBeGreaterThan(150);
    expect(recalled.answers["placement.returned"]).toBeUndefined();
    const untouched = simulate(inputOf({ ...RECALLED, rules: { ...RECALLED.rules, late: NEVER } }));
    expect(untouched.nodes.place?.recoveredMinor).toBeGreaterThan(recalled.nodes.place?.recoveredMinor ?? 0);
  });
});

const NEVER = { late: { fact: "dpd", operator: "greaterThan", value: 5000 } } as const;

describe("a question to another system", () => {
  const integrations = {
    risk: [
      { outcome: "low", weight: 3, values: { score: 700 } },
      { outcome: "high", weight: 1, values: { score: 400 } },
    ],
  };

  it("is answered as the integration declares, and by nobody else", () => {
    const { completed = 0, "handed-to-people": high = 0 } = exitsOf(SCORED_OUTSIDE, { integrations });
    expect(completed + high).toBe(300);
    expect(high).toBeGreaterThan(40);
    expect(completed).toBeGreaterThan(2 * high);
  });

  it.each([
    ["undeclared", {}],
    ["inherited", { integrations: {} }],
    ["empty", { integrations: { risk: [] } }],
  ])("fails when its answers are %s", (_, about) => {
    expect(exitsOf(SCORED_OUTSIDE, about)).toMatchObject({ escalated: 300 });
  });
});

describe("a checked conversation", () => {
  it("passes, fails or is left to people; without a conversation it is always left to people", () => {
    const { answers, contacts } = simulate(inputOf(CHECKED_CALL));
    const {
      "conversation.pass": pass = 0,
      "conversation.block": block = 0,
      "conversation.review": review = 0,
    } = answers;
    expect(pass).toBeGreaterThan(0);
    expect(block).toBeGreaterThan(0);
    expect(pass + block).toBeLessThanOrEqual(contacts.robot.conversed);
    expect(review).toBeGreaterThanOrEqual(300 - contacts.robot.conversed - 30);
  });
});

describe("a hold a strategy places", () => {
  it("that ends by itself gives the time back", () => {
    expect(exitsOf(FIVE_DAYS_OFF, { days: 6 })).toMatchObject({ waiting: 300, held: 0 });
    expect(exitsOf(FIVE_DAYS_OFF, { days: 5 })).toMatchObject({ held: 300 });
    expect(exitsOf(FIVE_DAYS_OFF, { days: 7 })).toMatchObject({ completed: 300 });
  });

  it("lets its own case go on, whose end sets the person free; where it does not, nobody does", () => {
    const single = accounts.filter(
      ({ customerNo }) => accounts.filter((own) => own.customerNo === customerNo).length === 1,
    );
    const result = simulate(inputOf(DISPUTE_CASE, { accounts: single }));
    const { upheld, adjusted, withdrawn } = endsOf(result.answers);
    expect(upheld * adjusted * withdrawn).toBeGreaterThan(0);
    expect(result.exits).toEqual({ completed: upheld + adjusted + withdrawn });
    expect(result.held).toBe(single.length - upheld - adjusted - withdrawn);
  });

  it("is the person's: as long as the case of one loan keeps it, no other loan goes on", () => {
    const pairs = accounts.filter(
      ({ customerNo }) => accounts.filter((own) => own.customerNo === customerNo).length === 2,
    );
    const result = simulate(inputOf(DISPUTE_CASE, { accounts: pairs }));
    const { completed = 0 } = result.exits;
    expect(completed).toBeGreaterThan(0);
    expect(completed % 2).toBe(0);
    expect(completed + result.held).toBe(pairs.length);
    expect(result.nodes.rest?.entered).toBeGreaterThan(completed);
  });
});

function endsOf(answers: { readonly [answer: string]: number }) {
  const {
    "dispute.upheld": upheld = 0,
    "dispute.adjusted": adjusted = 0,
    "dispute.withdrawn": withdrawn = 0,
  } = answers;
  return { upheld, adjusted, withdrawn };
}

describe("a promise to pay", () => {
  const result = simulate(inputOf(PROMISE_KEPT));

  it("is on record when the strategy hears the answer, with the conversation counted", () => {
    const { PTP = 0, PPP = 0 } = result.contacts.robot.outcomes;
    expect(PTP + PPP).toBeGreaterThan(20);
    expect(result.nodes.listen?.entered).toBe(PTP + PPP);
    expect(result.exits["no-further-treatment"]).toBeUndefined();
  });

  it("is kept by some and broken by others, and the broken ones are counted", () => {
    const { completed: kept = 0, "handed-to-people": broken = 0 } = result.exits;
    expect(kept).toBeGreaterThan(5);
    expect(broken).toBeGreaterThan(5);
    // The others are held, at this step or at the call, for what they said to another loan's call.
    const leftOf = ({ entered = 0, wentTo = {} }: Partial<NodeCounts> = {}) =>
      entered - Object.values(wentTo).reduce((sum, times) => sum + times, 0);
    expect(kept + broken + leftOf(result.nodes.wait)).toBe(result.nodes.wait?.entered);
    expect(leftOf(result.nodes.wait) + leftOf(result.nodes.call)).toBe(result.held);
  });

  it("counts as one step with its parts", () => {
    expect(result.nodes["wait/kept"]).toBeUndefined();
    expect(result.nodes.wait?.recoveredMinor).toBeGreaterThan(0);
  });
});

describe("a payment plan", () => {
  it("is followed by the ledger to its end: completed by those who pay every instalment, broken by the others", () => {
    const result = simulate(inputOf(PLAN_FOLLOWED));
    const { completed = 0, "handed-to-people": broken = 0 } = result.exits;
    expect(result.answers["plan.accepted"]).toBe(result.nodes.run?.entered);
    expect(completed).toBeGreaterThan(broken);
    expect(broken).toBeGreaterThan(0);
    expect(result.exits["no-further-treatment"]).toBeUndefined();
    expect(completed + broken + result.waiting).toBe(result.nodes.run?.entered);
  });
});
