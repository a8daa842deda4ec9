import fc from "fast-check";
import { handlesTaken } from "../../compile/handles";
import { machineConfig } from "../../compile/machine";
import { compileRuleSet } from "../../compile/rule-set";
import { strategyCatalogue } from "../../condition/catalogue";
import type { Condition } from "../../model/condition";
import { canonicalHash, canonicalJson } from "../../model/json";
import { EXITS_RULE_SET, PROGRAM_FORMAT, type Program, type ProgramStep, type RuleSet } from "../../model/program";
import type { StrategySettings } from "../../model/strategy";
import { DAY_MS } from "../../model/time";
import type { AuthoredRule } from "../../nodes/define";
import { rulesArbitrary, type Sketch, sketchArbitrary, VARIABLES, whenArbitrary } from "./random-sketches";
import { SMALL_MARKET } from "./small-market";

const SETTINGS: StrategySettings = {
  market: "cn",
  currency: "CNY",
  timeZone: "Asia/Shanghai",
  rulePack: "cn-default",
  horizonDays: 400,
  exits: [],
  variables: [...VARIABLES],
  fields: [],
};
const FIELDS = strategyCatalogue(SMALL_MARKET.fields, SETTINGS);

const CALENDAR = {
  name: "test",
  holidays: ["2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17"],
  workdays: ["2026-01-04", "2026-02-14"],
  knownUntil: "2026-12-31",
} as const;

/**
 * A Program of every kind of step the executors know, wired at random, loops and dead rules and all. It is put together without
 * the linter: what no author could publish must not part the executors either.
 */
export const programArbitrary: fc.Arbitrary<Program> = fc
  .record({
    entry: rulesArbitrary(() => "enter", 1),
    exits: fc.array(whenArbitrary, { maxLength: 1 }),
    sketches: fc.array(sketchArbitrary, { minLength: 1, maxLength: 8, size: "max" }),
    seeds: fc.array(fc.nat(1000), { minLength: 60, maxLength: 60 }),
    anyone: fc.boolean(),
    horizonDays: fc.constantFrom(1, 30, 400),
  })
  .map(({ entry, exits, sketches, seeds, anyone, horizonDays }) => {
    const everyone: readonly AuthoredRule[] = [
      { rule: "enter", outcome: "enter", when: { fact: "dpd", operator: "isKnown", value: true } },
    ];
    const start: Sketch = {
      rules: [anyone ? everyone : entry],
      spec: (ruleSet) => ({ kind: "entry", ruleSet: ruleSet(0), enter: "enter" }),
    };
    return assembled({ sketches: [start, ...sketches], exits, seeds, horizonDays });
  });

type Assembly = {
  readonly sketches: readonly Sketch[];
  readonly exits: readonly Condition[];
  readonly seeds: readonly number[];
  readonly horizonDays: number;
};

function ruleSetOf(id: string, rules: readonly AuthoredRule[]): RuleSet {
  const { ruleSet, issues } = compileRuleSet(rules, { id, nodeId: id, fields: FIELDS });
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  return ruleSet;
}

function assembled({ sketches, exits, seeds, horizonDays }: Assembly): Program {
  // A part of a drawn step has a slash in its id; the names must not trouble anyone.
  const ids = sketches.map((_, index) =>
    index === 0 ? "start" : index % 3 === 0 ? `step-${index}/part` : `step-${index}`,
  );
  const ruleSets: { [id: string]: RuleSet } = {
    [EXITS_RULE_SET]: ruleSetOf(
      EXITS_RULE_SET,
      exits.map((when, index) => ({ rule: `exit-${index + 1}`, outcome: "cured", when })),
    ),
  };
  const steps: { [id: string]: ProgramStep } = {
    done: { id: "done", type: "exit", spec: { kind: "exit", reason: "completed", label: null }, handles: {} },
  };
  let drawn = 0;
  sketches.forEach((sketch, index) => {
    const id = ids[index] ?? "start";
    sketch.rules.forEach((rules, at) => {
      ruleSets[`${id}.${at}`] = ruleSetOf(`${id}.${at}`, rules);
    });
    const spec = sketch.spec((at) => `${id}.${at}`);
    const targets = [...ids.slice(1), "done"];
    const handles = Object.fromEntries(
      handlesTaken(spec, ruleSets).map((handle) => {
        drawn += 1;
        return [handle, targets[(seeds[drawn % seeds.length] ?? 0) % targets.length] ?? "done"];
      }),
    );
    steps[id] = { id, type: "drawn", spec, handles };
  });
  const body = {
    format: PROGRAM_FORMAT,
    strategyKey: "random",
    contentHash: "0".repeat(64),
    settings: { ...SETTINGS, horizonDays },
    entry: "start",
    machine: machineConfig({ key: "random", entry: "start", steps, ruleSets }),
    ruleSets,
    steps,
    contents: SMALL_MARKET.contents,
    limits: { stepsPerAdvance: 30, horizonMs: horizonDays * DAY_MS },
    calendar: CALENDAR,
  } satisfies Omit<Program, "hash">;
  const stored: Program = JSON.parse(canonicalJson({ ...body, hash: canonicalHash(body) }));
  return stored;
}
