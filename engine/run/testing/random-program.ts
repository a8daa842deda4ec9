import fc from "fast-check";
import { handlesTaken } from "../../compile/handles";
import { machineConfig } from "../../compile/machine";
import { compileRuleSet } from "../../compile/rule-set";
import { strategyCatalogue } from "../../condition/catalogue";
import type { Condition } from "../../model/condition";
import type { FactType } from "../../model/facts";
import { canonicalHash, canonicalJson } from "../../model/json";
import {
  AGGREGATES,
  EXITS_RULE_SET,
  PROGRAM_FORMAT,
  type Program,
  type ProgramStep,
  type RuleSet,
  type StepSpec,
  type WatchableEvent,
} from "../../model/program";
import type { StrategySettings } from "../../model/strategy";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../model/time";
import { type Assignment, VALUE_OPERATORS, type ValueSpec } from "../../model/value";
import type { StrategyVariable } from "../../model/variable";
import type { AuthoredRule } from "../../nodes/define";
import { conditionArbitrary } from "./random-strategy";
import { SMALL_MARKET } from "./small-market";

/** One variable of each sort of type; what steps write is read by conditions later. */
const VARIABLES: readonly StrategyVariable[] = [
  { name: "rounds", type: "integer", initial: 0 },
  { name: "limit", type: "money", initial: null },
  { name: "share", type: "percent", initial: 0.5 },
  { name: "until", type: "date", initial: null },
  { name: "note", type: "text", initial: "new" },
  { name: "seen", type: "boolean", initial: false },
];
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

const variableArbitrary = fc.constantFrom(...VARIABLES);

/** Conditions over the account's facts and over what the strategy has written. */
const whenArbitrary: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 3, arbitrary: conditionArbitrary },
  fc.constantFrom<Condition>(
    { fact: "var.rounds", operator: "lessThan", value: 3 },
    { fact: "var.limit", operator: "isKnown", value: true },
    { fact: "var.limit", operator: "greaterThan", value: 50_000 },
    { fact: "var.until", operator: "withinNextDays", value: 30 },
    { fact: "var.until", operator: "beforeLastDays", value: 1 },
    { fact: "var.note", operator: "contains", value: "new" },
    { fact: "var.seen", operator: "equal", value: true },
    { fact: "conversations.7d", operator: "greaterThanInclusive", value: 3 },
  ),
);

const FACTS = ["dpd", "overdue", "score", "due_date", "stage", "constructor", "var.rounds", "var.limit", "var.until"];

const valueArbitrary: fc.Arbitrary<ValueSpec> = fc.letrec<{ value: ValueSpec }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(0, 1, -2.5, 0.5, 50_000, 1e300, "new", "2026-02-28", true, null).map((literal) => ({ literal })),
    fc.constantFrom(...FACTS).map((fact) => ({ fact })),
    fc.integer({ min: -400, max: 400 }).map((todayPlusDays) => ({ todayPlusDays })),
    fc.record({
      operator: fc.constantFrom(...VALUE_OPERATORS),
      of: fc.array(tie("value"), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).value;

const assignmentArbitrary: fc.Arbitrary<Assignment> = fc
  .record({ variable: variableArbitrary, value: valueArbitrary })
  .map(({ variable, value }) => ({ variable: variable.name, type: variable.type, value }));

/** A step as drawn here: its spec, once its rule sets have names. */
type Sketch = {
  readonly rules: readonly (readonly AuthoredRule[])[];
  readonly spec: (ruleSet: (index: number) => string) => StepSpec;
};

const rulesArbitrary = (outcome: (index: number) => string, maxLength = 3): fc.Arbitrary<readonly AuthoredRule[]> =>
  fc
    .array(whenArbitrary, { minLength: 1, maxLength })
    .map((whens) => whens.map((when, index) => ({ rule: `rule-${index + 1}`, outcome: outcome(index), when })));

const decide: fc.Arbitrary<Sketch> = fc
  .record({
    rules: rulesArbitrary((index) => `way-${index + 1}`),
    sets: fc.option(fc.array(assignmentArbitrary, { maxLength: 3 }), { nil: undefined }),
  })
  .map(({ rules, sets }) => ({
    rules: [rules],
    spec: (ruleSet) => ({
      kind: "decide",
      ruleSet: ruleSet(0),
      otherwise: "otherwise",
      unknown: "unknown",
      ...(sets === undefined ? {} : { sets: { "rule-1": sets } }),
    }),
  }));

const collect: fc.Arbitrary<Sketch> = fc
  .record({
    rules: rulesArbitrary(() => "some"),
    outputs: fc.array(
      fc.record({
        variable: variableArbitrary,
        aggregate: fc.constantFrom(...AGGREGATES),
        values: fc.dictionary(fc.constantFrom("rule-1", "rule-2", "rule-3"), valueArbitrary),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ rules, outputs }) => ({
    rules: [rules],
    spec: (ruleSet) => ({
      kind: "collect",
      ruleSet: ruleSet(0),
      outputs: outputs.map(({ variable, ...rest }) => ({ variable: variable.name, type: variable.type, ...rest })),
      some: "some",
      none: "none",
      unknown: "unknown",
    }),
  }));

const pointsArbitrary = fc.constantFrom(-10, 0, 5, 40);

const score: fc.Arbitrary<Sketch> = fc
  .record({
    attributes: fc.array(
      fc.record({
        rules: rulesArbitrary(() => "points", 2),
        weight: fc.constantFrom(0.1, 1, 2.5),
        points: fc.tuple(pointsArbitrary, pointsArbitrary),
        otherwise: pointsArbitrary,
        unknown: fc.constantFrom(null, 0, -5),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    variable: fc.constantFrom(null, "rounds"),
  })
  .map(({ attributes, variable }) => ({
    rules: attributes.map(({ rules }) => rules),
    spec: (ruleSet) => ({
      kind: "score",
      attributes: attributes.map(({ weight, points, otherwise, unknown }, index) => ({
        id: `attribute-${index + 1}`,
        ruleSet: ruleSet(index),
        weight,
        points: { "rule-1": points[0], "rule-2": points[1] },
        otherwise,
        unknown,
      })),
      variable,
      bands: [
        { atLeast: 20, handle: "high" },
        { atLeast: 0, handle: "middle" },
        { atLeast: null, handle: "low" },
      ],
      unknown: "unknown",
    }),
  }));

const set: fc.Arbitrary<Sketch> = fc
  .array(assignmentArbitrary, { minLength: 1, maxLength: 3 })
  .map((assign) => ({ rules: [], spec: () => ({ kind: "set", assign, next: "next" }) }));

const repeat: fc.Arbitrary<Sketch> = fc
  .record({ maxTimes: fc.integer({ min: 1, max: 4 }), rules: fc.option(rulesArbitrary(() => "again", 1)) })
  .map(({ maxTimes, rules }) => ({
    rules: rules === null ? [] : [rules],
    spec: (ruleSet) => ({
      kind: "repeat",
      maxTimes,
      again: "again",
      done: "done",
      whileRuleSet: rules === null ? null : ruleSet(0),
      unknown: rules === null ? null : "unknown",
    }),
  }));

const act: fc.Arbitrary<Sketch> = fc
  .constantFrom<Extract<StepSpec, { kind: "act" }>["act"]>(
    { act: "hold.place", hold: "hardship", forMs: 30 * DAY_MS },
    { act: "hold.place", hold: "dispute", forMs: null },
    { act: "hold.release", hold: "dispute" },
    { act: "promise.close", result: "broken" },
  )
  .map((made) => ({ rules: [], spec: () => ({ kind: "act", act: made, next: "next" }) }));

const split: fc.Arbitrary<Sketch> = fc.constant({
  rules: [],
  spec: () => ({
    kind: "split",
    experimentKey: "first-call",
    phase: 1,
    arms: [
      { arm: "champion", weight: 5000, handle: "champion" },
      { arm: "challenger", weight: 5000, handle: "challenger" },
    ],
  }),
});

const watchedEvents = fc.subarray<WatchableEvent>(["payment.posted", "promise.made", "facts.changed"], {
  minLength: 1,
});

type RequestOf = Extract<StepSpec, { kind: "request" }>["request"];
const DESK = { queue: "m1", priority: 3, dueMs: 4 * HOUR_MS } as const;

const askedArbitrary: fc.Arbitrary<RequestOf> = fc.oneof(
  fc.record({
    kind: fc.constant("contact" as const),
    channel: fc.constantFrom("sms" as const, "robot" as const),
    contentId: fc.constantFrom("sms.reminder", "robot.reminder"),
    partyRole: fc.constant("self" as const),
    maxPerDay: fc.constantFrom(1, 3),
    contactPoints: fc.constant("next" as const),
    desk: fc.constant(DESK),
  }),
  fc.constant({ kind: "qa" as const, contentId: "sms.reminder", lexicon: "basic" }),
  fc.constant({ kind: "conversation-qa" as const, channel: "robot" as const, lexicon: "basic", passScore: 80 }),
  fc.record({
    kind: fc.constant("task" as const),
    task: fc.constantFrom("approval" as const, "placement" as const),
    desk: fc.constant(DESK),
    details: fc.dictionary(fc.constantFrom("amount", "share"), valueArbitrary),
  }),
  fc.record({
    kind: fc.constant("external" as const),
    integration: fc.constant("score"),
    send: fc.subarray(FACTS),
    timeoutMs: fc.constant(5000),
  }),
);

/** Answers every kind of request may bring in these Programs; what is not mapped is exhausted. */
const OUTCOMES = { PTP: "yes", DLV: "yes", approved: "yes", returned: "no", pass: "yes", block: "no", RTP: "no" };

const request: fc.Arbitrary<Sketch> = fc
  .record({
    asked: askedArbitrary,
    deadlineMs: fc.constantFrom(HOUR_MS, 2 * DAY_MS),
    retry: fc.constantFrom(
      null,
      { maxAttempts: 2, gapMinutes: { NA: 60 } },
      { maxAttempts: 4, gapMinutes: { NA: 5, BUSY: 1 } },
    ),
    receive: fc.option(
      fc.array(fc.record({ name: fc.constantFrom("amount", "date", "constructor"), variable: variableArbitrary }), {
        maxLength: 2,
      }),
      { nil: undefined },
    ),
    watch: fc.option(
      fc.record({
        rules: rulesArbitrary(() => "recalled", 2),
        events: watchedEvents,
        everyMs: fc.constantFrom(null, HOUR_MS),
      }),
      { nil: undefined },
    ),
    goOn: fc.constantFrom(null, null, null, "next"),
  })
  .map(({ asked, deadlineMs, retry, receive, watch, goOn }) => ({
    rules: watch === undefined ? [] : [watch.rules],
    spec: (ruleSet) => ({
      kind: "request",
      request: asked,
      deadlineMs,
      outcomes: OUTCOMES,
      // A request that watches does not retry (engine/model/program.ts).
      retry: watch === undefined ? retry : null,
      exhausted: "exhausted",
      blocked: "blocked",
      expired: "expired",
      goOn,
      ...(receive === undefined
        ? {}
        : {
            receive: receive.map(({ name, variable }) => ({ name, variable: variable.name, type: variable.type })),
          }),
      ...(watch === undefined
        ? {}
        : { watch: { ruleSet: ruleSet(0), events: watch.events, everyMs: watch.everyMs, holds: "recalled" } }),
    }),
  }));

const AT = "10:00";

const waitedArbitrary: fc.Arbitrary<Extract<StepSpec, { kind: "wait" }>["wait"]> = fc.oneof(
  fc.constantFrom(MINUTE_MS, DAY_MS, 30 * DAY_MS).map((durationMs) => ({ mode: "duration" as const, durationMs })),
  fc.constant({ mode: "event" as const, events: ["payment.posted"], deadlineMs: DAY_MS }),
  fc.constantFrom(0, 1, 31).map((dpd) => ({ mode: "until-dpd" as const, dpd, at: AT })),
  fc.constantFrom(0, 1, 5).map((count) => ({ mode: "until-working-day" as const, count, at: AT })),
  fc.record({
    mode: fc.constant("until-day-of-month" as const),
    fact: fc.constantFrom("dpd", "var.rounds", "stage"),
    offsetDays: fc.constantFrom(-3, 0, 2),
    at: fc.constant(AT),
  }),
  fc.record({
    mode: fc.constant("until-fact-date" as const),
    fact: fc.constantFrom("due_date", "var.until"),
    offsetDays: fc.constantFrom(-3, 0, 2),
    at: fc.constant(AT),
  }),
);

const wait: fc.Arbitrary<Sketch> = fc
  .record({
    waited: waitedArbitrary,
    watch: fc.option(
      rulesArbitrary(() => "kept", 1),
      { nil: undefined },
    ),
    recompute: fc.boolean(),
  })
  .map(({ waited, watch, recompute }) => ({
    rules: watch === undefined ? [] : [watch],
    spec: (ruleSet) => ({
      kind: "wait",
      wait: waited,
      elapsed: "elapsed",
      happened: waited.mode === "event" ? "happened" : null,
      unknown: "unknown",
      ...(watch === undefined
        ? {}
        : {
            watch: {
              ruleSet: ruleSet(0),
              events: ["promise.made" as const, "payment.reversed" as const],
              everyMs: null,
              holds: "kept",
            },
          }),
      ...(recompute ? { recomputeOn: ["facts.changed" as const] } : {}),
    }),
  }));

const sketchArbitrary = fc.oneof(decide, collect, score, set, repeat, act, split, request, request, wait, wait);

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

/** Types a random variable may have, for those who look at what was written. */
export const VARIABLE_TYPES: ReadonlyMap<string, FactType> = new Map(VARIABLES.map(({ name, type }) => [name, type]));
