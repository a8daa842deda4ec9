import { compileStrategy } from "../../compile/compile";
import type { Condition } from "../../model/condition";
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

export type DrawnSettings = { readonly horizonDays?: number; readonly exits?: readonly StrategyExit[] };

/** Leaves as soon as nothing is owed. */
export const CURED_WHEN_PAID: StrategyExit = {
  id: "paid",
  reason: "cured",
  when: { fact: "account_status", operator: "equal", value: "paid" },
};

/** Lets in accounts that are at least a day past due. */
export const PAST_DUE: Condition = { fact: "dpd", operator: "greaterThanInclusive", value: 1 };

/** A strategy document from its steps; the first is the entry. */
export function drawnStrategy(
  steps: { readonly [id: string]: DrawnStep },
  { horizonDays = 400, exits = [CURED_WHEN_PAID] }: DrawnSettings = {},
): StrategyDoc {
  const ids = Object.keys(steps);
  return StrategyDocSchema.parse({
    $schema: STRATEGY_SCHEMA_URL,
    schemaVersion: STRATEGY_SCHEMA_VERSION,
    id: "strat_test",
    key: "test",
    name: { en: "Test" },
    entry: { node: ids[0] },
    settings: {
      market: "cn",
      currency: "CNY",
      timeZone: "Asia/Shanghai",
      rulePack: "cn-default",
      horizonDays,
      exits,
    },
    nodes: ids.map((id) => {
      const type = steps[id]?.type ?? "";
      return { id, type, version: definitionOf(type)?.version ?? 1, data: steps[id]?.data };
    }),
    edges: ids.flatMap((id) =>
      Object.entries(steps[id]?.to ?? {}).map(([handle, to]) => ({
        id: `e-${id}-${handle}`,
        from: { node: id, handle },
        to,
      })),
    ),
    layout: { mode: "auto", positions: {} },
  });
}

/** The Program of a document that must compile. */
export function programOf(doc: StrategyDoc): Program {
  const compiled = compileStrategy(doc, SMALL_MARKET);
  if (!compiled.ok) throw new Error(`does not compile: ${JSON.stringify(compiled.error)}`);
  return compiled.value;
}
