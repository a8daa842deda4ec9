import { z } from "zod";
import { variablesOf } from "../../condition/catalogue";
import { conditionIssues } from "../../condition/issues";
import { ConditionSchema } from "../../model/condition";
import { InvariantError } from "../../model/invariant";
import { type Issue, issue } from "../../model/issue";
import { inLocale } from "../../model/locale";
import type { ScoreAttribute } from "../../model/program";
import { HandleIdSchema } from "../../model/strategy";
import { defineNode, type Handle, type NodeContext } from "../define";
import { handle, ItemNameSchema, repeatedIds } from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import { reachableScores } from "./reachable";
import zh from "./zh-CN.json";

/** Bounds of a card: what fits a screen that can be scrolled; points and weights so that every sum is exact enough to compare. */
const ATTRIBUTES_MAX = 60;
const RULES_MAX = 50;
const BANDS_MAX = 20;
const POINTS_MAX = 1_000_000;
const WEIGHT_MAX = 1000;

const PointsSchema = z.number().min(-POINTS_MAX).max(POINTS_MAX);
const RuleSchema = z.strictObject({
  id: HandleIdSchema,
  /** `null` = not written yet. */
  when: ConditionSchema.nullable(),
  points: PointsSchema,
});
const AttributeSchema = z.strictObject({
  id: HandleIdSchema,
  name: ItemNameSchema.exactOptional(),
  weight: z.number().min(-WEIGHT_MAX).max(WEIGHT_MAX).default(1),
  /** The first that holds gives the points. */
  rules: z.array(RuleSchema).max(RULES_MAX),
  /** Points when no rule holds. */
  otherwise: PointsSchema,
  /** Points when a rule cannot be decided; `null` = then the score cannot be told and the step takes `unknown`. */
  unknown: PointsSchema.nullable().default(null),
});
const BandSchema = z.strictObject({
  /** Also the id of the handle. */
  id: HandleIdSchema,
  name: ItemNameSchema.exactOptional(),
  /** Least score of the band; `null` = whatever the bands above leave. */
  atLeast: z.number().nullable(),
});
const ScorecardDataSchema = z.strictObject({
  card: z.strictObject({
    attributes: z.array(AttributeSchema).max(ATTRIBUTES_MAX),
    bands: z.array(BandSchema).max(BANDS_MAX),
  }),
  /** Variable that keeps the score; the empty string = none. */
  variable: z.union([
    z.literal(""),
    z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/)
      .max(40),
  ]),
});
type ScorecardData = z.output<typeof ScorecardDataSchema>;
type Attribute = ScorecardData["card"]["attributes"][number];
type Band = ScorecardData["card"]["bands"][number];

/** The score cannot be told because a fact is unknown. */
const UNKNOWN = "unknown";

function attributeIssues(attribute: Attribute, index: number, context: NodeContext): readonly Issue[] {
  const { id, rules, weight } = attribute;
  const path = `card.attributes[${index}]`;
  const found: Issue[] = [];
  const params = { attribute: id };
  if (rules.length === 0) {
    found.push(issue("scorecard.rules-missing", { path: `${path}.rules`, severity: "warning" }, params));
  }
  if (weight === 0) {
    found.push(issue("scorecard.weight-zero", { path: `${path}.weight`, severity: "warning" }, params));
  }
  for (const repeated of repeatedIds(rules)) {
    const place = { path: `${path}.rules[${repeated.index}].id` };
    found.push(issue("scorecard.rule-id-twice", place, { ...params, rule: repeated.id }));
  }
  rules.forEach((rule, at) => {
    const place = `${path}.rules[${at}].when`;
    if (rule.when === null) found.push(issue("scorecard.rule-empty", { path: place }, { ...params, rule: rule.id }));
    else found.push(...conditionIssues(rule.when, context.fields, place));
  });
  return found;
}

function bandIssues(bands: readonly Band[]): readonly Issue[] {
  const found: Issue[] = [];
  if (bands.length === 0) return [issue("scorecard.bands-missing", { path: "card.bands" })];
  for (const { id, index } of repeatedIds(bands)) {
    found.push(issue("scorecard.band-id-twice", { path: `card.bands[${index}].id` }, { band: id }));
  }
  let above: number | null = null;
  bands.forEach(({ id, atLeast }, index) => {
    const path = `card.bands[${index}]`;
    const lowest = index === bands.length - 1;
    if (id === UNKNOWN) found.push(issue("scorecard.band-reserved", { path: `${path}.id` }, { band: id }));
    if (atLeast === null && !lowest) {
      found.push(issue("scorecard.floor-early", { path: `${path}.atLeast` }, { band: id }));
    }
    if (atLeast !== null && lowest)
      found.push(issue("scorecard.floor-missing", { path: `${path}.atLeast` }, { band: id }));
    if (atLeast !== null && above !== null && atLeast >= above) {
      found.push(issue("scorecard.bands-order", { path: `${path}.atLeast` }, { band: id, atLeast, above }));
    }
    above = atLeast ?? above;
  });
  return found;
}

/** Bands into which no sum of points falls. Only of a card whose bands are in order. */
function idleBands({ card }: ScorecardData): readonly Issue[] {
  const { minimum, maximum, scores } = reachableScores(card.attributes);
  return card.bands.flatMap(({ id, atLeast }, index) => {
    const low = atLeast ?? Number.NEGATIVE_INFINITY;
    const high = card.bands[index - 1]?.atLeast ?? Number.POSITIVE_INFINITY;
    const within = (score: number): boolean => score >= low && score < high;
    const reached = scores === null ? maximum >= low && minimum < high : scores.some(within);
    if (reached) return [];
    const place = { path: `card.bands[${index}]`, severity: "warning" as const };
    return [issue("scorecard.band-idle", place, { band: id, minimum, maximum })];
  });
}

function variableIssues({ variable, card }: ScorecardData, context: NodeContext): readonly Issue[] {
  if (variable === "") return [];
  const place = { path: "variable" };
  const declared = variablesOf(context.settings).find(({ name }) => name === variable);
  if (declared === undefined) return [issue("scorecard.variable-unknown", place, { variable })];
  if (declared.type === "number") return [];
  if (declared.type !== "integer") {
    return [issue("scorecard.variable-type", place, { variable, type: declared.type })];
  }
  const parts = card.attributes.flatMap(({ weight, rules, otherwise, unknown }) => [
    weight,
    otherwise,
    unknown ?? 0,
    ...rules.map(({ points }) => points),
  ]);
  return parts.every(Number.isInteger) ? [] : [issue("scorecard.variable-whole", place, { variable })];
}

function lintScorecard(data: ScorecardData, context: NodeContext): readonly Issue[] {
  const { attributes, bands } = data.card;
  const bandProblems = bandIssues(bands);
  return [
    ...(attributes.length === 0 ? [issue("scorecard.attributes-missing", { path: "card.attributes" })] : []),
    ...repeatedIds(attributes).map(({ id, index }) =>
      issue("scorecard.attribute-id-twice", { path: `card.attributes[${index}].id` }, { attribute: id }),
    ),
    ...attributes.flatMap((attribute, index) => attributeIssues(attribute, index, context)),
    ...bandProblems,
    ...(bandProblems.length === 0 && attributes.length > 0 ? idleBands(data) : []),
    ...variableIssues(data, context),
  ];
}

function compiledAttribute(attribute: Attribute, context: NodeContext): ScoreAttribute {
  const { id, weight, rules, otherwise, unknown } = attribute;
  const authored = rules.map(({ id: rule, when }) => {
    if (when === null) throw new InvariantError("scorecard.incomplete", { nodeId: context.nodeId, rule });
    return { rule, outcome: rule, when };
  });
  const points = Object.fromEntries(rules.map((rule) => [rule.id, rule.points]));
  return { id, ruleSet: context.addRuleSet(authored), weight, points, otherwise, unknown };
}

/** Weighted points, added up; the band the sum falls into is the way on. */
export const scorecard = defineNode<ScorecardData>({
  type: "scorecard",
  version: 1,
  group: "decide",
  icon: "gauge",
  schema: ScorecardDataSchema,
  initial: () => ({
    card: {
      attributes: [
        { id: "a1", weight: 1, rules: [{ id: "rule-1", when: null, points: 10 }], otherwise: 0, unknown: null },
      ],
      bands: [
        { id: "high", name: { "zh-CN": "高分", en: "High" }, atLeast: 10 },
        { id: "low", name: { "zh-CN": "低分", en: "Low" }, atLeast: null },
      ],
    },
    variable: "",
  }),
  migrate: {},
  handles: ({ card }) => [
    ...card.bands.map(
      ({ id, name }, index): Handle => ({
        id,
        label: { text: name === undefined ? id : inLocale(name, "zh-CN") },
        role: index === 0 ? "main" : "branch",
        required: true,
        ...(name === undefined ? {} : { name }),
      }),
    ),
    handle(UNKNOWN, "fallback"),
  ],
  form: [
    { path: "card", widget: "scorecard", maximum: ATTRIBUTES_MAX },
    { path: "variable", widget: "variable", factTypes: ["number", "integer"] },
  ],
  lint: lintScorecard,
  compile: (data, context) => ({
    kind: "score",
    attributes: data.card.attributes.map((attribute) => compiledAttribute(attribute, context)),
    variable: data.variable === "" ? null : data.variable,
    bands: data.card.bands.map(({ id, atLeast }) => ({ atLeast, handle: id })),
    unknown: UNKNOWN,
  }),
  simulate: () => [],
  summary: ({ card }) => {
    const params = { attributes: card.attributes.length, bands: card.bands.length };
    return card.attributes.length === 0 ? { key: "empty", params } : { key: "scored", params };
  },
  texts: { "zh-CN": zh, en },
  examples: z.array(ScorecardDataSchema).parse(examples),
});
