import { z } from "zod";
import { conditionIssues } from "../../condition/issues";
import { type Condition, ConditionSchema } from "../../model/condition";
import { InvariantError } from "../../model/invariant";
import { type Issue, issue } from "../../model/issue";
import { HOLD_KINDS } from "../../model/policy";
import { TASK_OUTCOMES, WATCHABLE_EVENTS, type WatchSpec } from "../../model/program";
import { HandleIdSchema } from "../../model/strategy";
import { DAY_MS, HOUR_MS } from "../../model/time";
import { type CompoundStep, defineNode, type NodeContext } from "../define";
import { GIVE_UP_HOURS_MAX, GIVE_UP_HOURS_MIN, GiveUpHoursSchema, ItemNameSchema, repeatedIds } from "../fragments";
import { DESK_FORM, deskOf, deskShape, PRIORITY_USUAL } from "../fragments-desk";
import { ShareSchema } from "../fragments-offer";
import {
  BLOCKED,
  deskIssues,
  EXPIRED,
  gatedAnswers,
  handlesOf,
  literal,
  onTheSpot,
  taskStep,
  UNKNOWN,
  waysOut,
} from "../fragments-work";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** Agencies get a file for months, not for years; with the days for giving it back it stays within the longest wait. */
const TERM_DAYS_MAX = 365;
const RETURN_DAYS_MAX = 30;
const RECALL_RULES_MAX = 10;
/** Once a week is the least often a recall rule with a rhythm is looked at. */
const LOOK_HOURS_MAX = 168;
/** 一手, 二手, 三手: how many agencies had the account, this one included. */
const HANDS = ["1", "2", "3"] as const;

const RecallRuleSchema = z.strictObject({
  id: HandleIdSchema,
  name: ItemNameSchema.exactOptional(),
  /** `null` = not written yet. */
  when: ConditionSchema.nullable(),
});
const PlacementDataSchema = z.strictObject({
  ...deskShape,
  hand: z.enum(HANDS),
  /** Name of an agency; empty = any that is eligible. */
  agency: z.string().max(64),
  /** Accounts that may be given out; `null` = not written yet. */
  eligibleWhen: ConditionSchema.nullable(),
  commissionShare: ShareSchema,
  /** By when it should be handed over. */
  dueHours: GiveUpHoursSchema,
  termDays: z.int().min(1).max(TERM_DAYS_MAX),
  /** Days after the term within which it must have come back. */
  returnDays: z.int().min(1).max(RETURN_DAYS_MAX),
  recallRules: z.array(RecallRuleSchema).max(RECALL_RULES_MAX),
  /** How often the recall rules are looked at by themselves; 0 = only when something happens. */
  lookEveryHours: z.int().min(0).max(LOOK_HOURS_MAX),
});
type PlacementData = z.output<typeof PlacementDataSchema>;

const NOT_ELIGIBLE = "not-eligible";
const RECALLED = "recalled";

function written(when: Condition | null, context: NodeContext): Condition {
  if (when === null) throw new InvariantError("placement.rule-empty", { nodeId: context.nodeId });
  return when;
}

function recallWatch(data: PlacementData, context: NodeContext): { readonly watch?: WatchSpec } {
  if (data.recallRules.length === 0) return {};
  const rules = data.recallRules.map(({ id, when }) => ({ rule: id, outcome: RECALLED, when: written(when, context) }));
  return {
    watch: {
      ruleSet: context.addRuleSet(rules),
      events: WATCHABLE_EVENTS,
      everyMs: data.lookEveryHours === 0 ? null : data.lookEveryHours * HOUR_MS,
      holds: RECALLED,
    },
  };
}

function placementParts(data: PlacementData, context: NodeContext): CompoundStep["parts"] {
  const eligible = { rule: "eligible", outcome: "eligible", when: written(data.eligibleWhen, context) };
  const request = taskStep({
    task: "placement",
    desk: deskOf(data, data.dueHours * HOUR_MS),
    details: {
      hand: literal(Number(data.hand)),
      agency: { literal: data.agency.trim() === "" ? null : data.agency },
      commission_share: literal(data.commissionShare),
      term_days: literal(data.termDays),
      term_ends_on: { todayPlusDays: data.termDays },
    },
    deadlineMs: (data.termDays + data.returnDays) * DAY_MS,
    other: UNKNOWN,
    blocked: BLOCKED,
  });
  return {
    eligible: {
      spec: { kind: "decide", ruleSet: context.addRuleSet([eligible]), otherwise: NOT_ELIGIBLE, unknown: UNKNOWN },
      ways: { eligible: { part: "placed" }, ...waysOut([NOT_ELIGIBLE, UNKNOWN]) },
    },
    placed: {
      // A hold must never keep an account at an agency: it is taken back whatever else stands still.
      spec: { ...request, ...recallWatch(data, context), despite: HOLD_KINDS },
      ways: waysOut([...TASK_OUTCOMES.placement, UNKNOWN, EXPIRED, BLOCKED]),
    },
  };
}

function ruleIssues(data: PlacementData, context: NodeContext): readonly Issue[] {
  const { eligibleWhen, recallRules } = data;
  return [
    ...(eligibleWhen === null
      ? [issue("placement.eligible-missing", { path: "eligibleWhen" })]
      : conditionIssues(eligibleWhen, context.fields, "eligibleWhen")),
    ...repeatedIds(recallRules).map(({ id, index }) =>
      issue("placement.rule-twice", { path: `recallRules[${index}].id` }, { rule: id }),
    ),
    ...recallRules.flatMap(({ id, when }, index) => {
      const path = `recallRules[${index}].when`;
      return when === null
        ? [issue("placement.rule-empty", { path }, { rule: id })]
        : conditionIssues(when, context.fields, path);
    }),
    ...(recallRules.length === 0
      ? [issue("placement.no-recall", { path: "recallRules", severity: "warning" as const })]
      : []),
  ];
}

/** Gives the account to an agency for a term; it comes back when the term is over, or earlier when it is recalled. */
export const placement = defineNode<PlacementData>({
  type: "placement",
  version: 1,
  group: "agency",
  icon: "building-2",
  schema: PlacementDataSchema,
  initial: () => ({
    queue: "",
    priority: PRIORITY_USUAL,
    hand: "1",
    agency: "",
    eligibleWhen: null,
    commissionShare: 0.2,
    dueHours: 48,
    termDays: 90,
    returnDays: 3,
    recallRules: [],
    lookEveryHours: 24,
  }),
  migrate: {},
  handles: () =>
    onTheSpot(handlesOf("returned", [RECALLED, "refused", NOT_ELIGIBLE], [EXPIRED, BLOCKED, UNKNOWN]), [
      NOT_ELIGIBLE,
      UNKNOWN,
    ]),
  form: [
    { path: "hand", widget: "choice", options: HANDS },
    { path: "agency", widget: "text", names: "agency", maximum: 64 },
    { path: "eligibleWhen", widget: "condition" },
    { path: "commissionShare", widget: "percent", minimum: 0, maximum: 1 },
    { path: "termDays", widget: "integer", minimum: 1, maximum: TERM_DAYS_MAX },
    { path: "returnDays", widget: "integer", minimum: 1, maximum: RETURN_DAYS_MAX },
    { path: "recallRules", widget: "rules", maximum: RECALL_RULES_MAX },
    { path: "lookEveryHours", widget: "integer", minimum: 0, maximum: LOOK_HOURS_MAX },
    ...DESK_FORM,
    { path: "dueHours", widget: "integer", minimum: GIVE_UP_HOURS_MIN, maximum: GIVE_UP_HOURS_MAX },
  ],
  lint: (data, context) => [
    ...ruleIssues(data, context),
    ...deskIssues(
      data,
      {
        due: { ms: data.dueHours * HOUR_MS, path: "dueHours" },
        giveUp: { ms: (data.termDays + data.returnDays) * DAY_MS, path: "termDays" },
      },
      context,
    ),
  ],
  compile: (data, context) => ({ kind: "compound", first: "eligible", parts: placementParts(data, context) }),
  simulate: (data) => [
    ...gatedAnswers("placement"),
    ...(data.recallRules.length === 0 ? [] : WATCHABLE_EVENTS.map((event) => ({ event }))),
  ],
  summary: (data) => {
    if (data.queue.trim() === "" || data.eligibleWhen === null) return { key: "missing", params: {} };
    const params = { hand: data.hand, days: data.termDays, rules: data.recallRules.length };
    return data.agency.trim() === ""
      ? { key: "any", params }
      : { key: "named", params: { ...params, agency: data.agency } };
  },
  texts: { "zh-CN": zh, en },
  examples: z.array(PlacementDataSchema).parse(examples),
});
