import type { Field, FieldCatalogue } from "../model/facts";
import type { StrategySettings } from "../model/strategy";
import { STAGE_VARIABLE, type StrategyVariable, variableField } from "../model/variable";

const STAGE: StrategyVariable = {
  name: STAGE_VARIABLE,
  type: "text",
  label: { "zh-CN": "策略阶段", en: "Stage in the strategy" },
  initial: null,
};

/** Every variable of a strategy: its own, and the stage every strategy has. */
export function variablesOf(settings: Pick<StrategySettings, "variables">): readonly StrategyVariable[] {
  const { variables } = settings;
  return variables.some(({ name }) => name === STAGE_VARIABLE) ? variables : [...variables, STAGE];
}

type CatalogueSettings = Pick<StrategySettings, "variables" | "fields">;

/**
 * Everything a strategy's conditions may ask: the market's fields, the lender's own, the strategy's variables, and what its steps
 * provide (`provided`: arms of experiments). Counters over the past need no entry (`fieldOf`). A market's field cannot be redefined.
 */
export function strategyCatalogue(
  market: FieldCatalogue,
  settings: CatalogueSettings,
  provided: readonly Field[] = [],
): FieldCatalogue {
  const own = [...provided, ...settings.fields, ...variablesOf(settings).map(variableField)];
  return { ...Object.fromEntries(own.map((field) => [field.key, field])), ...market };
}

const remembered = new WeakMap<FieldCatalogue, WeakMap<CatalogueSettings, FieldCatalogue>>();

/** `strategyCatalogue` of a compiled strategy's settings, made once: facts are made from it at every event. */
export function catalogueOfSettings(market: FieldCatalogue, settings: CatalogueSettings): FieldCatalogue {
  const bySettings = remembered.get(market) ?? new WeakMap<CatalogueSettings, FieldCatalogue>();
  remembered.set(market, bySettings);
  const known = bySettings.get(settings);
  if (known !== undefined) return known;
  // A Program of format 1 has neither.
  const { variables = [], fields = [] }: Partial<CatalogueSettings> = settings;
  const made = strategyCatalogue(market, { variables, fields });
  bySettings.set(settings, made);
  return made;
}
