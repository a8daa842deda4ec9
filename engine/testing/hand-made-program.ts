import { machineConfig } from "../compile/machine";
import { compileRuleSet } from "../compile/rule-set";
import type { Condition } from "../model/condition";
import { type Counter, type Field, FieldSchema } from "../model/facts";
import { canonicalHash } from "../model/json";
import type { MarketPack } from "../model/market-pack";
import { EXITS_RULE_SET, PROGRAM_FORMAT, type Program, type ProgramStep, type StepSpec } from "../model/program";
import { DAY_MS } from "../model/time";
import { SHANGHAI } from "./builders";

/** A step as it is compiled, without its id. */
export type HandMadeStep = {
  readonly spec: StepSpec;
  readonly handles: ProgramStep["handles"];
  readonly type?: string;
};

export type HandMade = {
  /** The first is the entry. */
  readonly steps: { readonly [id: string]: HandMadeStep };
  /** Rule set -> rule -> when it holds; the rule's name is the handle it takes. */
  readonly rules?: { readonly [ruleSet: string]: { readonly [handle: string]: Condition } };
  readonly counters?: readonly Counter[];
  readonly horizonDays?: number;
};

const field = (key: string, type: Field["type"], origin: Field["origin"] = "derived"): Field =>
  FieldSchema.parse({ key, type, label: { en: key }, origin, usableInRules: true });

const STANDING_FIELDS: readonly Field[] = [
  field("promise_amount", "money"),
  field("promise_due_date", "date"),
  field("promise_paid", "money"),
  field("promise_paid_share", "percent"),
  field("promise_status", "text"),
  field("plan_status", "text"),
  field("plan_missed", "integer"),
  field("plan_end_date", "date"),
];

/** The market with the facts about promises and plans, for those who test with a market of their own. */
export function withStandingFields(pack: MarketPack): MarketPack {
  const missing = STANDING_FIELDS.filter(({ key }) => !Object.hasOwn(pack.fields, key));
  return { ...pack, fields: { ...pack.fields, ...Object.fromEntries(missing.map((own) => [own.key, own])) } };
}

/** A Program put together step by step, machine and rule sets included, so that both executors run it. For tests only. */
export function handMadeProgram(pack: MarketPack, made: HandMade): Program {
  const { fields } = withStandingFields(pack);
  const sets: HandMade["rules"] = { [EXITS_RULE_SET]: {}, ...made.rules };
  const ruleSets = Object.fromEntries(
    Object.entries(sets).map(([id, rules]) => {
      const authored = Object.entries(rules).map(([outcome, when]) => ({ rule: outcome, outcome, when }));
      const { ruleSet, issues } = compileRuleSet(authored, { id, nodeId: undefined, fields });
      if (issues.length > 0) throw new Error(JSON.stringify(issues));
      return [id, ruleSet] as const;
    }),
  );
  const steps = Object.fromEntries(
    Object.entries(made.steps).map(([id, step]) => [id, { type: "test", ...step, id }] as const),
  );
  const [entry = ""] = Object.keys(steps);
  const { horizonDays = 400, counters = [] } = made;
  const body = {
    format: PROGRAM_FORMAT,
    strategyKey: "hand-made",
    contentHash: "0".repeat(64),
    settings: {
      market: pack.market,
      currency: "CNY",
      timeZone: SHANGHAI,
      rulePack: "cn-default",
      horizonDays,
      exits: [],
      variables: [{ name: "score", type: "number", initial: null }],
      fields: [],
    },
    entry,
    machine: machineConfig({ key: "hand-made", entry, steps, ruleSets }),
    ruleSets,
    steps,
    contents: pack.contents,
    limits: { stepsPerAdvance: 100, horizonMs: horizonDays * DAY_MS },
    counters,
  } satisfies Omit<Program, "hash">;
  return { ...body, hash: canonicalHash(body) };
}

/** Lets in every account that is past due. */
export const LATE_ONES = { entry: { enter: { fact: "dpd", operator: "greaterThanInclusive", value: 1 } } } as const;

/** The entry step over `LATE_ONES`. */
export function enteringTo(first: string): HandMadeStep {
  return { spec: { kind: "entry", ruleSet: "entry", enter: "enter" }, handles: { enter: first } };
}

export const LEAVE: HandMadeStep = { spec: { kind: "exit", reason: "completed", label: null }, handles: {} };
export const TO_PEOPLE: HandMadeStep = {
  spec: { kind: "exit", reason: "handed-to-people", label: null },
  handles: {},
};

type RequestSpecOf = Extract<StepSpec, { readonly kind: "request" }>;

/** Asks and waits so many days; each answer goes where `to` says, every other way on to `otherwise`. */
export function asking(
  request: RequestSpecOf["request"],
  to: { readonly [outcome: string]: string },
  { otherwise, days = 30, ...more }: { readonly otherwise: string; readonly days?: number } & Partial<RequestSpecOf>,
): HandMadeStep {
  const outcomes = Object.fromEntries(Object.keys(to).map((outcome) => [outcome, outcome]));
  const { watch } = more;
  return {
    spec: {
      kind: "request",
      request,
      deadlineMs: days * DAY_MS,
      outcomes,
      retry: null,
      exhausted: "other",
      blocked: "other",
      expired: "expired",
      goOn: null,
      ...more,
    },
    handles: {
      other: otherwise,
      expired: otherwise,
      ...(watch === undefined ? {} : { [watch.holds]: otherwise }),
      ...to,
    },
  };
}
