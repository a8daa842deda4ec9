import type fc from "fast-check";
import { strategyCatalogue } from "../../../condition/catalogue";
import type { Condition, ConditionLeaf } from "../../../model/condition";
import { armFact } from "../../../model/execution";
import { counterFact, type Field, fieldOf, LenderFieldSchema } from "../../../model/facts";
import { InvariantError } from "../../../model/invariant";
import type { StrategySettings, SubStrategy } from "../../../model/strategy";
import { type StrategyVariable, StrategyVariableSchema } from "../../../model/variable";
import type { NodeContext } from "../../../nodes/define";
import { conditionsOver, leavesOver } from "./conditions";
import { type ValuesInto, valuesOver } from "./values";
import { OWN_CONTENT, WIDE_MARKET } from "./wide-market";

/** The experiment whose arm conditions may ask for; strategies with such conditions have a step that draws it. */
export const ASKED_EXPERIMENT = "first-call";
export const ASKED_ARMS = ["champion", "challenger", "third"] as const;

function lenderField(name: string, type: Field["type"], values?: readonly string[]) {
  return LenderFieldSchema.parse({
    key: `custom.${name}`,
    type,
    label: { en: name },
    origin: "column",
    usableInRules: true,
    ...(values === undefined ? {} : { values: values.map((value) => ({ value, label: { en: value } })) }),
  });
}

const SETTINGS: StrategySettings = {
  market: "cn",
  currency: "CNY",
  timeZone: "Asia/Shanghai",
  rulePack: "cn-default",
  horizonDays: 400,
  exits: [],
  variables: [],
  fields: [
    lenderField("income", "money"),
    lenderField("segment", "enum", ["a", "b", "c"]),
    lenderField("vip", "boolean"),
  ],
};

const COUNTERS = [
  counterFact({ metric: "conversations", days: 7 }),
  counterFact({ metric: "attempts", days: 1 }),
  counterFact({ metric: "promises_broken", days: 366 }),
].flatMap((fact) => fieldOf({}, fact) ?? []);

const ARM: Field = {
  key: armFact(ASKED_EXPERIMENT),
  type: "enum",
  label: { en: "Arm" },
  aliases: [],
  values: ASKED_ARMS.map((value) => ({ value, label: { en: value } })),
  origin: "derived",
  usableInRules: true,
  personal: false,
  required: false,
};

const MARKET_FIELDS = Object.values(WIDE_MARKET.fields).filter(
  ({ usableInRules, personal }) => usableInRules && !personal,
);
/** What accounts bring along; arms of experiments and variables come beside. */
export const ACCOUNT_FIELDS: readonly Field[] = [...MARKET_FIELDS, ...SETTINGS.fields, ...COUNTERS];

function variables(types: { readonly [name: string]: StrategyVariable["type"] }): readonly StrategyVariable[] {
  return Object.entries(types).map(([name, type]) => {
    const values = type === "enum" ? { values: ["a", "b"].map((value) => ({ value, label: { en: value } })) } : {};
    return StrategyVariableSchema.parse({ name, type, ...values });
  });
}

/** A strategy that steps may use, as they see it from outside. */
export type Outline = {
  readonly key: string;
  readonly variables: readonly StrategyVariable[];
  readonly exits: readonly string[];
};

/*
 * Strategies inside have variables of their own under names the others use for something else: what is mixed up shows. They nest as
 * deep as they may: the whole one uses `aside`, that one `inner`, and that one `core`.
 */
export const CORE: Outline = {
  key: "core",
  variables: variables({ seen: "date", rank: "integer" }),
  exits: ["done"],
};
export const INNER: Outline = {
  key: "inner",
  variables: variables({ rounds: "integer", share: "percent", until: "text" }),
  exits: ["paid", "other"],
};
export const ASIDE: Outline = {
  key: "aside",
  variables: variables({ rounds: "number", note: "boolean", target: "money", kind: "enum" }),
  exits: ["yes", "no", "never"],
};
const WHOLE: Omit<Outline, "exits"> = {
  key: "whole",
  variables: variables({
    rounds: "integer",
    target: "money",
    share: "percent",
    until: "date",
    note: "text",
    seen: "boolean",
    rank: "number",
    kind: "enum",
  }),
};

/** Where a step is drawn: what it may ask, write and use. */
export type World = {
  readonly settings: StrategySettings;
  readonly variables: readonly StrategyVariable[];
  /** What conditions and values may be made from, variables included. */
  readonly fields: readonly Field[];
  readonly outlines: readonly Outline[];
  readonly condition: fc.Arbitrary<Condition>;
  readonly leaf: fc.Arbitrary<ConditionLeaf>;
  readonly valueInto: ValuesInto;
  /** What lint is shown of a step drawn here. */
  readonly context: NodeContext;
};

/** The outline as a strategy, for what lint asks of it beside its steps. */
function strategyOf({ key, variables: own }: Outline): SubStrategy {
  return { key, name: { en: key }, entry: { node: "start" }, variables: [...own], nodes: [], edges: [] };
}

function worldOf(outline: Omit<Outline, "exits">, used: readonly Outline[], arms: boolean): World {
  const settings = { ...SETTINGS, variables: [...outline.variables] };
  const catalogue = strategyCatalogue(WIDE_MARKET.fields, settings, arms ? [ARM] : []);
  const own = Object.values(catalogue).filter(({ key }) => key.startsWith("var."));
  const fields = [...ACCOUNT_FIELDS, ...(arms ? [ARM] : []), ...own];
  const refuse = (): never => {
    throw new InvariantError("lint.compiles-nothing", {});
  };
  return {
    settings,
    variables: outline.variables,
    fields,
    outlines: used,
    condition: conditionsOver(fields),
    leaf: leavesOver(fields),
    valueInto: valuesOver(fields),
    context: {
      nodeId: "step",
      settings,
      fields: catalogue,
      contents: { ...WIDE_MARKET.contents, [OWN_CONTENT.id]: OWN_CONTENT },
      lexicons: Object.keys(WIDE_MARKET.lexicons),
      strategies: Object.fromEntries(used.map((inside) => [inside.key, strategyOf(inside)])),
      ...(WIDE_MARKET.calendar === undefined ? {} : { calendar: WIDE_MARKET.calendar }),
      addRuleSet: refuse,
      ownVariable: refuse,
    },
  };
}

/** The worlds of one document. */
export type Worlds = {
  readonly whole: World;
  readonly inside: readonly { readonly outline: Outline; readonly world: World }[];
};

/** `arms`: conditions may ask for the arm of an experiment; `uses`: there are strategies inside. */
export function worldsOf({ arms, uses }: { readonly arms: boolean; readonly uses: boolean }): Worlds {
  if (!uses) return { whole: worldOf(WHOLE, [], arms), inside: [] };
  return {
    whole: worldOf(WHOLE, [ASIDE, INNER, CORE], arms),
    inside: [
      { outline: ASIDE, world: worldOf(ASIDE, [INNER, CORE], arms) },
      { outline: INNER, world: worldOf(INNER, [CORE], arms) },
      { outline: CORE, world: worldOf(CORE, [], arms) },
    ],
  };
}
