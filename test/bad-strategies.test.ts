import { describe, expect, test } from "vitest";
import { compileStrategy } from "#engine/compile/compile";
import { matcherOf, patternProblem } from "#engine/condition/pattern";
import { lintStrategy } from "#engine/graph/lint";
import { parseStrategy } from "#engine/graph/parse";
import { readStrategyText } from "#engine/graph/read";
import { drawn, exitStep, samplePack, startStep } from "#engine/graph/testing/sample";
import { CONDITION_DEPTH_MAX, CONDITION_LEAVES_MAX } from "#engine/model/condition";
import type { FactValue } from "#engine/model/facts";
import { STRATEGY_LIMITS } from "#engine/model/strategy";
import { linkCompiled } from "#engine/run/compiled";
import { linkReference } from "#engine/run/reference";

/** Far above what it takes even on a busy machine; what is exponential would not come back at all. */
const PATIENCE_MS = 10_000;

/** What the outside world sends (reliability: expressions and graph): every answer located, nothing half-applied, nothing slow. */

const LEAF = { fact: "dpd", operator: "greaterThan", value: 1 };
const deep = (levels: number): unknown => (levels === 0 ? LEAF : { not: deep(levels - 1) });
const wide = (leaves: number): unknown => ({
  any: Array.from({ length: Math.ceil(leaves / 400) }, () => ({ all: Array.from({ length: 400 }, () => LEAF) })),
});
const strategyWith = (when: unknown) => drawn({ nodes: [startStep(when), exitStep("done")] });

/** Codes and places of everything that is wrong with a strategy, from its text on. */
function problemsOf(document: unknown): readonly string[] {
  const read = readStrategyText(JSON.stringify(document));
  const issues = read.ok ? lintStrategy(read.value, samplePack) : read.error;
  return issues.filter(({ severity }) => severity === "error").map(({ code, path }) => `${code} ${path}`);
}

function timed<TResult>(run: () => TResult): { readonly result: TResult; readonly ms: number } {
  const sinceMs = performance.now();
  return { result: run(), ms: performance.now() - sinceMs };
}

describe("conditions beyond all bounds", () => {
  test("nested 200 deep are refused before anything is read, at the place where they get too deep", () => {
    const problems = problemsOf(strategyWith(deep(200)));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^json\.too-deep /);
  });

  test("that reach the linter by another door are refused there, at the place", () => {
    const parsed = parseStrategy(strategyWith(deep(CONDITION_DEPTH_MAX)));
    expect(parsed.ok && lintStrategy(parsed.value, samplePack).map(({ code }) => code)).toContain("condition.too-deep");
    const tooDeep = parseStrategy(strategyWith(deep(STRATEGY_LIMITS.jsonDepth)));
    expect(tooDeep.ok).toBe(false);
  });

  test("with 10,000 leaves are refused by their number, and soon", () => {
    const { result, ms } = timed(() => problemsOf(strategyWith(wide(10_000))));
    expect(result).toEqual(["condition.too-many nodes[0].data.when"]);
    expect(ms).toBeLessThan(PATIENCE_MS);
    expect(10_000).toBeGreaterThan(CONDITION_LEAVES_MAX);
  });

  test("with ten thousand mistakes name some of them and how many more there are", () => {
    const broken = { any: Array.from({ length: 400 }, () => ({ fact: "dpd", operator: "explode", value: 1 })) };
    const { result, ms } = timed(() => problemsOf(strategyWith({ all: Array.from({ length: 25 }, () => broken) })));
    expect(result.length).toBeGreaterThan(0);
    expect(result.length).toBeLessThanOrEqual(501);
    expect(ms).toBeLessThan(PATIENCE_MS);
  });
});

describe("patterns", () => {
  const fields = { fact: "product_type", operator: "matches" };

  test.each(["(a+)+$", "(a|aa)+$", "([a-z]+)*$", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$"])(
    "%s takes no longer on 50 kB than a plain one",
    (pattern) => {
      const text = `${"a".repeat(50_000)}!`;
      const matches = matcherOf(pattern);
      expect(matches).not.toBeNull();
      expect(timed(() => matches?.(text)).ms).toBeLessThan(PATIENCE_MS);
    },
  );

  test.each(["\\1", "(?=a)b", "(?<!a)b", "[", "(", "a{1001}", "(?P<x"])(
    "%s is refused with RE2's own reason",
    (pattern) => {
      expect(patternProblem(pattern)).not.toBeNull();
      expect(problemsOf(strategyWith({ ...fields, value: pattern }))).toEqual([
        "condition.pattern-invalid nodes[0].data.when.value",
      ]);
    },
  );

  test("of 20 kB are refused as too long", () => {
    expect(problemsOf(strategyWith({ ...fields, value: "a".repeat(20_000) }))[0]).toMatch(/nodes\[0\]\.data\.when/);
  });
});

describe("names and operators that are not what they seem", () => {
  test.each<[string, unknown]>([
    ["a JSONPath", { ...LEAF, path: "$..[?(@.constructor.constructor('return process')())]" }],
    ["an operator every object inherits", { ...LEAF, operator: "__proto__" }],
    ["an operator of somebody's own", { ...LEAF, operator: "evaluate" }],
    ["a fact that is a path", { ...LEAF, fact: "$..secret" }],
    ["a fact every object inherits", { ...LEAF, fact: "__proto__" }],
    ["a value that is code", { ...LEAF, value: { fact: "dpd", path: "$" } }],
    ["a number in quotes", { ...LEAF, value: "30" }],
    ["a number in full-width digits", { ...LEAF, value: "３０" }],
  ])("%s is refused, and says where", (_, when) => {
    const problems = problemsOf(strategyWith(when));
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/nodes\[0\]\.data\.when/);
    expect(({} as { readonly admin?: unknown }).admin).toBeUndefined();
  });

  test.each(["1e999", "NaN", "Infinity", "-Infinity", "0x10", "9007199254740993"])("the number %s", (number) => {
    const text = JSON.stringify(strategyWith({ ...LEAF, value: 123 })).replace("123", number);
    const read = readStrategyText(text);
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.error[0]?.code).toMatch(/^json\./);
  });

  test.each([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0, -0])("the number %s is kept exactly", (value) => {
    const read = readStrategyText(JSON.stringify(strategyWith({ ...LEAF, fact: "total_outstanding", value })));
    expect(read.ok && JSON.stringify(read.value.nodes[0]?.data)).toContain(String(value));
  });
});

describe("dirty facts", () => {
  const document = parseStrategy(strategyWith({ fact: "dpd", operator: "greaterThan", value: 30 }));
  const program = document.ok ? compileStrategy(document.value, samplePack) : document;
  const subject = { enrollmentId: "enr_1", partyId: "party_1", accountId: "acct_1" } as const;
  const dirt: readonly FactValue[] = [
    "45abc",
    "45",
    "４５",
    "",
    " 45 ",
    null,
    true,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ];

  test.each(dirt.map((dpd) => [dpd]))("dpd %j is unknown to both executors, never a silent no", async (dpd) => {
    expect(program.ok).toBe(true);
    if (!program.ok) return;
    const context = { subject, facts: { dpd }, nowMs: 0 };
    for (const outcome of [
      linkCompiled(program.value).start(context),
      await linkReference(program.value).start(context),
    ]) {
      expect(outcome.state.exit?.reason).toBe("eligibility-unknown");
      expect(outcome.decisions[0]?.factsRead).toEqual({ dpd: null });
    }
  });

  test.each([-1e308, 1e308, Number.MAX_SAFE_INTEGER, -0, 30.000000000000004])("dpd %s is a number like any", (dpd) => {
    if (!program.ok) return;
    const { state } = linkCompiled(program.value).start({ subject, facts: { dpd }, nowMs: 0 });
    expect(state.exit?.reason).toBe(dpd > 30 ? "completed" : "not-eligible");
  });
});
