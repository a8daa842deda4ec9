import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { channelOf } from "../channels";
import { compileStrategy } from "../compile/compile";
import { placeOf } from "../contact/place";
import { readStrategyText } from "../graph/read";
import { canonicalJson } from "../model/json";
import type { Account } from "../model/party";
import type { Program } from "../model/program";
import type { StrategyDoc } from "../model/strategy";
import { DAY_MS, localDate, localMinuteOfDay } from "../model/time";
import { marketPack, shippedStrategies } from "../packs";
import { capKind } from "../policy/kinds/cap";
import { synthesisePortfolio } from "../portfolio/synthesise";
import { checkSimulation, type SimulationInput } from "./input";
import { partitionByParty } from "./partition";
import type { ObservedContact } from "./party-state";
import type { SimulationPart } from "./result";
import { resultOf, simulate, simulateOnReference, simulatePart } from "./simulate";

const pack = marketPack("cn");
const FROM = "2026-03-02";
const portfolio = synthesisePortfolio({ seed: 11, accounts: 400, dataDate: FROM });

function drawn(key: string): StrategyDoc {
  const text = shippedStrategies("cn").find((strategy) => strategy.key === key)?.text ?? "";
  const doc = readStrategyText(text);
  if (!doc.ok) throw new Error(canonicalJson(doc.error));
  return doc.value;
}

function programOf(key: string): Program {
  const compiled = compileStrategy(drawn(key), pack);
  if (!compiled.ok) throw new Error(canonicalJson(compiled.error));
  return compiled.value;
}

const overall = programOf("m1-m3-overall");

function inputOf(about: Partial<SimulationInput> = {}): SimulationInput {
  const { accounts, contactPoints } = portfolio;
  return { program: overall, pack, accounts, contactPoints, from: FROM, days: 60, seed: 5, locale: "zh-CN", ...about };
}

describe("a simulation", () => {
  const result = simulate(inputOf());

  it("accounts for every account and every step", () => {
    const { accounts, enrolled, notEligible, unknownEligibility, exits, waiting, held, faulted } = result;
    expect(accounts).toBe(400);
    expect(enrolled + notEligible + unknownEligibility).toBe(accounts);
    const left = Object.values(exits).reduce((sum, count) => sum + count, 0);
    expect(left + waiting + held + faulted).toBe(enrolled);
    expect(Object.values(result.nodes).reduce((sum, { entered }) => sum + entered, 0)).toBe(result.steps);
    expect(Object.values(result.nodes).reduce((sum, { recoveredMinor }) => sum + recoveredMinor, 0)).toBe(
      result.recovered.minor,
    );
    expect(Object.values(result.nodes).reduce((sum, { costMinor }) => sum + costMinor, 0)).toBe(result.cost.minor);
    expect({ faulted, cutShort: result.cutShort }).toEqual({ faulted: 0, cutShort: 0 });
  });

  it("knows every way an account came: what goes to a step is what enters it, but for those who come in there", () => {
    const came: { [nodeId: string]: number } = {};
    for (const { wentTo = {} } of Object.values(result.nodes))
      for (const [to, times] of Object.entries(wentTo)) came[to] = (came[to] ?? 0) + times;
    const entered = Object.entries(result.nodes).filter(([, counts]) => counts.entered > 0);
    const start = overall.entry;
    expect(result.nodes[start]?.entered).toBe(result.enrolled);
    expect(came).toEqual(
      Object.fromEntries(entered.flatMap(([id, counts]) => (id === start ? [] : [[id, counts.entered]]))),
    );
    const lines = new Set(drawn("m1-m3-overall").edges.map(({ from, to }) => `${from.node}>${to}`));
    for (const [from, { wentTo = {} }] of Object.entries(result.nodes))
      for (const to of Object.keys(wentTo)) expect(lines).toContain(`${from}>${to}`);
  });

  it("recovers something, costs something, refuses some, and never recovers more than was overdue", () => {
    const overdue = portfolio.accounts.reduce((sum, { overdueMinor }) => sum + overdueMinor, 0);
    expect(result.recovered.minor).toBeGreaterThan(0);
    expect(result.recovered.minor).toBeLessThanOrEqual(overdue);
    expect(result.cost.minor).toBeGreaterThan(0);
    expect(result.contacts.robot.sent).toBeGreaterThan(100);
    expect(Object.keys(result.blockedBy).length).toBeGreaterThan(0);
    expect(result).toMatchObject({ simulated: true, assumptions: { key: "base", label: "assumption" } });
  });

  it("is the same bytes for the same seed and another run for another", () => {
    expect(canonicalJson(simulate(inputOf()))).toBe(canonicalJson(result));
    expect(simulate(inputOf({ seed: 6 })).traceHash).not.toBe(result.traceHash);
  });

  it("is the same however its people are dealt to threads, in whatever order the parts and the accounts come", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.boolean(), (slices, backwards) => {
        const accounts = backwards ? [...portfolio.accounts].reverse() : portfolio.accounts;
        const input = inputOf({ accounts });
        const parts = partitionByParty(input, slices).map((slice) => simulatePart({ ...input, ...slice }));
        const merged = resultOf(input, backwards ? parts.reverse() : parts);
        expect(canonicalJson(merged)).toBe(canonicalJson(result));
      }),
      { numRuns: 6 },
    );
  });

  it.each(["m1-m3-overall", "m1-standard-robot-first", "m0-gentle-reminder", "m1-low-self-cure"])(
    "of %s decides the same on the reference executor",
    async (key) => {
      const input = inputOf({ program: programOf(key), accounts: portfolio.accounts.slice(0, 120) });
      expect(canonicalJson(await simulateOnReference(input))).toBe(canonicalJson(simulate(input)));
    },
  );
});

describe("the rules of contact", () => {
  const contacts: ObservedContact[] = [];
  let crowdedPart: SimulationPart;
  beforeAll(() => {
    const crowded = portfolio.accounts.map((account) => ({
      ...account,
      partyId: `party_${account.id.length % 2}${account.accountNo.slice(-2)}` as const,
    }));
    const points = crowded.map((account) => ({
      id: `cp_${account.partyId}` as const,
      partyId: account.partyId,
      kind: "phone" as const,
      rank: 1,
      address: "sim:1",
      simulated: true,
      status: "valid" as const,
      consent: { sms: "granted" as const, robot: "granted" as const },
    }));
    const unique = [...new Map(points.map((point) => [point.id, point])).values()];
    crowdedPart = simulatePart(inputOf({ accounts: crowded, contactPoints: unique, days: 30 }), {
      onContact: (contact) => contacts.push(contact),
    });
  });

  /** By the imported zone, else by the province of the address. */
  const zoneOf = (account: Account): string => placeOf(account, null, pack).timeZones[0] ?? "nowhere";

  const caps = (pack.rulePacks["cn-default"]?.rules ?? []).flatMap((rule) =>
    rule.kind === "cap" && rule.severity === "block" ? [capKind.schema.parse(rule)] : [],
  );

  /** Counted from the pack's numbers, not with `checkPolicy`: what left is counted again by somebody else. */
  it.each(caps)(
    "$id is kept by every contact that left, though four loans of one person call for them at once",
    (cap) => {
      const days = new Map<string, number>();
      for (const { account, channel, outcome, atMs } of contacts) {
        const meaning = channelOf(channel).outcomes[outcome];
        if (cap.channels?.includes(channel) !== true || meaning?.[cap.metric] !== true) continue;
        const day = `${account.partyId} ${localDate(zoneOf(account), atMs)}`;
        days.set(day, (days.get(day) ?? 0) + 1);
      }
      expect(contacts.length).toBeGreaterThan(300);
      expect(Math.max(...days.values())).toBeLessThanOrEqual(cap.limit);
    },
  );

  it("stand in the way of some, so that keeping them means something", () => {
    expect(caps.length).toBeGreaterThan(1);
    expect(Object.keys(crowdedPart.blockedBy)).toContain("cn.attempt6");
  });

  it("leave nobody contacted at night, without consent, without a place or on a real number", () => {
    for (const { account, atMs, to, channel } of contacts) {
      const minute = localMinuteOfDay(zoneOf(account), atMs);
      expect(minute).toBeGreaterThanOrEqual(8 * 60);
      expect(minute).toBeLessThan(22 * 60);
      expect(to).toMatchObject({ simulated: true, status: "valid", consent: { [channel]: "granted" } });
    }
  });

  it("leave a held person alone from the answer on", () => {
    const heldAt = new Map<string, number>();
    for (const { account, channel, outcome, atMs } of contacts) {
      const frozen = heldAt.get(account.partyId);
      expect(frozen === undefined || atMs < frozen + DAY_MS).toBe(true);
      if (channelOf(channel).outcomes[outcome]?.hold !== null && frozen === undefined)
        heldAt.set(account.partyId, atMs);
    }
    expect(heldAt.size).toBeGreaterThan(0);
  });

  it("refuse everybody when nobody can be contacted, and the accounts still leave or wait", () => {
    const result = simulate(inputOf({ contactPoints: [] }));
    expect(result.contacts.sms.sent + result.contacts.robot.sent).toBe(0);
    expect(result.contacts.robot.denied + result.contacts.sms.denied).toBeGreaterThan(100);
    expect(result.cost.minor).toBe(0);
    expect(result.recovered.minor).toBeGreaterThan(0);
  });
});

describe("a simulation that cannot be run", () => {
  it.each([
    [{ from: "2026-02-30" }, "simulation.from"],
    [{ days: 0 }, "simulation.days"],
    [{ days: 1e9 }, "simulation.days"],
    [{ seed: 0.5 }, "simulation.seed"],
    [{ pack: { ...pack, rulePacks: {} } }, "simulation.rule-pack-missing"],
    [
      {
        accounts: portfolio.accounts
          .slice(0, 2)
          .map((account, index) => (index === 0 ? account : { ...account, currency: "TWD" as const })),
      },
      "simulation.mixed-currencies",
    ],
  ])("%# says why: %s", (about, code) => {
    expect(checkSimulation(inputOf(about)).map((problem) => problem.code)).toEqual([code]);
    expect(() => simulate(inputOf(about))).toThrow(code);
  });
});
