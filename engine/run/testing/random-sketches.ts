import fc from "fast-check";
import type { Condition } from "../../model/condition";
import { AGGREGATES, type StepSpec, type WatchableEvent } from "../../model/program";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../model/time";
import { type Assignment, VALUE_OPERATORS, type ValueSpec } from "../../model/value";
import type { StrategyVariable } from "../../model/variable";
import type { AuthoredRule } from "../../nodes/define";
import { conditionArbitrary } from "./random-strategy";

/** One variable of each sort of type; what steps write is read by conditions later. */
export const VARIABLES: readonly StrategyVariable[] = [
  { name: "rounds", type: "integer", initial: 0 },
  { name: "limit", type: "money", initial: null },
  { name: "share", type: "percent", initial: 0.5 },
  { name: "until", type: "date", initial: null },
  { name: "note", type: "text", initial: "new" },
  { name: "seen", type: "boolean", initial: false },
];
const variableArbitrary = fc.constantFrom(...VARIABLES);

/** Conditions over the account's facts and over what the strategy has written. */
export const whenArbitrary: fc.Arbitrary<Condition> = fc.oneof(
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
export type Sketch = {
  readonly rules: readonly (readonly AuthoredRule[])[];
  readonly spec: (ruleSet: (index: number) => string) => StepSpec;
};

export const rulesArbitrary = (
  outcome: (index: number) => string,
  maxLength = 3,
): fc.Arbitrary<readonly AuthoredRule[]> =>
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
  .record({
    assign: fc.array(assignmentArbitrary, { minLength: 1, maxLength: 3 }),
    // Rounds of the steps whose ids begin so are forgotten, as when a strategy inside is entered again.
    forgets: fc.constantFrom(undefined, undefined, "step-1", "step-"),
  })
  .map(({ assign, forgets }) => ({
    rules: [],
    spec: () => ({ kind: "set", assign, next: "next", ...(forgets === undefined ? {} : { forgets }) }),
  }));

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
    kind: fc.constant("task" as const),
    task: fc.constant("placement" as const),
    desk: fc.constant(DESK),
    details: fc.constant({}),
    gated: fc.constant(true as const),
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

export const sketchArbitrary = fc.oneof(decide, collect, score, set, repeat, act, split, request, request, wait, wait);
