import { z } from "zod";
import { valueIssues } from "../../condition/value-issues";
import { type Issue, issue } from "../../model/issue";
import { inLocale } from "../../model/locale";
import { HandleIdSchema, STRATEGY_LIMITS, StrategyKeySchema, type SubStrategy } from "../../model/strategy";
import { ValueSpecSchema } from "../../model/value";
import { variableFact, variableField } from "../../model/variable";
import { defineNode, type NodeContext } from "../define";
import { ItemNameSchema, repeatedIds } from "../fragments";
import { VariableChoiceSchema, variableNamed } from "../fragments-variables";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** More ways out of one step than anybody can follow on a canvas. */
const EXITS_MAX = 20;

const bounded = (members: object): boolean => Object.keys(members).length <= STRATEGY_LIMITS.variables;

const UseSchema = z.strictObject({
  /** Key of a strategy inside the document; the empty string means "not chosen yet". */
  strategy: z.union([z.literal(""), StrategyKeySchema]),
  /** Its variable -> what it holds in the beginning; one that is left out begins as it was declared. */
  inputs: z.record(VariableChoiceSchema, ValueSpecSchema).refine(bounded, { error: "shape.invalid" }),
  /** Its variable -> variable of this strategy that receives it on the way out. */
  outputs: z.record(VariableChoiceSchema, VariableChoiceSchema).refine(bounded, { error: "shape.invalid" }),
  /** Its exits: each is a way on of the same id. */
  exits: z.array(z.strictObject({ id: HandleIdSchema, name: ItemNameSchema.exactOptional() })).max(EXITS_MAX),
});
const SubStrategyDataSchema = z.strictObject({ use: UseSchema });
type SubStrategyData = z.output<typeof SubStrategyDataSchema>;
type Use = SubStrategyData["use"];

function inputIssues({ inputs }: Use, used: SubStrategy, context: NodeContext): readonly Issue[] {
  return Object.entries(inputs).flatMap(([name, value]) => {
    const path = `use.inputs.${name}`;
    const variable = used.variables.find((known) => known.name === name);
    if (variable === undefined) return [issue("sub-strategy.input-unknown", { path }, { variable: name })];
    return valueIssues(value, variable, { fields: context.fields, path });
  });
}

function outputIssues({ outputs }: Use, used: SubStrategy, context: NodeContext): readonly Issue[] {
  const inside = Object.fromEntries(used.variables.map(variableField).map((field) => [field.key, field]));
  return Object.entries(outputs).flatMap(([name, into]) => {
    const path = `use.outputs.${name}`;
    if (!used.variables.some((known) => known.name === name)) {
      return [issue("sub-strategy.output-unknown", { path }, { variable: name })];
    }
    if (into === "") return [issue("variable.missing", { path })];
    const variable = variableNamed(context, into);
    if (variable === undefined) return [issue("variable.unknown", { path }, { variable: into })];
    return valueIssues({ fact: variableFact(name) }, variable, { fields: inside, path });
  });
}

function usageIssues({ use }: SubStrategyData, context: NodeContext): readonly Issue[] {
  const { strategy } = use;
  const twice = repeatedIds(use.exits).map(({ id, index }) =>
    issue("sub-strategy.exit-twice", { path: `use.exits[${index}].id` }, { exit: id }),
  );
  if (strategy === "") return [issue("sub-strategy.not-chosen", { path: "use.strategy" }), ...twice];
  const used = Object.hasOwn(context.strategies, strategy) ? context.strategies[strategy] : undefined;
  if (used === undefined) return [issue("sub-strategy.not-here", { path: "use.strategy" }, { strategy }), ...twice];
  return [...twice, ...inputIssues(use, used, context), ...outputIssues(use, used, context)];
}

/** Uses a strategy drawn inside the document: an account walks through it and leaves by one of its exits. */
export const subStrategy = defineNode<SubStrategyData>({
  type: "sub-strategy",
  version: 1,
  group: "control",
  icon: "workflow",
  schema: SubStrategyDataSchema,
  // One way on from the beginning, so that the step can be put onto a line; choosing a strategy brings its exits.
  initial: () => ({ use: { strategy: "", inputs: {}, outputs: {}, exits: [{ id: "done" }] } }),
  migrate: {},
  handles: ({ use }) =>
    // The first exit is the usual way on; the author puts them in order.
    use.exits.map(({ id, name }, index) => ({
      id,
      label: { text: name === undefined ? id : inLocale(name, "zh-CN") },
      role: index === 0 ? ("main" as const) : ("branch" as const),
      required: true,
      ...(name === undefined ? {} : { name }),
    })),
  form: [{ path: "use", widget: "sub-strategy", maximum: EXITS_MAX }],
  lint: usageIssues,
  compile: ({ use }) => ({
    kind: "embedded",
    strategy: use.strategy,
    inputs: use.inputs,
    outputs: use.outputs,
  }),
  embeds: ({ use }) => use.strategy,
  simulate: () => [],
  summary: ({ use }) =>
    use.strategy === "" ? { key: "missing", params: {} } : { key: "uses", params: { strategy: use.strategy } },
  texts: { "zh-CN": zh, en },
  examples: z.array(SubStrategyDataSchema).parse(examples),
});
