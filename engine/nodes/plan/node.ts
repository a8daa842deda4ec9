import { z } from "zod";
import type { Condition } from "../../model/condition";
import { type Issue, issue } from "../../model/issue";
import type { HoldKind } from "../../model/policy";
import { TASK_OUTCOMES } from "../../model/program";
import { DAY_MS } from "../../model/time";
import { type CompoundStep, defineNode, type NodeContext } from "../define";
import { PRIORITY_USUAL } from "../fragments-desk";
import {
  AMOUNT_MAX,
  AmountSchema,
  APPROVAL_HOURS_DEFAULT,
  APPROVAL_PART,
  approvalPart,
  authorityPart,
  NOT_APPROVED,
  OFFER_DAYS_DEFAULT,
  OFFER_FORM,
  OFFER_PART,
  offerIssues,
  offerShape,
  offerStep,
  ShareSchema,
} from "../fragments-offer";
import {
  difference,
  EXPIRED,
  factIssues,
  handlesOf,
  holdPart,
  horizonIssues,
  largest,
  literal,
  onTheSpot,
  ownValue,
  product,
  releaseParts,
  setPart,
  smallest,
  taskAnswers,
  UNKNOWN,
  wayOut,
  waysOut,
} from "../fragments-work";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** Five years of monthly instalments: 商业银行信用卡业务监督管理办法 art. 70 (have counsel check). */
const INSTALMENTS_MAX = 60;
const FIRST_DUE_DAYS_MAX = 90;
/** No account stays in a strategy for longer (settings.horizonDays). */
const RUN_DAYS_MAX = 1500;
const LOOK_DAYS_MAX = 31;
/** What is paid down is no longer paid off in instalments; the rest must be something. */
const DOWN_PAYMENT_MAX = 0.9;
const DAYS_PER_INSTALMENT = 30;

const PlanDataSchema = z.strictObject({
  ...offerShape,
  /** What is paid off in instalments; empty = not chosen yet. */
  amountFact: z.string().max(100),
  maxInstalments: z.int().min(2).max(INSTALMENTS_MAX),
  /** Least instalment; also says how many instalments an amount has room for. */
  minInstalmentMinor: AmountSchema.min(1),
  firstDueDays: z.int().min(1).max(FIRST_DUE_DAYS_MAX),
  downPaymentShare: ShareSchema.max(DOWN_PAYMENT_MAX),
  /** Up to this amount and this many instalments no approval is needed. */
  authorityAmountMinor: AmountSchema,
  authorityInstalments: z.int().min(0).max(INSTALMENTS_MAX),
  /** Days after which a plan that is neither completed nor broken is no longer waited for. */
  runDays: z.int().min(1).max(RUN_DAYS_MAX),
  lookEveryDays: z.int().min(1).max(LOOK_DAYS_MAX),
  /** Stops treatment of the party while the plan runs. */
  holdWhileRunning: z.boolean(),
});
type PlanData = z.output<typeof PlanDataSchema>;

/** How the plan stands, kept by the ledger. */
const STATUS_FACT = "plan_status";
const COMPLETED = "completed";
const BROKEN = "broken";
const RUNNING_HOLD: HoldKind = "active-plan";

const isStatus = (value: string): Condition => ({ fact: STATUS_FACT, operator: "equal", value });
const ENDED = [COMPLETED, BROKEN].map((status) => ({ rule: status, outcome: status, when: isStatus(status) }));

/** Reckons the terms, and asks for approval where they are beyond what the step may agree alone. */
function offerParts(data: PlanData, context: NodeContext): CompoundStep["parts"] {
  const amount = ownValue(context, "amount", "money");
  const downPayment = ownValue(context, "down_payment", "money");
  const longest = ownValue(context, "longest", "integer");
  const financed = difference(amount.value, downPayment.value);
  // Half an instalment off before rounding leaves the whole instalments an amount has room for.
  const room = difference({ operator: "divide", of: [financed, literal(data.minInstalmentMinor)] }, literal(0.5));
  const within: Condition = {
    all: [
      { fact: amount.fact, operator: "lessThanInclusive", value: data.authorityAmountMinor },
      { fact: longest.fact, operator: "lessThanInclusive", value: data.authorityInstalments },
    ],
  };
  const details = {
    amount: amount.value,
    down_payment: downPayment.value,
    max_instalments: longest.value,
    min_instalment: literal(data.minInstalmentMinor),
    first_due_by: { todayPlusDays: data.firstDueDays },
  };
  return {
    terms: setPart(
      [
        amount.becomes({ fact: data.amountFact }),
        downPayment.becomes(product(amount.value, literal(data.downPaymentShare))),
        longest.becomes(largest(literal(1), smallest(literal(data.maxInstalments), room))),
      ],
      { part: "authority" },
    ),
    authority: authorityPart(within, context),
    [APPROVAL_PART]: approvalPart(data, details),
    [OFFER_PART]: {
      spec: offerStep("plan", { data, details, other: UNKNOWN }),
      ways: { ...waysOut([...TASK_OUTCOMES.plan, UNKNOWN, EXPIRED]), accepted: { part: "accepted" } },
    },
  };
}

/** From the debtor's yes until the ledger says that the plan is completed or broken, or its time is over. */
function runningParts(data: PlanData, context: NodeContext): CompoundStep["parts"] {
  const until = ownValue(context, "until", "date");
  const hold = data.holdWhileRunning;
  const released = hold ? [COMPLETED, BROKEN, EXPIRED, UNKNOWN] : [];
  const ended = context.addRuleSet(ENDED);
  return {
    accepted: setPart([until.becomes({ todayPlusDays: data.runDays })], { part: hold ? "hold" : "running" }),
    ...(hold ? { hold: holdPart(RUNNING_HOLD, 0, { part: "running" }) } : {}),
    running: {
      spec: {
        kind: "wait",
        wait: { mode: "duration", durationMs: data.lookEveryDays * DAY_MS },
        elapsed: "look",
        happened: null,
        unknown: null,
        watch: {
          ruleSet: ended,
          events: ["facts.changed", "payment.posted", "payment.reversed"],
          everyMs: null,
          holds: "ended",
        },
        ...(hold ? { despite: [RUNNING_HOLD] } : {}),
      },
      ways: { look: { part: "status" }, ended: { part: "status" } },
    },
    status: {
      spec: { kind: "decide", ruleSet: ended, otherwise: "running", unknown: UNKNOWN },
      ways: {
        ...waysOut([COMPLETED, BROKEN], released),
        running: { part: "time" },
        // No status yet, or none that can be read: waited for as long as for any other.
        [UNKNOWN]: { part: "time-unknown" },
      },
    },
    ...timeParts({ over: { fact: until.fact, operator: "beforeLastDays", value: 0 }, released }, context),
    ...releaseParts(RUNNING_HOLD, released),
  };
}

/** Back to waiting, or out when the plan's time is over: as a plan that still runs, or as one nobody knows anything of. */
function timeParts(
  { over, released }: { readonly over: Condition; readonly released: readonly string[] },
  context: NodeContext,
): CompoundStep["parts"] {
  const ruleSet = context.addRuleSet([{ rule: "over", outcome: "over", when: over }]);
  const part = (ending: string): CompoundStep["parts"][string] => ({
    spec: { kind: "decide", ruleSet, otherwise: "running", unknown: UNKNOWN },
    ways: {
      over: wayOut(ending, released),
      running: { part: "running" },
      [UNKNOWN]: wayOut(UNKNOWN, released),
    },
  });
  return { time: part(EXPIRED), "time-unknown": part(UNKNOWN) };
}

function authorityIssues(data: PlanData): readonly Issue[] {
  const { maxInstalments, authorityInstalments, runDays } = data;
  const found: Issue[] = [];
  if (authorityInstalments > maxInstalments) {
    const place = { path: "authorityInstalments", severity: "warning" } as const;
    found.push(issue("plan.authority-idle", place, { authority: authorityInstalments, instalments: maxInstalments }));
  }
  const days = data.firstDueDays + (maxInstalments - 1) * DAYS_PER_INSTALMENT;
  if (days > runDays) {
    found.push(issue("plan.outlives-wait", { path: "runDays", severity: "warning" }, { days, runDays }));
  }
  return found;
}

/** Offers instalments, within authority or after approval, and follows the plan until it is completed or broken. */
export const plan = defineNode<PlanData>({
  type: "plan",
  version: 1,
  group: "people",
  icon: "calendar-range",
  schema: PlanDataSchema,
  initial: () => ({
    queue: "",
    priority: PRIORITY_USUAL,
    dueHours: 24,
    offerDays: OFFER_DAYS_DEFAULT,
    approvalQueue: "",
    approvalHours: APPROVAL_HOURS_DEFAULT,
    amountFact: "",
    maxInstalments: 6,
    minInstalmentMinor: 20_000,
    firstDueDays: 7,
    downPaymentShare: 0,
    authorityAmountMinor: 0,
    authorityInstalments: 0,
    runDays: 270,
    lookEveryDays: 1,
    holdWhileRunning: true,
  }),
  migrate: {},
  handles: () =>
    onTheSpot(handlesOf(COMPLETED, [BROKEN, "declined", "not-affordable", NOT_APPROVED], [EXPIRED, UNKNOWN]), [
      UNKNOWN,
    ]),
  form: [
    { path: "amountFact", widget: "fact", factTypes: ["money"] },
    { path: "maxInstalments", widget: "integer", minimum: 2, maximum: INSTALMENTS_MAX },
    { path: "minInstalmentMinor", widget: "amount", minimum: 1, maximum: AMOUNT_MAX },
    { path: "firstDueDays", widget: "integer", minimum: 1, maximum: FIRST_DUE_DAYS_MAX },
    { path: "downPaymentShare", widget: "percent", minimum: 0, maximum: DOWN_PAYMENT_MAX },
    { path: "authorityAmountMinor", widget: "amount", minimum: 0, maximum: AMOUNT_MAX },
    { path: "authorityInstalments", widget: "integer", minimum: 0, maximum: INSTALMENTS_MAX },
    ...OFFER_FORM,
    { path: "runDays", widget: "integer", minimum: 1, maximum: RUN_DAYS_MAX },
    { path: "lookEveryDays", widget: "integer", minimum: 1, maximum: LOOK_DAYS_MAX },
    { path: "holdWhileRunning", widget: "toggle" },
  ],
  lint: (data, context) => [
    ...factIssues(data.amountFact, { path: "amountFact", types: ["money"] }, context),
    ...factIssues(STATUS_FACT, { path: "", types: ["enum", "text"] }, context),
    ...authorityIssues(data),
    ...offerIssues(data, context),
    ...horizonIssues({ ms: data.runDays * DAY_MS, path: "runDays" }, context),
  ],
  compile: (data, context) => ({
    kind: "compound",
    first: "terms",
    parts: { ...offerParts(data, context), ...runningParts(data, context) },
  }),
  simulate: () => [
    ...taskAnswers("approval", "plan"),
    { event: "facts.changed" },
    { event: "payment.posted" },
    { event: "payment.reversed" },
  ],
  summary: (data) =>
    data.amountFact === "" || data.queue.trim() === ""
      ? { key: "missing", params: {} }
      : {
          key: "offer",
          params: { instalments: data.maxInstalments, queue: data.queue, authority: data.authorityInstalments },
        },
  texts: { "zh-CN": zh, en },
  examples: z.array(PlanDataSchema).parse(examples),
});
