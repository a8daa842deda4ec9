import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { truthOf } from "../condition/testing/kleene";
import type { Condition } from "../model/condition";
import type { Facts } from "../model/facts";
import { type MarketPack, RulePackSchema } from "../model/market-pack";
import { conditionArbitrary, factsArbitrary } from "../run/testing/random-strategy";
import { SMALL_MARKET } from "../run/testing/small-market";
import { lintStrategy } from "./lint";
import { exitStep, samplePack, startStep, step, strategy } from "./testing/sample";

const leaf = (fact: string, operator: string, value: unknown) => ({ fact, operator, value });

function said(made: Parameters<typeof strategy>[0], pack: MarketPack = samplePack): readonly string[] {
  return lintStrategy(strategy(made), pack).map(({ severity, code, path, params }) => {
    const named = [params.rule, params.earlier, params.exit, params.days, params.channel].filter(
      (one) => one !== undefined,
    );
    return [severity[0], code, path, ...named].join(" ");
  });
}

describe("rules of a branch", () => {
  function ofRules(...conditions: readonly unknown[]): readonly string[] {
    const rules = conditions.map((when, index) => ({ id: `r${index + 1}`, when }));
    const ways = [...rules.map(({ id }) => id), "otherwise", "unknown"];
    const edges = [["start", "enter", "who"] as const, ...ways.map((way) => ["who", way, "done"] as const)];
    const found = said({ nodes: [startStep(), step("who", "branch", { rules }), exitStep("done")], edges });
    return found.map((line) => line.replace(/nodes\[1\]\.data\.rules\[\d\]\.when /, ""));
  }

  test("that part the days past due between them have nothing to remark on", () => {
    expect(
      ofRules(leaf("dpd", "lessThan", 31), leaf("dpd", "lessThan", 61), leaf("dpd", "greaterThanInclusive", 61)),
    ).toEqual([]);
  });

  test("that contradict themselves or their field are found", () => {
    expect(ofRules({ all: [leaf("dpd", "greaterThan", 30), leaf("dpd", "lessThan", 10)] })).toEqual([
      "w graph.rule-impossible r1",
    ]);
    expect(ofRules(leaf("bucket", "notIn", ["M0", "M1", "M2", "M3"]))).toEqual(["w graph.rule-impossible r1"]);
  });

  test("outside the field's ends are found where the value stands, and only there", () => {
    expect(ofRules(leaf("dpd", "greaterThan", 5001))).toEqual([
      "w condition.value-above nodes[1].data.rules[0].when.value",
    ]);
    // The end itself is a value of the field, but nothing lies beyond it.
    expect(ofRules(leaf("dpd", "greaterThan", 5000))).toEqual(["w graph.rule-impossible r1"]);
  });

  test("that an earlier one takes everything from are found with it", () => {
    expect(
      ofRules(leaf("dpd", "greaterThan", 10), leaf("vip_flag", "equal", true), leaf("dpd", "greaterThan", 30)),
    ).toEqual(["w graph.rule-covered r3 r1"]);
    const same = leaf("bucket", "equal", "M1");
    expect(ofRules(same, same)).toEqual(["w graph.rule-covered r2 r1"]);
  });

  test("are told once from where on nothing is left", () => {
    expect(
      ofRules(
        leaf("vip_flag", "equal", true),
        leaf("vip_flag", "equal", false),
        leaf("dpd", "equal", 3),
        leaf("dpd", "equal", 4),
      ),
    ).toEqual(["w graph.rule-exhausted r3"]);
  });

  test("taken by several earlier ones together are found though none takes all of it", () => {
    expect(
      ofRules(leaf("dpd", "lessThan", 20), leaf("dpd", "greaterThan", 10), leaf("dpd", "in", [5, 15, 25])),
    ).toEqual(["w graph.rule-exhausted r3"]);
    expect(
      ofRules(
        { all: [leaf("vip_flag", "equal", true), leaf("dpd", "lessThan", 9)] },
        { all: [leaf("vip_flag", "equal", false), leaf("dpd", "lessThan", 9)] },
        { all: [leaf("dpd", "equal", 3), leaf("vip_flag", "isKnown", true)] },
      ),
    ).toEqual(["w graph.rule-exhausted r3"]);
  });

  test("that always hold leave nothing to those below; as the last one they may", () => {
    const always = leaf("dpd", "greaterThanInclusive", -31);
    expect(ofRules(always, leaf("vip_flag", "equal", true), leaf("vip_flag", "equal", false))).toEqual([
      "w graph.rule-always r1",
    ]);
    expect(ofRules(leaf("vip_flag", "equal", true), always)).toEqual([]);
  });

  test("about dates are not judged by a day nobody knows yet", () => {
    expect(
      ofRules({ all: [leaf("due_date", "withinLastDays", 7), leaf("due_date", "lessThan", "2020-01-01")] }),
    ).toEqual([]);
    expect(ofRules({ all: [leaf("due_date", "withinLastDays", 7), leaf("due_date", "beforeLastDays", 30)] })).toEqual([
      "w graph.rule-impossible r1",
    ]);
  });

  test("whatever they ask, no rule is called unreachable that an account takes", () => {
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(conditionArbitrary, { minLength: 2, maxLength: 4 }),
        fc.array(factsArbitrary, { minLength: 30, maxLength: 30 }),
        (conditions, accounts) => {
          const rules = conditions.map((when, index) => ({ id: `r${index + 1}`, when }));
          const nodes = [startStep(leaf("dpd", "lessThan", 1000)), step("who", "branch", { rules }), exitStep("done")];
          const taken = new Set(accounts.map((facts) => firstHolding(conditions, facts)));
          const problems = lintStrategy(strategy({ nodes, edges: [["start", "enter", "who"]] }), SMALL_MARKET);
          const codes = ["graph.rule-impossible", "graph.rule-covered"];
          for (const { code, params } of problems) {
            if (codes.includes(code)) expect(taken).not.toContain(params.rule);
            const from = Number(String(params.rule ?? "").slice(1));
            const dead =
              code === "graph.rule-exhausted" ? [from] : code === "graph.rule-always" ? [from + 1, from + 2] : [];
            for (const rule of dead) expect(taken).not.toContain(`r${rule}`);
            if (code.startsWith("graph.rule")) found += 1;
          }
        },
      ),
      { numRuns: 400, seed: 20_261_128 },
    );
    expect(found).toBeGreaterThan(30);
  });
});

/** The rule an account takes, or null; an unknown one before it stops the search. Facts of a wrong type are unknown. */
function firstHolding(conditions: readonly Condition[], facts: Facts): string | null {
  const world = { fields: SMALL_MARKET.fields, today: "2026-03-02" };
  const truths = conditions.map((condition) => truthOf(condition, facts, world));
  const decisive = truths.findIndex((truth) => truth !== -1);
  return decisive >= 0 && truths[decisive] === 1 ? `r${decisive + 1}` : null;
}

describe("the entry", () => {
  const paid = { id: "paid", reason: "cured", when: leaf("account_status", "equal", "paid") };
  const entered = (when: unknown, ...exits: readonly unknown[]) =>
    said({ nodes: [startStep(when), exitStep("done")], settings: { exits: [paid, ...exits] } });

  test("that lets in only what a strategy-wide exit sends away is found, with the exit", () => {
    expect(entered({ all: [leaf("dpd", "greaterThan", 0), leaf("account_status", "equal", "paid")] })).toEqual([
      "w graph.entry-leaves-at-once nodes[0].data.when paid",
    ]);
    const early = { id: "early", reason: "completed", when: leaf("dpd", "lessThan", 10) };
    const late = { id: "late", reason: "completed", when: leaf("dpd", "greaterThanInclusive", 10) };
    expect(entered(leaf("dpd", "greaterThan", 0), early, late)).toEqual([
      "w graph.entry-always-leaves nodes[0].data.when",
    ]);
  });

  test("may overlap with an exit, and is impossible only for its own reason", () => {
    expect(entered(leaf("dpd", "greaterThan", 0))).toEqual([]);
    expect(entered({ all: [leaf("dpd", "lessThan", 0), leaf("dpd", "greaterThan", 0)] })).toEqual([
      "w graph.rule-impossible nodes[0].data.when enter",
    ]);
  });
});

describe("the horizon", () => {
  const DAY = 1440;
  const wait = (id: string, days: number) => step(id, "wait", { mode: "duration", durationMinutes: days * DAY });
  const chain = (days: readonly number[], horizonDays: number) => {
    const waits = days.map((many, index) => wait(`w${index}`, many));
    const ids = ["start", ...days.map((_, index) => `w${index}`), "done"];
    const edges = ids.slice(1).map((to, index) => [ids[index] ?? "", index === 0 ? "enter" : "elapsed", to] as const);
    return said({ nodes: [startStep(), ...waits, exitStep("done")], edges, settings: { horizonDays } });
  };

  test("names the first step that even the fastest account reaches too late", () => {
    expect(chain([30, 29], 60)).toEqual([]);
    expect(chain([30, 30], 60)).toEqual(["w graph.beyond-horizon nodes[3] 60"]);
    expect(chain([30, 30, 30], 60)).toEqual(["w graph.beyond-horizon nodes[3] 60"]);
  });

  test("leaves a wait that is too long by itself to that wait", () => {
    expect(chain([61, 1], 60).map((line) => line.split(" ")[1])).toEqual(["wait.beyond-horizon"]);
  });

  test("counts a deadline only where it is waited for", () => {
    const event = (id: string) =>
      step(id, "wait", { mode: "event", events: ["payment.posted"], deadlineMinutes: 40 * DAY });
    const nodes = [startStep(), event("a"), event("b"), exitStep("paid"), exitStep("late")];
    const edges = [
      ["start", "enter", "a"],
      ["a", "happened", "paid"],
      ["a", "elapsed", "b"],
      ["b", "happened", "paid"],
      ["b", "elapsed", "late"],
    ] as const;
    expect(said({ nodes, edges, settings: { horizonDays: 80 } })).toEqual(["w graph.beyond-horizon nodes[4] 80"]);
    expect(said({ nodes, edges, settings: { horizonDays: 81 } })).toEqual([]);
  });
});

describe("legal hours", () => {
  const source = { kind: "house-policy", name: "House", counselCheck: false };
  const window = (channel: string, [from, to]: readonly [string, string], severity = "block") => ({
    id: `${channel}-${from.slice(0, 2)}`,
    kind: "window",
    title: { en: "Hours" },
    severity,
    channels: [channel],
    source,
    effectiveFrom: "2026-01-01",
    windows: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from, to }],
  });
  function contacting(...rules: readonly unknown[]): readonly string[] {
    const rulePack = RulePackSchema.parse({
      pack: "cn-default",
      version: "1",
      jurisdiction: "CN",
      title: { en: "Rules" },
      rules,
    });
    const data = { contentId: "sms.reminder", waitForDelivery: false };
    const nodes = [startStep(), step("text", "sms", data), exitStep("done")];
    const edges = [
      ["start", "enter", "text"],
      ["text", "sent", "done"],
    ] as const;
    return said({ nodes, edges }, { ...samplePack, rulePacks: { "cn-default": rulePack } });
  }

  test("a contact that no minute of the week allows is an error", () => {
    expect(contacting(window("sms", ["08:00", "20:00"]), window("sms", ["20:00", "08:00"]))).toEqual([
      "e graph.no-legal-hour nodes[1] sms",
    ]);
  });

  test("one minute is enough, and neither advice nor another channel's hours count", () => {
    expect(contacting(window("sms", ["08:00", "20:01"]), window("sms", ["20:00", "08:00"]))).toEqual([]);
    expect(contacting(window("sms", ["08:00", "20:00"]), window("sms", ["20:00", "08:00"], "warn"))).toEqual([]);
    expect(contacting(window("sms", ["08:00", "20:00"]), window("robot", ["20:00", "08:00"]))).toEqual([]);
  });
});
