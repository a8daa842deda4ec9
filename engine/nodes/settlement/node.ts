import { z } from "zod";
import type { Condition } from "../../model/condition";
import { type Issue, issue } from "../../model/issue";
import { TASK_OUTCOMES } from "../../model/program";
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
  BLOCKED,
  difference,
  EXPIRED,
  factIssues,
  gatedAnswers,
  handlesOf,
  largest,
  literal,
  onTheSpot,
  ownValue,
  product,
  setPart,
  smallest,
  sum,
  UNKNOWN,
  waysOut,
} from "../fragments-work";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const FACT_MAX = 100;
const CHARGES_MAX = 8;
const PERCENT = 100;

const SettlementDataSchema = z.strictObject({
  ...offerShape,
  /** What is owed in all; empty = not chosen yet, as for the others. */
  totalFact: z.string().max(FACT_MAX),
  /** What is waived first: interest, penalty, fees. */
  chargeFacts: z.array(z.string().max(FACT_MAX)).max(CHARGES_MAX),
  principalFact: z.string().max(FACT_MAX),
  chargeShare: ShareSchema,
  principalShare: ShareSchema,
  /** Never less than this is asked for. */
  floorMinor: AmountSchema,
  /** Waived share of the total up to which no approval is needed. */
  authorityShare: ShareSchema,
});
type SettlementData = z.output<typeof SettlementDataSchema>;

/** Reckons what is asked for and what is waived, never more than is owed and never less than the floor. */
function settlementParts(data: SettlementData, context: NodeContext): CompoundStep["parts"] {
  const total = ownValue(context, "total", "money");
  const offer = ownValue(context, "offer", "money");
  const waived = ownValue(context, "waived", "money");
  const share = ownValue(context, "waived_share", "percent");
  const charges = sum(...data.chargeFacts.map((fact) => ({ fact })));
  const asked = difference(
    total.value,
    product(charges, literal(data.chargeShare)),
    product({ fact: data.principalFact }, literal(data.principalShare)),
  );
  const within: Condition = { fact: share.fact, operator: "lessThanInclusive", value: data.authorityShare };
  const details = {
    total: total.value,
    settlement_minor: offer.value,
    waived: waived.value,
    waived_share: share.value,
  };
  return {
    terms: setPart(
      [
        total.becomes({ fact: data.totalFact }),
        offer.becomes(smallest(total.value, largest(asked, literal(data.floorMinor)))),
        waived.becomes(difference(total.value, offer.value)),
        share.becomes({ operator: "divide", of: [waived.value, total.value] }),
      ],
      { part: "authority" },
    ),
    authority: authorityPart(within, context),
    [APPROVAL_PART]: approvalPart(data, details),
    [OFFER_PART]: {
      spec: offerStep("settlement", { data, details, other: UNKNOWN, blocked: BLOCKED }),
      ways: waysOut([...TASK_OUTCOMES.settlement, UNKNOWN, EXPIRED, BLOCKED]),
    },
  };
}

function termIssues(data: SettlementData, context: NodeContext): readonly Issue[] {
  const money = { types: ["money"] } as const;
  const found: Issue[] = [
    ...factIssues(data.totalFact, { path: "totalFact", ...money }, context),
    ...factIssues(data.principalFact, { path: "principalFact", ...money }, context),
    ...data.chargeFacts.flatMap((fact, index) =>
      factIssues(fact, { path: `chargeFacts[${index}]`, ...money }, context),
    ),
  ];
  if (data.chargeFacts.length === 0) found.push(issue("settlement.charges-missing", { path: "chargeFacts" }));
  if (data.chargeShare === 0 && data.principalShare === 0) {
    found.push(issue("settlement.waives-nothing", { path: "chargeShare" }));
  }
  if (data.principalShare > 0 && data.chargeShare < 1) {
    found.push(issue("settlement.principal-first", { path: "principalShare", severity: "warning" }));
  }
  return found;
}

/** Percent as people read it, without the tail of binary fractions. */
function percent(share: number): number {
  return Number((share * PERCENT).toFixed(2));
}

/** Offers to take less and be done: charges are waived first, principal only by the author's will, more than authority only after approval. */
export const settlement = defineNode<SettlementData>({
  type: "settlement",
  version: 1,
  group: "people",
  icon: "badge-percent",
  schema: SettlementDataSchema,
  initial: () => ({
    queue: "",
    priority: PRIORITY_USUAL,
    dueHours: 24,
    offerDays: OFFER_DAYS_DEFAULT,
    approvalQueue: "",
    approvalHours: APPROVAL_HOURS_DEFAULT,
    totalFact: "",
    chargeFacts: [],
    principalFact: "",
    chargeShare: 0.3,
    principalShare: 0,
    floorMinor: 0,
    authorityShare: 0,
  }),
  migrate: {},
  handles: () => onTheSpot(handlesOf("accepted", ["declined", NOT_APPROVED], [EXPIRED, BLOCKED, UNKNOWN]), [UNKNOWN]),
  form: [
    { path: "totalFact", widget: "fact", factTypes: ["money"] },
    { path: "chargeFacts", widget: "facts", factTypes: ["money"], maximum: CHARGES_MAX },
    { path: "principalFact", widget: "fact", factTypes: ["money"] },
    { path: "chargeShare", widget: "percent", minimum: 0, maximum: 1 },
    { path: "principalShare", widget: "percent", minimum: 0, maximum: 1 },
    { path: "floorMinor", widget: "amount", minimum: 0, maximum: AMOUNT_MAX },
    { path: "authorityShare", widget: "percent", minimum: 0, maximum: 1 },
    ...OFFER_FORM,
  ],
  lint: (data, context) => [...termIssues(data, context), ...offerIssues(data, context)],
  compile: (data, context) => ({ kind: "compound", first: "terms", parts: settlementParts(data, context) }),
  simulate: () => gatedAnswers("approval", "settlement"),
  summary: (data) =>
    data.totalFact === "" || data.queue.trim() === ""
      ? { key: "missing", params: {} }
      : {
          key: data.principalShare === 0 ? "charges" : "principal",
          params: {
            queue: data.queue,
            charges: percent(data.chargeShare),
            principal: percent(data.principalShare),
            days: data.offerDays,
          },
        },
  texts: { "zh-CN": zh, en },
  examples: z.array(SettlementDataSchema).parse(examples),
});
