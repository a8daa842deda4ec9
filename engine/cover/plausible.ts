import type { Constraint } from "../condition/solve/solve";
import type { Condition } from "../model/condition";
import type { Facts } from "../model/facts";
import { BUCKETS, bucketOf } from "../model/party";
import { DPD_FACT } from "../run/wake-up";
import type { Moment } from "./symbols";

/** Stage of an account, which follows from its days past due. */
const STAGE_FACT = "bucket";
/** Days past due at which stages begin, and a day beyond the last. */
const STAGE_DAYS = 30;

/** An amount that reads like a debt: 5,000.00. */
const AMOUNT_MINOR = 500_000;

/** Values an example account has where nothing else is asked. */
export function plausibleFacts(facts: readonly string[], domainOf: Moment["domainOf"]): Facts {
  return Object.fromEntries(facts.flatMap((fact) => (domainOf(fact)?.type === "money" ? [[fact, AMOUNT_MINOR]] : [])));
}

/** Stage and days past due that an account can have together; a wish, for a strategy may well be tried on others. */
export const STAGE_FITS: Constraint = { condition: { any: BUCKETS.map(fitting) }, truths: ["true"] };

function fitting(bucket: (typeof BUCKETS)[number], index: number): Condition {
  const last = index * STAGE_DAYS;
  const from: Condition = { fact: DPD_FACT, operator: "greaterThan", value: last - STAGE_DAYS };
  const to: Condition = { fact: DPD_FACT, operator: "lessThanInclusive", value: last };
  const inStage: Condition = { fact: STAGE_FACT, operator: "equal", value: bucket };
  if (bucketOf(last) === bucketOf(last + 1)) return { all: [inStage, from] };
  return { all: [inStage, ...(index === 0 ? [] : [from]), to] };
}

/** Whether the stage of an account is asked for at all. */
export function asksForStage(facts: ReadonlySet<string>): boolean {
  return facts.has(STAGE_FACT);
}
