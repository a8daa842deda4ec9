import fc from "fast-check";
import { type Condition, isLeaf } from "../../model/condition";
import type { FactType, FactValue } from "../../model/facts";
import { type RequestSpec, type StepSpec, WATCHABLE_EVENTS, type WaitSpec } from "../../model/program";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../model/time";
import type { Assignment, ValueSpec } from "../../model/value";
import { variableFact } from "../../model/variable";
import { conditionArbitrary } from "./random-strategy";

/** Texts that would end a string, a comment or a template, and names every object inherits. */
export const HOSTILE_TEXTS = [
  `"); throw 1; ("`,
  "\\",
  "*/ + /*",
  "`$",
  "</script>",
  "\u2028\n",
  "constructor",
  "K0",
  "华东",
] as const;

export const text = fc.constantFrom(...HOSTILE_TEXTS);
const VARIABLES = ["score", "stage", "due_date", "staff"] as const;
const variable = fc.constantFrom(...VARIABLES);
const TYPES: { readonly [name in (typeof VARIABLES)[number]]: FactType } = {
  score: "number",
  stage: "text",
  due_date: "date",
  staff: "boolean",
};

function renamed(condition: Condition, names: readonly string[]): Condition {
  if (isLeaf(condition)) {
    return names.includes(condition.fact) ? { ...condition, fact: variableFact(condition.fact) } : condition;
  }
  if ("not" in condition) return { not: renamed(condition.not, names) };
  return "all" in condition
    ? { all: condition.all.map((child) => renamed(child, names)) }
    : { any: condition.any.map((child) => renamed(child, names)) };
}

/** A rule of a drawn step; `outcome` is the handle it takes. */
export type Rule = { readonly rule: string; readonly outcome: string; readonly when: Condition };

/** Rules whose outcomes are handles named after them; sometimes over variables instead of facts, sometimes very long. */
export const rulesArbitrary: fc.Arbitrary<readonly Rule[]> = fc
  .record({
    rules: fc.array(fc.tuple(text, conditionArbitrary), { minLength: 1, maxLength: 3 }),
    names: fc.subarray([...VARIABLES]),
    long: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.constant(250)),
  })
  .map(({ rules, names, long }) =>
    rules.map(([name, when], index) => ({
      rule: index === 0 ? name : `${name}${index}`,
      outcome: `out ${name}${index}`,
      when: long === 1 ? renamed(when, names) : { all: Array.from({ length: long }, () => renamed(when, names)) },
    })),
  );

const valueArbitrary: fc.Arbitrary<ValueSpec> = fc.oneof(
  fc.constantFrom<FactValue>(1, -2.5, "2026-03-01", "M1", true, null).map((literal) => ({ literal })),
  fc.constantFrom("dpd", "stage", "due_date", "var.score", "constructor").map((fact) => ({ fact })),
  fc.integer({ min: -3, max: 3 }).map((todayPlusDays) => ({ todayPlusDays })),
  fc.constant<ValueSpec>({ operator: "add", of: [{ fact: "dpd" }, { fact: "var.score" }, { literal: 1 }] }),
);

const assignments: fc.Arbitrary<readonly Assignment[]> = fc.array(
  fc.tuple(variable, valueArbitrary).map(([name, value]) => ({ variable: name, type: TYPES[name], value })),
  { maxLength: 3 },
);

/** A step before it is wired: the specification with its rule sets beside it. */
export type Drawn = { readonly spec: StepSpec; readonly ruleSets: { readonly [id: string]: readonly Rule[] } };

const watch = fc.record({
  ruleSet: fc.constant("watch"),
  events: fc.subarray([...WATCHABLE_EVENTS], { minLength: 1 }),
  everyMs: fc.constantFrom(null, HOUR_MS),
  holds: fc.constant("watched"),
});

const waits: fc.Arbitrary<WaitSpec> = fc.constantFrom<WaitSpec>(
  { mode: "duration", durationMs: DAY_MS },
  { mode: "duration", durationMs: MINUTE_MS, at: "09:00" },
  { mode: "until-local-time", at: "10:30" },
  { mode: "until-date", date: "2026-01-05", at: "09:00" },
  { mode: "until-dpd", dpd: 31, at: "09:00" },
  { mode: "event", events: ["payment.posted", "reply.received"], deadlineMs: 3 * DAY_MS },
  { mode: "until-working-day", count: 2, at: "09:00" },
  { mode: "until-day-of-month", fact: "dpd", offsetDays: -3, at: "09:00" },
  { mode: "until-fact-date", fact: "var.due_date", offsetDays: 1, at: "09:00" },
);

const desk = { queue: `"q"`, priority: 3, dueMs: HOUR_MS } as const;
const requests: fc.Arbitrary<RequestSpec> = fc.oneof(
  fc.record({
    kind: fc.constant("contact" as const),
    channel: fc.constantFrom("sms" as const, "robot" as const),
    contentId: text,
    partyRole: fc.constant("self" as const),
  }),
  fc.constant<RequestSpec>({
    kind: "contact",
    channel: "robot",
    contentId: "c",
    partyRole: "self",
    maxPerDay: 2,
    desk,
  }),
  fc.record({ kind: fc.constant("qa" as const), contentId: text, lexicon: text }),
  fc.record({
    kind: fc.constant("conversation-qa" as const),
    channel: fc.constant("robot" as const),
    lexicon: text,
    passScore: fc.nat(100),
  }),
  fc.record({
    kind: fc.constant("task" as const),
    task: fc.constantFrom("approval" as const, "legal" as const),
    desk: fc.constant(desk),
    details: fc.dictionary(fc.constantFrom("a", "b"), valueArbitrary),
  }),
  fc.record({
    kind: fc.constant("external" as const),
    integration: text,
    send: fc.subarray(["dpd", "var.score", "constructor"]),
    timeoutMs: fc.constant(HOUR_MS),
  }),
);

export const waitStep: fc.Arbitrary<Drawn> = fc
  .record({
    wait: waits,
    unknown: fc.constantFrom("unknown", "unknown", null),
    watch: fc.option(watch, { nil: undefined, freq: 2 }),
    recomputeOn: fc.option(fc.subarray([...WATCHABLE_EVENTS]), { nil: undefined }),
    rules: rulesArbitrary,
  })
  .map(({ wait, unknown, watch: watched, recomputeOn, rules }) => ({
    spec: {
      kind: "wait",
      wait,
      elapsed: "elapsed",
      happened: wait.mode === "event" ? "happened" : null,
      unknown,
      ...(watched === undefined ? {} : { watch: watched }),
      ...(recomputeOn === undefined ? {} : { recomputeOn }),
    },
    ruleSets: { watch: rules },
  }));

export const requestStep: fc.Arbitrary<Drawn> = fc
  .record({
    request: requests,
    deadlineMs: fc.constantFrom(MINUTE_MS, DAY_MS, 30 * DAY_MS),
    retry: fc.constantFrom(null, { maxAttempts: 3, gapMinutes: { NA: 60, constructor: 5, PTP: 100_000 } }),
    goOn: fc.constantFrom(null, null, null, "goOn"),
    receive: fc.option(
      fc.array(fc.tuple(text, variable).map(([name, to]) => ({ name, variable: to, type: TYPES[to] }))),
      { nil: undefined },
    ),
    watch: fc.option(watch, { nil: undefined, freq: 2 }),
    rules: rulesArbitrary,
  })
  .map(({ request, deadlineMs, retry, goOn, receive, watch: watched, rules }) => ({
    spec: {
      kind: "request",
      request,
      deadlineMs,
      outcomes: { PTP: "promised", constructor: "odd", approved: "promised" },
      retry: watched === undefined ? retry : null,
      exhausted: "exhausted",
      blocked: "blocked",
      expired: "expired",
      goOn,
      ...(receive === undefined ? {} : { receive }),
      ...(watched === undefined ? {} : { watch: watched }),
    },
    ruleSets: { watch: rules },
  }));

/** Something for the first rule, or for none. */
function forFirst<TValue>(rules: readonly Rule[], value: TValue | null): { readonly [rule: string]: TValue } {
  return value === null ? {} : { [rules[0]?.rule ?? ""]: value };
}

export const decidingStep: fc.Arbitrary<Drawn> = fc.oneof(
  fc.record({ rules: rulesArbitrary, sets: fc.option(assignments) }).map(({ rules, sets }) => ({
    spec: {
      kind: "decide" as const,
      ruleSet: "own",
      otherwise: "otherwise",
      unknown: "unknown",
      sets: forFirst(rules, sets),
    },
    ruleSets: { own: rules },
  })),
  fc
    .record({
      rules: rulesArbitrary,
      name: variable,
      value: fc.option(valueArbitrary),
      aggregate: fc.constantFrom("sum" as const, "min" as const, "count" as const, "first" as const, "join" as const),
    })
    .map(({ rules, name, value, aggregate }) => ({
      spec: {
        kind: "collect" as const,
        ruleSet: "own",
        outputs: [{ variable: name, type: TYPES[name], aggregate, values: forFirst(rules, value) }],
        some: "some",
        none: "none",
        unknown: "unknown",
      },
      ruleSets: { own: rules },
    })),
  fc
    .record({ rules: rulesArbitrary, unknown: fc.constantFrom(null, 5), points: fc.constantFrom(null, 7) })
    .map(({ rules, unknown, points }) => ({
      spec: {
        kind: "score" as const,
        attributes: [{ id: "a", ruleSet: "own", weight: 2, points: forFirst(rules, points), otherwise: 1, unknown }],
        variable: "score",
        bands: [
          { atLeast: 10, handle: "high" },
          { atLeast: null, handle: "low" },
        ],
        unknown: "unknown",
      },
      ruleSets: { own: rules },
    })),
  fc
    .record({
      rules: rulesArbitrary,
      maxTimes: fc.integer({ min: 1, max: 3 }),
      whileRuleSet: fc.constantFrom(null, "own"),
    })
    .map(({ rules, maxTimes, whileRuleSet }) => ({
      spec: { kind: "repeat" as const, maxTimes, again: "again", done: "done", whileRuleSet, unknown: "unknown" },
      ruleSets: { own: rules },
    })),
);

export const quickStep: fc.Arbitrary<Drawn> = fc
  .oneof(
    assignments.map<StepSpec>((assign) => ({ kind: "set", assign, next: "next" })),
    fc
      .constantFrom(
        { act: "hold.place" as const, hold: "dispute" as const, forMs: DAY_MS },
        { act: "hold.release" as const, hold: "dispute" as const },
        { act: "promise.close" as const, result: "kept" as const },
      )
      .map<StepSpec>((act) => ({ kind: "act", act, next: "next" })),
    fc.constantFrom(0, 5000, 10_000).map<StepSpec>((share) => ({
      kind: "split",
      experimentKey: "first-call",
      phase: 1,
      arms: [
        { arm: "champion", weight: share, handle: "champion" },
        { arm: "challenger", weight: 10_000 - share, handle: "challenger" },
      ],
    })),
    fc.record<StepSpec & { readonly kind: "exit" }>({
      kind: fc.constant("exit" as const),
      reason: fc.constantFrom("completed" as const, "cured" as const),
      label: fc.option(text),
    }),
  )
  .map((spec) => ({ spec, ruleSets: {} }));

/** Lets everybody in, so that stories grow long. */
const OPEN_DOOR: readonly Rule[] = [
  {
    rule: "open",
    outcome: "open",
    when: { not: { all: [{ fact: "dpd", operator: "greaterThan", value: 1_000_000 }] } },
  },
];

export const entryStep: fc.Arbitrary<Drawn> = fc
  .oneof({ weight: 4, arbitrary: fc.constant(OPEN_DOOR) }, rulesArbitrary)
  .map((rules) => ({ spec: { kind: "entry", ruleSet: "own", enter: "enter" }, ruleSets: { own: rules } }));
