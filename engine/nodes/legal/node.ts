import { z } from "zod";
import { type Issue, issue } from "../../model/issue";
import { TASK_OUTCOMES } from "../../model/program";
import { DAY_MS } from "../../model/time";
import { type AuthoredRule, type CompoundStep, defineNode, type NodeContext } from "../define";
import { DURATION_DAYS_MAX } from "../fragments";
import { DESK_FORM, deskOf, deskShape, PRIORITY_USUAL } from "../fragments-desk";
import { AMOUNT_MAX, AmountSchema, ShareSchema } from "../fragments-offer";
import {
  BLOCKED,
  deskIssues,
  difference,
  EXPIRED,
  factIssues,
  gatedAnswers,
  handlesOf,
  literal,
  onTheSpot,
  ownValue,
  product,
  setPart,
  sum,
  taskStep,
  UNKNOWN,
  waysOut,
} from "../fragments-work";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const FACT_MAX = 100;
const SAFETY_DAYS_MAX = 365;
/** Half a year before the claim lapses is the least a filing should have (house policy, domain practice "limitation > 6 months"). */
const SAFETY_DAYS_DEFAULT = 180;

const LegalDataSchema = z.strictObject({
  ...deskShape,
  /** By when the referral should be taken up. */
  dueDays: z.int().min(1).max(DURATION_DAYS_MAX),
  giveUpDays: z.int().min(1).max(DURATION_DAYS_MAX),
  /** What could be claimed; empty = not chosen yet, as for the limitation date. */
  claimableFact: z.string().max(FACT_MAX),
  limitationFact: z.string().max(FACT_MAX),
  safetyDays: z.int().min(0).max(SAFETY_DAYS_MAX),
  /** Assumption: share of such claims that are won. */
  winShare: ShareSchema,
  /** Assumption: share of what is won that is collected. */
  collectShare: ShareSchema,
  /** Expected cost: so much, and this share of the claim. */
  costMinor: AmountSchema,
  costShare: ShareSchema,
  /** Most that may be spent. */
  costCapMinor: AmountSchema,
  /** Least expected net for which a claim is worth while. */
  minNetMinor: AmountSchema,
});
type LegalData = z.output<typeof LegalDataSchema>;

const NOT_WORTH = "not-worth";
const TIME_BARRED = "time-barred";

function legalParts(data: LegalData, context: NodeContext): CompoundStep["parts"] {
  const claimable = ownValue(context, "claimable", "money");
  const cost = ownValue(context, "cost", "money");
  const net = ownValue(context, "net", "money");
  const gate: readonly AuthoredRule[] = [
    {
      rule: TIME_BARRED,
      outcome: TIME_BARRED,
      when: { not: { fact: data.limitationFact, operator: "afterNextDays", value: data.safetyDays } },
    },
    {
      rule: "too-dear",
      outcome: NOT_WORTH,
      when: { fact: cost.fact, operator: "greaterThan", value: data.costCapMinor },
    },
    { rule: NOT_WORTH, outcome: NOT_WORTH, when: { fact: net.fact, operator: "lessThan", value: data.minNetMinor } },
  ];
  const expected = product(claimable.value, literal(data.winShare), literal(data.collectShare));
  return {
    figures: setPart(
      [
        claimable.becomes({ fact: data.claimableFact }),
        cost.becomes(sum(literal(data.costMinor), product(claimable.value, literal(data.costShare)))),
        net.becomes(difference(expected, cost.value)),
      ],
      { part: "gate" },
    ),
    gate: {
      spec: { kind: "decide", ruleSet: context.addRuleSet(gate), otherwise: "refer", unknown: UNKNOWN },
      ways: { refer: { part: "referral" }, ...waysOut([TIME_BARRED, NOT_WORTH, UNKNOWN]) },
    },
    referral: {
      spec: taskStep({
        task: "legal",
        desk: deskOf(data, data.dueDays * DAY_MS),
        details: {
          claimable: claimable.value,
          expected_net: net.value,
          expected_cost: cost.value,
          cost_cap: literal(data.costCapMinor),
          limitation_date: { fact: data.limitationFact },
        },
        deadlineMs: data.giveUpDays * DAY_MS,
        other: UNKNOWN,
        blocked: BLOCKED,
      }),
      ways: waysOut([...TASK_OUTCOMES.legal, UNKNOWN, EXPIRED, BLOCKED]),
    },
  };
}

function figureIssues(data: LegalData): readonly Issue[] {
  const found: Issue[] = [];
  if (data.winShare === 0 || data.collectShare === 0) {
    const path = data.winShare === 0 ? "winShare" : "collectShare";
    found.push(issue("legal.nothing-won", { path }));
  }
  if (data.costMinor > data.costCapMinor) {
    const params = { cost: data.costMinor, cap: data.costCapMinor };
    found.push(issue("legal.cost-above-cap", { path: "costCapMinor" }, params));
  }
  if (data.costMinor === 0 && data.costShare === 0) {
    found.push(issue("legal.cost-free", { path: "costMinor", severity: "warning" }));
  }
  return found;
}

/** Goes to court only where that is in time and expected to be worth its cost. */
export const legal = defineNode<LegalData>({
  type: "legal",
  version: 1,
  group: "agency",
  icon: "gavel",
  schema: LegalDataSchema,
  initial: () => ({
    queue: "",
    priority: PRIORITY_USUAL,
    dueDays: 15,
    giveUpDays: 365,
    claimableFact: "",
    limitationFact: "",
    safetyDays: SAFETY_DAYS_DEFAULT,
    winShare: 0.9,
    collectShare: 0.3,
    costMinor: 100_000,
    costShare: 0.05,
    costCapMinor: 1_000_000,
    minNetMinor: 0,
  }),
  migrate: {},
  handles: () =>
    onTheSpot(
      handlesOf(
        "settled",
        ["judgment", "enforced", "dismissed", "refused", "closed", NOT_WORTH, TIME_BARRED],
        [EXPIRED, BLOCKED, UNKNOWN],
      ),
      [NOT_WORTH, TIME_BARRED, UNKNOWN],
    ),
  form: [
    { path: "claimableFact", widget: "fact", factTypes: ["money"] },
    { path: "winShare", widget: "percent", minimum: 0, maximum: 1 },
    { path: "collectShare", widget: "percent", minimum: 0, maximum: 1 },
    { path: "costMinor", widget: "amount", minimum: 0, maximum: AMOUNT_MAX },
    { path: "costShare", widget: "percent", minimum: 0, maximum: 1 },
    { path: "costCapMinor", widget: "amount", minimum: 0, maximum: AMOUNT_MAX },
    { path: "minNetMinor", widget: "amount", minimum: 0, maximum: AMOUNT_MAX },
    { path: "limitationFact", widget: "fact", factTypes: ["date"] },
    { path: "safetyDays", widget: "integer", minimum: 0, maximum: SAFETY_DAYS_MAX },
    ...DESK_FORM,
    { path: "dueDays", widget: "integer", minimum: 1, maximum: DURATION_DAYS_MAX },
    { path: "giveUpDays", widget: "integer", minimum: 1, maximum: DURATION_DAYS_MAX },
  ],
  lint: (data, context) => [
    ...factIssues(data.claimableFact, { path: "claimableFact", types: ["money"] }, context),
    ...factIssues(data.limitationFact, { path: "limitationFact", types: ["date"] }, context),
    ...figureIssues(data),
    ...deskIssues(
      data,
      {
        due: { ms: data.dueDays * DAY_MS, path: "dueDays" },
        giveUp: { ms: data.giveUpDays * DAY_MS, path: "giveUpDays" },
      },
      context,
    ),
  ],
  compile: (data, context) => ({ kind: "compound", first: "figures", parts: legalParts(data, context) }),
  simulate: () => gatedAnswers("legal"),
  summary: (data) =>
    data.claimableFact === "" || data.limitationFact === "" || data.queue.trim() === ""
      ? { key: "missing", params: {} }
      : { key: "refer", params: { queue: data.queue, safetyDays: data.safetyDays } },
  texts: { "zh-CN": zh, en },
  examples: z.array(LegalDataSchema).parse(examples),
});
