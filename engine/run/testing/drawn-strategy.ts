import { compileStrategy } from "../../compile/compile";
import { machineConfig } from "../../compile/machine";
import type { Condition } from "../../model/condition";
import type { FactType, FactValue } from "../../model/facts";
import { canonicalJson } from "../../model/json";
import type { MarketPack } from "../../model/market-pack";
import type { Program } from "../../model/program";
import {
  STRATEGY_SCHEMA_URL,
  STRATEGY_SCHEMA_VERSION,
  type StrategyDoc,
  StrategyDocSchema,
  type StrategyExit,
} from "../../model/strategy";
import { definitionOf } from "../../nodes";
import { SMALL_MARKET } from "./small-market";

/** A step as a test draws it: its type, its data, and where each handle leads. */
export type DrawnStep = {
  readonly type: string;
  readonly data: { readonly [member: string]: unknown };
  readonly to: { readonly [handle: string]: string };
};

/** Steps by their ids; the first is the entry. */
export type DrawnSteps = { readonly [id: string]: DrawnStep };

/** A strategy inside the drawn one. */
export type DrawnSubStrategy = {
  readonly key: string;
  readonly steps: DrawnSteps;
  readonly variables?: readonly StrategyVariableInput[];
};

type StrategyVariableInput = { readonly name: string; readonly type: FactType; readonly initial?: FactValue };

export type DrawnSettings = {
  readonly horizonDays?: number;
  readonly exits?: readonly StrategyExit[];
  readonly variables?: readonly StrategyVariableInput[];
  readonly strategies?: readonly DrawnSubStrategy[];
};

/** Leaves as soon as nothing is owed. */
export const CURED_WHEN_PAID: StrategyExit = {
  id: "paid",
  reason: "cured",
  when: { fact: "account_status", operator: "equal", value: "paid" },
};

/** Lets in accounts that are at least a day past due. */
export const PAST_DUE: Condition = { fact: "dpd", operator: "greaterThanInclusive", value: 1 };

function nodesAndEdges(steps: DrawnSteps) {
  const ids = Object.keys(steps);
  return {
    entry: { node: ids[0] },
    nodes: ids.map((id) => ({
      id,
      type: steps[id]?.type,
      version: definitionOf(steps[id]?.type ?? "")?.version ?? 1,
      data: steps[id]?.data,
    })),
    edges: ids.flatMap((id) =>
      Object.entries(steps[id]?.to ?? {}).map(([handle, to]) => ({
        id: `e-${id}-${handle}`,
        from: { node: id, handle },
        to,
      })),
    ),
  };
}

/** A strategy document from its steps; the first is the entry. */
export function drawnStrategy(
  steps: DrawnSteps,
  { horizonDays = 400, exits = [CURED_WHEN_PAID], variables = [], strategies = [] }: DrawnSettings = {},
): StrategyDoc {
  return StrategyDocSchema.parse({
    $schema: STRATEGY_SCHEMA_URL,
    schemaVersion: STRATEGY_SCHEMA_VERSION,
    id: "strat_test",
    key: "test",
    name: { en: "Test" },
    settings: {
      market: "cn",
      currency: "CNY",
      timeZone: "Asia/Shanghai",
      rulePack: "cn-default",
      horizonDays,
      exits,
      variables,
    },
    ...nodesAndEdges(steps),
    strategies: strategies.map(({ key, steps: inner, variables: own = [] }) => ({
      key,
      name: { en: key },
      variables: own,
      ...nodesAndEdges(inner),
    })),
    layout: { mode: "auto", positions: {} },
  });
}

/** The Program of a document that must compile. */
export function programOf(doc: StrategyDoc, market: MarketPack = SMALL_MARKET): Program {
  const compiled = compileStrategy(doc, market);
  if (!compiled.ok) throw new Error(`does not compile: ${JSON.stringify(compiled.error)}`);
  return compiled.value;
}

/**
 * A Program whose ways on lead elsewhere than drawn: back to where they came from, as Programs may that were published before
 * every loop had to be counted.
 */
export function rewired(program: Program, ways: { readonly [step: string]: DrawnStep["to"] }): Program {
  const steps = Object.fromEntries(
    Object.values(program.steps).map((step) => [step.id, { ...step, handles: { ...step.handles, ...ways[step.id] } }]),
  );
  const { strategyKey, entry, ruleSets } = program;
  const machine = machineConfig({ key: strategyKey, entry, steps, ruleSets });
  return JSON.parse(canonicalJson({ ...program, steps, machine }));
}
