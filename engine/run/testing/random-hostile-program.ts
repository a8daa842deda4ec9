import fc from "fast-check";
import { RULE_TYPE_OF } from "../../compile/rule-value";
import { type Condition, childrenOf, isLeaf } from "../../model/condition";
import { type EngineEvent, type EnrollmentState, EVENT_TYPES } from "../../model/execution";
import type { Facts, FactType } from "../../model/facts";
import {
  EXITS_RULE_SET,
  type Program,
  type ProgramStep,
  type RequestSpec,
  type RuleSet,
  type StepSpec,
} from "../../model/program";
import { DAY_MS, type EpochMs, MINUTE_MS } from "../../model/time";
import {
  type Drawn,
  decidingStep,
  entryStep,
  HOSTILE_TEXTS,
  quickStep,
  type Rule,
  requestStep,
  rulesArbitrary,
  text,
  waitStep,
} from "./random-spec";
import { factsArbitrary } from "./random-strategy";
import { SMALL_MARKET } from "./small-market";

/*
 * Programs drawn step by step and not compiled from a strategy: every kind of step with every option, texts no author would be
 * let through with, and ways that lead anywhere. They have no machine, so the reference executor cannot run them; they hold the
 * executors together that read the steps.
 */

function factsOf(condition: Condition): readonly string[] {
  return isLeaf(condition) ? [condition.fact] : childrenOf(condition).flatMap(factsOf);
}

function ruleSetOf(id: string, order: readonly Rule[]): RuleSet {
  const facts = [...new Set(order.flatMap(({ when }) => factsOf(when)))].sort();
  const typeOf = (fact: string): FactType => SMALL_MARKET.fields[fact.replace(/^var\./, "")]?.type ?? "text";
  return {
    id,
    order,
    rules: [],
    facts,
    types: Object.fromEntries(facts.map((fact) => [fact, RULE_TYPE_OF[typeOf(fact)]])),
  };
}

/** Every handle a step may take, in any of its members. */
function handlesOf({ spec, ruleSets }: Drawn): readonly string[] {
  const named = ["enter", "otherwise", "unknown", "some", "none", "next", "again", "done", "champion", "challenger"];
  const waiting = ["elapsed", "happened", "watched", "promised", "odd", "exhausted", "blocked", "expired", "goOn"];
  const ruled =
    spec.kind === "decide" ? Object.values(ruleSets).flatMap((rules) => rules.map(({ outcome }) => outcome)) : [];
  return [...named, ...waiting, "high", "low", ...ruled];
}

function placed(spec: StepSpec, id: string): StepSpec {
  const own = (ruleSet: string): string => `${id}:${ruleSet}`;
  const watched =
    "watch" in spec && spec.watch !== undefined ? { ...spec.watch, ruleSet: own(spec.watch.ruleSet) } : null;
  const withWatch = watched === null ? spec : ({ ...spec, watch: watched } as StepSpec);
  switch (withWatch.kind) {
    case "entry":
    case "decide":
    case "collect":
      return { ...withWatch, ruleSet: own(withWatch.ruleSet) };
    case "score":
      return {
        ...withWatch,
        attributes: withWatch.attributes.map((attribute) => ({ ...attribute, ruleSet: own(attribute.ruleSet) })),
      };
    case "repeat":
      return withWatch.whileRuleSet === null ? withWatch : { ...withWatch, whileRuleSet: own(withWatch.whileRuleSet) };
    default:
      return withWatch;
  }
}

/** A Program of so many steps beside its entry. `machine` is empty. */
export function programArbitrary(minSteps: number, maxSteps: number): fc.Arbitrary<Program> {
  return fc
    .record({
      entry: entryStep,
      drawn: fc.array(
        fc.oneof(
          { weight: 3, arbitrary: waitStep },
          { weight: 4, arbitrary: requestStep },
          { weight: 4, arbitrary: decidingStep },
          { weight: 3, arbitrary: quickStep },
        ),
        {
          minLength: minSteps,
          maxLength: maxSteps,
          size: "max",
        },
      ),
      names: fc.array(text, { minLength: 12, maxLength: 12 }),
      seeds: fc.array(fc.nat(1000), { minLength: 97, maxLength: 97 }),
      exits: fc.oneof({ weight: 5, arbitrary: fc.constant<readonly Rule[]>([]) }, rulesArbitrary),
      stepsPerAdvance: fc.constantFrom(100, 100, 100, 5, 1),
      horizonDays: fc.constantFrom(1, 400, 400, 400, 400, 400),
    })
    .map(({ entry, drawn, names, seeds, exits, stepsPerAdvance, horizonDays }) => {
      const all = [entry, ...drawn];
      // One step has a name that every object inherits.
      const idOf = (index: number): string => (index === 2 ? "constructor" : `${names[index % names.length]}${index}`);
      const ruleSets: { [id: string]: RuleSet } = {
        [EXITS_RULE_SET]: ruleSetOf(
          EXITS_RULE_SET,
          exits.map((exit) => ({ ...exit, outcome: "cured" })),
        ),
      };
      const steps: { [id: string]: ProgramStep } = {};
      all.forEach((step, index) => {
        const id = idOf(index);
        for (const [name, rules] of Object.entries(step.ruleSets))
          ruleSets[`${id}:${name}`] = ruleSetOf(`${id}:${name}`, rules);
        const target = (place: number): string =>
          idOf(1 + ((seeds[(index * 7 + place) % seeds.length] ?? 0) % drawn.length));
        const handles = Object.fromEntries(handlesOf(step).map((handle, place) => [handle, target(place)]));
        steps[id] = { id, type: "any", spec: placed(step.spec, id), handles };
      });
      return programAround({
        steps,
        ruleSets,
        entry: idOf(0),
        limits: { stepsPerAdvance, horizonMs: horizonDays * DAY_MS },
      });
    });
}

function programAround(parts: Pick<Program, "steps" | "ruleSets" | "entry" | "limits">): Program {
  return {
    format: 2,
    strategyKey: "drawn",
    contentHash: "",
    settings: {
      market: "cn",
      currency: "CNY",
      timeZone: "Asia/Shanghai",
      rulePack: "cn-default",
      horizonDays: 400,
      exits: [],
      variables: [{ name: "score", type: "number", initial: 3 }],
      fields: [],
    },
    machine: {},
    contents: {},
    calendar: { name: "test", holidays: ["2026-01-01"], workdays: ["2026-01-04"], knownUntil: "2026-12-31" },
    hash: "",
    ...parts,
  };
}

const OUTCOMES = ["NA", "NA", "NA", "PTP", "constructor", `"`, "approved", "pass"] as const;

/** Something that happens to an enrollment, told relative to where it stands. */
export type Happening = {
  /** `due` is the timer in time, `awaited` what the present step waits for. */
  readonly type: EngineEvent["type"] | "due" | "awaited";
  readonly visitShift: number;
  readonly attemptShift: number;
  readonly outcome: string;
  readonly minutesLater: number;
  readonly facts: Facts;
};

const rarely = (shift: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.constantFrom(-shift, shift));

/** What people do; what comes of it is drawn elsewhere. */
const BY_HAND: ReadonlySet<EngineEvent["type"]> = new Set(["stop.requested", "resumed", "exit.requested", "migrated"]);

export const happeningsArbitrary: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.record<Happening>({
    type: fc.oneof(
      { weight: 5, arbitrary: fc.constant("due" as const) },
      { weight: 12, arbitrary: fc.constant("awaited" as const) },
      { weight: 7, arbitrary: fc.constantFrom(...EVENT_TYPES.filter((type) => !BY_HAND.has(type))) },
      { weight: 1, arbitrary: fc.constant("stop.requested" as const) },
    ),
    visitShift: rarely(1),
    attemptShift: rarely(1),
    outcome: fc.constantFrom(...OUTCOMES),
    minutesLater: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(0, 1, 61, 1440) }, fc.constant(20_000)),
    facts: factsArbitrary,
  }),
  { minLength: 6, maxLength: 24, size: "max" },
);

const ANSWERS: { readonly [kind in RequestSpec["kind"]]: EngineEvent["type"] } = {
  contact: "contact.result",
  qa: "qa.verdict",
  "conversation-qa": "qa.verdict",
  task: "task.completed",
  external: "external.result",
};

/** What the present step waits for; a contact is put off or refused now and then. */
function awaitedType({ outcome }: Happening, { nodeId }: EnrollmentState, { steps }: Program): EngineEvent["type"] {
  const spec = steps[nodeId]?.spec;
  if (spec?.kind !== "request") return "payment.posted";
  if (spec.request.kind !== "contact") return ANSWERS[spec.request.kind];
  return outcome === "pass" ? "contact.deferred" : outcome === "approved" ? "contact.denied" : "contact.result";
}

/** What a story is told by: the Program, where the enrollment stands, and since when. */
export type Scene = { readonly program: Program; readonly state: EnrollmentState; readonly nowMs: EpochMs };

/** The event of a happening, and when it comes. */
export function eventAt(
  happening: Happening,
  { program, state, nowMs }: Scene,
): { readonly event: EngineEvent; readonly nowMs: EpochMs } {
  const due = happening.type === "due";
  const atMs = due ? Math.max(nowMs, state.wakeAtMs ?? nowMs) : nowMs + happening.minutesLater * MINUTE_MS;
  const everything = {
    id: "evt",
    at: atMs,
    type: happening.type === "awaited" ? awaitedType(happening, state, program) : due ? "timer.fired" : happening.type,
    stepSeq: state.stepSeq + happening.visitShift,
    attempt: state.attempt + happening.attemptShift,
    outcome: happening.outcome,
    values: { [HOSTILE_TEXTS[0]]: 12, constructor: "M2" },
    untilMs: atMs,
    reasons: ["cap", `"`],
    amountMinor: 100,
    dueDate: "2026-03-01",
    channel: "sms",
  };
  return { event: carriedBy(everything), nowMs: atMs };
}

const CARRIED: { readonly [type: string]: readonly string[] } = {
  "timer.fired": ["stepSeq"],
  "contact.result": ["stepSeq", "attempt", "outcome", "values"],
  "contact.deferred": ["stepSeq", "attempt", "untilMs", "reasons"],
  "contact.denied": ["stepSeq", "attempt", "reasons"],
  "qa.verdict": ["stepSeq", "attempt", "outcome"],
  "task.completed": ["stepSeq", "attempt", "outcome", "values"],
  "external.result": ["stepSeq", "attempt", "outcome", "values"],
};

/** Only what an event of that type carries. */
function carriedBy(everything: { readonly [member: string]: unknown } & { readonly type: string }): EngineEvent {
  const members = ["id", "at", "type", ...(CARRIED[everything.type] ?? ["amountMinor", "dueDate", "channel"])];
  const event: unknown = Object.fromEntries(members.map((member) => [member, everything[member]]));
  return event as EngineEvent;
}
