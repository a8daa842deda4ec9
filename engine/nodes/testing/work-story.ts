import { compileStrategy } from "../../compile/compile";
import { lintStrategy } from "../../graph/lint";
import { type Field, FieldSchema } from "../../model/facts";
import type { Issue } from "../../model/issue";
import type { JsonValue } from "../../model/json";
import type { MarketPack } from "../../model/market-pack";
import type { Program } from "../../model/program";
import type { StrategyDoc } from "../../model/strategy";
import { type DrawnStep, drawnStrategy, PAST_DUE } from "../../run/testing/drawn-strategy";
import { SMALL_MARKET } from "../../run/testing/small-market";
import type { AnyNodeDefinition, Handle } from "../define";

function field(key: string, type: Field["type"], more: Partial<Field> = {}): Field {
  return FieldSchema.parse({ key, type, label: { en: key }, origin: "column", usableInRules: true, ...more });
}

const PLAN_STATUSES = ["active", "completed", "broken"].map((value) => ({ value, label: { en: value } }));

/** The small market with what steps of agreements, agencies and courts ask about. */
export const WORK_MARKET: MarketPack = {
  ...SMALL_MARKET,
  fields: {
    ...SMALL_MARKET.fields,
    ...Object.fromEntries(
      [
        field("owed", "money"),
        field("principal", "money"),
        field("interest", "money"),
        field("fees", "money"),
        field("limitation_date", "date"),
        field("plan_status", "enum", { origin: "derived", values: PLAN_STATUSES }),
        field("customer_name", "text", { personal: true, usableInRules: false }),
      ].map((known) => [known.key, known]),
    ),
  },
};

type StepType = Pick<AnyNodeDefinition, "type"> & {
  readonly handles: (data: never) => readonly Handle[];
};
type Data = { readonly [member: string]: JsonValue | undefined };

/** A strategy of one step: whoever leaves it by a handle ends in an exit of the same name. */
export function strategyOf(definition: StepType, data: Data, settings: Partial<StrategyDoc["settings"]> = {}) {
  // The story's author gives data of this very type; its own schema parses it again in the compiler.
  const handles = definition.handles(data as never).map(({ id }) => id);
  const exits = handles.map((id): [string, DrawnStep] => [
    `to-${id}`,
    { type: "exit", data: { reason: "completed", label: id }, to: {} },
  ]);
  const doc = drawnStrategy({
    start: { type: "start", data: { when: PAST_DUE }, to: { enter: "step" } },
    step: { type: definition.type, data, to: Object.fromEntries(handles.map((id) => [id, `to-${id}`])) },
    ...Object.fromEntries(exits),
  });
  return { ...doc, settings: { ...doc.settings, ...settings } };
}

/** The Program of a strategy of one step, which must compile. */
export function programWith(definition: StepType, data: Data, settings?: Partial<StrategyDoc["settings"]>): Program {
  const compiled = compileStrategy(strategyOf(definition, data, settings), WORK_MARKET);
  if (!compiled.ok) throw new Error(`does not compile: ${JSON.stringify(compiled.error)}`);
  return compiled.value;
}

/** What lint says about the step, by code and place in its data. */
export function problemsOf(
  definition: StepType,
  data: Data,
  settings?: Partial<StrategyDoc["settings"]>,
): readonly string[] {
  return (
    lintStrategy(strategyOf(definition, data, settings), WORK_MARKET)
      // A strategy of one step has nothing before it for a step to come back to; what is wrong with the step itself lies in its data.
      .filter(({ nodeId, path }: Issue) => nodeId === "step" && path.startsWith("nodes[1].data"))
      .map(({ severity, code, path }) => `${severity} ${code} ${path.replace(/^nodes\[1\]\.data\.?/, "")}`.trimEnd())
  );
}
