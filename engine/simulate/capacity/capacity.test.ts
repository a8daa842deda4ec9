import { describe, expect, it } from "vitest";
import { compileStrategy } from "../../compile/compile";
import { canonicalJson } from "../../model/json";
import type { Account } from "../../model/party";
import { marketPack } from "../../packs";
import { synthesisePortfolio } from "../../portfolio/synthesise";
import { drawnStrategy, PAST_DUE } from "../../run/testing/drawn-strategy";
import { presetOf } from "../assumptions/presets";
import type { AssumptionSet } from "../assumptions/set";
import type { SimulationInput } from "../input";
import { partitionByParty } from "../partition";
import type { SimulationResult } from "../result";
import { resultOf, simulate, simulatePart } from "../simulate";
import { limitsOf, plannedPasses } from "./plan";

/** Everybody is called by people at once, and there are not enough of them. */

const FROM = "2026-03-02";
const pack = marketPack("cn");
const talk = (next: string) =>
  Object.fromEntries(
    ["promised", "spoke", "callback", "refused", "care", "wrong-party", "exhausted", "expired", "blocked"].map(
      (handle) => [handle, next],
    ),
  );
const compiled = compileStrategy(
  drawnStrategy({
    start: { type: "start", data: { when: PAST_DUE }, to: { enter: "agent" } },
    agent: {
      type: "agent",
      data: { contentId: "agent.m1.guide", queue: "内催一组", priority: 5, dueHours: 96, maxAttempts: 1 },
      to: talk("people"),
    },
    people: { type: "exit", data: { reason: "handed-to-people" }, to: {} },
  }),
  pack,
);
if (!compiled.ok) throw new Error(canonicalJson(compiled.error));
const program = compiled.value;
const { accounts, contactPoints } = synthesisePortfolio({ seed: 3, accounts: 1500, dataDate: FROM });

function withAgents(agents: number | null): AssumptionSet {
  const base = presetOf("base");
  return { ...base, capacity: { ...base.capacity, agents } };
}

function inputOf(agents: number | null, some: readonly Account[] = accounts): SimulationInput {
  return {
    ...{ program, pack, accounts: some, contactPoints, from: FROM, days: 12, seed: 5, locale: "zh-CN" },
    assumptions: withAgents(agents),
  };
}

const agentDays = ({ perDay }: SimulationResult) => perDay.map(({ pools }) => pools.agent);
const total = (of: readonly { readonly [key: string]: number }[], key: string) =>
  of.reduce((sum, one) => sum + (one[key] ?? 0), 0);

describe("people who cannot be everywhere at once", () => {
  const free = simulate(inputOf(null));
  const freeDays = agentDays(free);
  const busiest = Math.max(...freeDays.map(({ units }) => units));
  const limit = limitsOf(withAgents(1)).agent ?? 0;
  const scarce = simulate(inputOf(1));

  it("are no bound where none is set: nothing waits", () => {
    expect(total(freeDays, "putOff") + total(freeDays, "notDone")).toBe(0);
    expect(busiest).toBeGreaterThan(2 * limit);
  });

  it("work no longer in a day than they have, chance aside", () => {
    const each = total(freeDays, "units") / total(freeDays, "done");
    for (const { units } of agentDays(scarce)) expect(units).toBeLessThan(limit + 4 * Math.sqrt(limit * each));
  });

  it("leave work to the next days, and what can wait no longer is counted as not done, by day and by step", () => {
    const days = agentDays(scarce);
    expect(total(days, "putOff")).toBeGreaterThan(100);
    expect(total(days, "notDone")).toBeGreaterThan(0);
    expect(scarce.nodes.agent).toMatchObject({ putOff: total(days, "putOff"), notDone: total(days, "notDone") });
    expect(total(days, "done") + total(days, "notDone")).toBeLessThanOrEqual(total(days, "asked"));
    expect(scarce.contacts.agent.sent).toBe(total(days, "done"));
  });

  it("never recover less when there are more of them", () => {
    const recovered = [1, 3, null].map((agents) => simulate(inputOf(agents)).recovered.minor);
    expect([...recovered].sort((left, right) => left - right)).toEqual(recovered);
    expect(recovered.at(-1)).toBeGreaterThan(recovered[0] ?? 0);
  });

  it("are shared out the same way whoever simulates whom", () => {
    const input = inputOf(1);
    const passes = plannedPasses(input.assumptions ?? presetOf("base"));
    let pass = passes.next();
    while (pass.done !== true) {
      const plan = pass.value;
      const parts = partitionByParty(input, 5).map((slice) => simulatePart({ ...input, ...slice }, { plan }));
      pass = passes.next(resultOf(input, parts.reverse()));
    }
    expect(canonicalJson(pass.value)).toBe(canonicalJson(scarce));
  });
});
