import fc from "fast-check";
import { isRelativeDate, operatorsFor, takesList } from "../../condition/operators";
import { type Condition, type ConditionLeaf, KNOWN_OPERATOR, type Operator } from "../../model/condition";
import type { FactValue } from "../../model/facts";
import type { StrategyDoc, StrategyExit } from "../../model/strategy";
import { definitionOf } from "../../nodes";
import { type DrawnStep, drawnStrategy } from "./drawn-strategy";
import { SMALL_MARKET } from "./small-market";

/** Values a fact may have in rules and in accounts alike, so that rules meet their bounds often. */
const VALUES: { readonly [fact: string]: readonly FactValue[] } = {
  dpd: [-5, 0, 1, 30, 31, 90],
  overdue: [0, 1, 50_000, 5_000_000],
  score: [-1.5, 0, 0.1, 600],
  rate: [0, 0.24, 0.36],
  due_date: ["2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01"],
  stage: ["M0", "M1", "M2", "M3"],
  region: ["", "华东", "constructor", "east"],
  staff: [true, false],
  account_status: ["open", "paid", "closed"],
  constructor: ["a", "b"],
};

/** What stands in a fact that was not parsed as it should have been: every one of them is "unknown". */
export const UNUSABLE: readonly FactValue[] = [
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "2026-02-30",
  "45abc",
  "7",
  7.5,
  true,
];

/** One account's facts: known, missing, null, or of the wrong type. */
export const factsArbitrary: fc.Arbitrary<{ [fact: string]: FactValue }> = fc
  .record(
    Object.fromEntries(
      Object.entries(VALUES).map(([fact, values]) => [
        fact,
        fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...values) }, fc.constantFrom(...UNUSABLE)),
      ]),
    ),
    { requiredKeys: [] },
  )
  .chain((facts) =>
    fc.constantFrom(null, "champion", "challenger", "retired", 7).map((arm) => ({ ...facts, "arm.first-call": arm })),
  );

function valuesOf(fact: string): readonly FactValue[] {
  return Object.hasOwn(VALUES, fact) ? (VALUES[fact] ?? []) : [];
}

/** Patterns RE2 and JavaScript read alike. */
const PATTERNS = ["^华", "东$", "e.*t", "[a-z]+", "constructor", ""] as const;
const DAYS = [0, 1, 7, 31, 90] as const;

const leafArbitrary: fc.Arbitrary<ConditionLeaf> = fc
  .constantFrom(...Object.keys(VALUES))
  .chain((fact) => {
    const type = SMALL_MARKET.fields[fact]?.type ?? "text";
    const [first = "equal", ...others] = operatorsFor(type);
    return fc.record({
      fact: fc.constant(fact),
      operator: fc.constantFrom<Operator>(first, ...others),
      one: fc.constantFrom(...valuesOf(fact)),
      several: fc.array(fc.constantFrom(...valuesOf(fact)), { minLength: 1, maxLength: 3 }),
      pattern: fc.constantFrom(...PATTERNS),
      days: fc.constantFrom(...DAYS),
      known: fc.boolean(),
    });
  })
  .map(({ fact, operator, one, several, pattern, days, known }) => {
    const leaf = (value: ConditionLeaf["value"]): ConditionLeaf => ({ fact, operator, value });
    if (operator === KNOWN_OPERATOR) return leaf(known);
    if (isRelativeDate(operator)) return leaf(days);
    if (operator === "matches") return leaf(pattern);
    return leaf(takesList(operator) ? several.filter((value) => value !== null) : (one ?? 0));
  });

/** A condition over the facts of the small market, all operators, nested. */
export const conditionArbitrary: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => {
  const several = fc.array(tie("condition"), { minLength: 1, maxLength: 3 });
  return {
    condition: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leafArbitrary,
      several.map((all) => ({ all })),
      several.map((any) => ({ any })),
      tie("condition").map((not) => ({ not })),
    ),
  };
}).condition;

type StepDraft = Omit<DrawnStep, "to">;

const A_DAY: StepDraft = { type: "wait", data: { mode: "duration", durationMinutes: 1440 } };

const whenArbitrary = conditionArbitrary.map((when) => ({ when }));
const at = fc.constantFrom("00:00", "09:00", "23:59");

/** What every drawn strategy remembers of an account. */
const VARIABLES = [
  { name: "rounds", type: "integer", initial: 0 },
  { name: "target", type: "money" },
] as const;

const assignmentArbitrary = fc.constantFrom(
  { variable: "rounds", value: { operator: "add", of: [{ fact: "var.rounds" }, { literal: 1 }] } },
  { variable: "rounds", value: { fact: "dpd" } },
  { variable: "target", value: { operator: "multiply", of: [{ fact: "overdue" }, { literal: 0.5 }] } },
  { variable: "target", value: { literal: 100 } },
);

const draftArbitraries: readonly fc.Arbitrary<StepDraft>[] = [
  fc.array(whenArbitrary, { minLength: 1, maxLength: 3 }).map((rules) => ({
    type: "branch",
    data: { rules: rules.map(({ when }, index) => ({ id: `rule-${index + 1}`, when })) },
  })),
  fc
    .record({ share: fc.constantFrom(0, 1, 5000, 9000, 10_000), phase: fc.integer({ min: 1, max: 3 }) })
    .map(({ share, phase }) => ({
      type: "split",
      data: {
        experimentKey: "first-call",
        phase,
        arms: [
          { id: "champion", weight: share },
          { id: "challenger", weight: 10_000 - share },
        ],
      },
    })),
  fc.record({ waitForDelivery: fc.boolean(), giveUpHours: fc.constantFrom(1, 24, 720) }).map((data) => ({
    type: "sms",
    data: { contentId: "sms.reminder", ...data },
  })),
  fc
    .record({
      giveUpHours: fc.constantFrom(1, 3, 48),
      maxAttempts: fc.integer({ min: 1, max: 4 }),
      gapMinutes: fc.constantFrom({ NA: 5 }, { NA: 60, BUSY: 20 }, { NA: 120, OFF: 1440 }, {}),
    })
    .map((data) => ({ type: "robot", data: { contentId: "robot.reminder", ...data } })),
  fc
    .oneof(
      fc.record({ mode: fc.constant("duration"), durationMinutes: fc.constantFrom(1, 60, 1440, 43_200) }),
      fc.record({ mode: fc.constant("duration"), durationMinutes: fc.constantFrom(1, 1440), at }),
      fc.record({ mode: fc.constant("until-local-time"), at }),
      fc.record({
        mode: fc.constant("until-date"),
        date: fc.constantFrom("2025-12-01", "2026-01-05", "2026-02-01"),
        at,
      }),
      fc.record({ mode: fc.constant("until-dpd"), dpd: fc.constantFrom(0, 1, 31, 60), at }),
      fc.record({
        mode: fc.constant("event"),
        events: fc.constantFrom(["payment.posted"], ["reply.received"], ["payment.posted", "reply.received"]),
        deadlineMinutes: fc.constantFrom(1, 1440, 10_080),
      }),
    )
    .map((data) => ({ type: "wait", data })),
  fc.constant({ type: "qa.text", data: { contentId: "sms.reminder", lexicon: "basic" } }),
  fc
    .record({ maxTimes: fc.integer({ min: 1, max: 3 }), when: fc.option(conditionArbitrary) })
    .map((data) => ({ type: "repeat", data })),
  fc.array(assignmentArbitrary, { minLength: 1, maxLength: 3 }).map((assign) => ({ type: "set", data: { assign } })),
  fc.constantFrom("M1", "M2").map((stage) => ({ type: "stage", data: { stage } })),
  fc.constantFrom(1, 30).map((days) => ({ type: "hold", data: { hold: "hardship", until: "days", days } })),
  fc.constant({ type: "release", data: { hold: "hardship" } }),
];

const exitRuleArbitrary: fc.Arbitrary<readonly StrategyExit[]> = fc
  .array(fc.record({ when: conditionArbitrary, reason: fc.constantFrom("cured", "sold", "completed") }), {
    maxLength: 2,
  })
  .map((exits) => exits.map(({ when, reason }, index) => ({ id: `exit-${index + 1}`, reason, when })));

/** Draws the lines, forward only: the one way back is through a bounded repeat, after a day. */
function wire(entry: StepDraft, drafts: readonly StepDraft[], seeds: readonly number[]): { [id: string]: DrawnStep } {
  const steps: { [id: string]: DrawnStep } = {};
  const ids = [...drafts.map((_, index) => `step-${index + 1}`), "done"];
  let drawn = 0;
  const pick = (from: readonly string[]): string => {
    drawn += 1;
    return from[(seeds[drawn % seeds.length] ?? 0) % from.length] ?? "done";
  };
  [entry, ...drafts].forEach((draft, index) => {
    const definition = definitionOf(draft.type);
    const data = definition?.schema.parse(draft.data) ?? {};
    const handles = definition?.handles(data) ?? [];
    const to = Object.fromEntries(handles.map((handle) => [handle.id, pick(ids.slice(index))]));
    const [back] = handles.filter(({ repeats }) => repeats === true);
    if (back !== undefined) {
      steps[`day-${index}`] = { ...A_DAY, to: { elapsed: pick(ids.slice(0, index)) } };
      to[back.id] = `day-${index}`;
    }
    steps[index === 0 ? "start" : `step-${index}`] = { ...draft, to };
  });
  return { ...steps, done: { type: "exit", data: { reason: "completed" }, to: {} } };
}

/** A strategy that compiles: steps of many types, rules of any shape, loops, its own exits and horizon. */
export const strategyArbitrary: fc.Arbitrary<StrategyDoc> = fc
  .record({
    entry: fc.oneof(
      { weight: 3, arbitrary: fc.constant<Condition>({ fact: "dpd", operator: "lessThan", value: 1000 }) },
      conditionArbitrary,
    ),
    drafts: fc.array(fc.oneof(...draftArbitraries), { minLength: 1, maxLength: 9, size: "max" }),
    seeds: fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }),
    exits: fc.oneof({ weight: 2, arbitrary: fc.constant<readonly StrategyExit[]>([]) }, exitRuleArbitrary),
    horizonDays: fc.constantFrom(1, 30, 400, 400, 400),
  })
  .map(({ entry, drafts, seeds, exits, horizonDays }) =>
    drawnStrategy(wire({ type: "start", data: { when: entry } }, drafts, seeds), {
      exits,
      horizonDays,
      variables: VARIABLES,
    }),
  );
