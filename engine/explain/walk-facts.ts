import type { Facts, FactValue } from "../model/facts";
import { bucketOf } from "../model/party";
import type { ScenarioEvent } from "../model/scenario";
import { type EpochMs, localDayNumber, type TimeZone } from "../model/time";

/* What an account's facts become by themselves while one walks it: the same the engine reckons for an account that runs. */

type Changed = { readonly [fact: string]: FactValue };
type Span = { readonly fromMs: EpochMs; readonly toMs: EpochMs; readonly timeZone: TimeZone };

/** Facts that time alone changes: days past due and their stage, days in the strategy. What is unknown stays so. */
export function agedFacts(facts: Facts, { fromMs, toMs, timeZone }: Span): Changed {
  const days = localDayNumber(timeZone, toMs) - localDayNumber(timeZone, fromMs);
  if (days <= 0) return {};
  const changed: { [fact: string]: FactValue } = {};
  const { dpd, bucket, account_status: status, days_in_strategy: inside } = facts;
  if (typeof dpd === "number" && status !== "paid") {
    changed.dpd = dpd + days;
    if (bucket !== undefined && bucket !== null) changed.bucket = bucketOf(dpd + days);
  }
  if (typeof inside === "number") changed.days_in_strategy = inside + days;
  return changed;
}

/** Facts that something changes when it happens: what was paid, what was promised. */
export function factsAfter(facts: Facts, event: ScenarioEvent): Changed {
  switch (event.type) {
    case "payment.posted":
      return paid(facts, event.amountMinor);
    case "payment.reversed":
      return paid(facts, -event.amountMinor);
    case "promise.made":
      return {
        promise_status: "open",
        promise_amount: event.amountMinor,
        promise_due_date: event.dueDate,
        promise_paid: 0,
        promise_paid_share: 0,
      };
    default:
      return {};
  }
}

function paid(facts: Facts, minor: number): Changed {
  const changed: { [fact: string]: FactValue } = {};
  const { overdue_amount: overdue, total_outstanding: outstanding, paid_amount: before, promise_paid: kept } = facts;
  changed.paid_amount = Math.max(0, (typeof before === "number" ? before : 0) + minor);
  if (typeof outstanding === "number") changed.total_outstanding = Math.max(0, outstanding - minor);
  if (facts.promise_status === "open" && typeof kept === "number" && typeof facts.promise_amount === "number") {
    changed.promise_paid = Math.max(0, kept + minor);
    changed.promise_paid_share = Math.max(0, kept + minor) / facts.promise_amount;
  }
  if (typeof overdue !== "number") return changed;
  changed.overdue_amount = Math.max(0, overdue - minor);
  if (overdue > 0 && overdue <= minor) return { ...changed, account_status: "paid", dpd: 0, bucket: bucketOf(0) };
  return changed;
}
