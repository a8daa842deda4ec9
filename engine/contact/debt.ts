import type { Facts } from "../model/facts";
import type { Account } from "../model/party";
import type { DebtStanding } from "../model/policy";
import { DAY_MS, dateToUtcMs, type EpochMs, localDate, type TimeZone } from "../model/time";

/** Agreements whose principal falls month by month, so that its mean over time can be estimated from both ends. */
const AMORTISING: ReadonlySet<string> = new Set(["cash-loan", "instalment", "auto", "mortgage"]);

/**
 * Parts of the debt from the lender's file, in minor units; what the file does not say stays unknown. Principal times days is an
 * estimate, and a low one: as if the principal had fallen in a straight line since the money was paid out, while annuities and
 * arrears keep it higher for longer. Of a revolving debt nobody can say so.
 */
export function debtOf(
  { fields }: Account,
  facts: Facts,
  at: { readonly nowMs: EpochMs; readonly zone: TimeZone },
): DebtStanding {
  const amount = (key: string): number | undefined => numberIn(Object.hasOwn(fields, key) ? fields[key] : undefined);
  const date = (key: string): string | undefined => dateIn(Object.hasOwn(fields, key) ? fields[key] : undefined);
  const [principal, loan, paid] = [amount("principal_balance"), amount("loan_amount"), amount("total_paid")];
  const [interest, penalty, fees] = [amount("interest_due"), amount("penalty_due"), amount("fee_due")];
  const product = facts.product_type ?? null;
  const since = date("disburse_date");
  const days = since === undefined ? undefined : daysTo(since, localDate(at.zone, at.nowMs));
  const charges =
    interest === undefined || penalty === undefined || fees === undefined ? undefined : interest + penalty + fees;
  const principalDays =
    principal === undefined || loan === undefined || days === undefined || !AMORTISING.has(String(product))
      ? undefined
      : Math.floor(((principal + loan) / 2) * days);
  const chargesPaid =
    paid === undefined || loan === undefined || principal === undefined
      ? undefined
      : Math.max(0, paid - (loan - principal));
  return {
    ...(principal === undefined ? {} : { principalMinor: principal }),
    ...(charges === undefined ? {} : { chargesMinor: charges }),
    ...(chargesPaid === undefined ? {} : { chargesPaidMinor: chargesPaid }),
    ...(principalDays === undefined ? {} : { principalDays }),
    ...dates({
      dueOn: date("due_date"),
      lastPaymentOn: date("last_payment_date"),
      limitationOn: date("limitation_date"),
    }),
  };
}

type DebtDates = Pick<DebtStanding, "dueOn" | "lastPaymentOn" | "limitationOn">;

function dates(found: { readonly [name in keyof DebtDates]-?: string | undefined }): DebtDates {
  const { dueOn, lastPaymentOn, limitationOn } = found;
  return {
    ...(dueOn === undefined ? {} : { dueOn }),
    ...(lastPaymentOn === undefined ? {} : { lastPaymentOn }),
    ...(limitationOn === undefined ? {} : { limitationOn }),
  };
}

function numberIn(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 ? value : undefined;
}

function dateIn(value: unknown): string | undefined {
  return typeof value === "string" && dateToUtcMs(value) !== null ? value : undefined;
}

function daysTo(since: string, today: string): number | undefined {
  const days = ((dateToUtcMs(today) ?? Number.NaN) - (dateToUtcMs(since) ?? Number.NaN)) / DAY_MS;
  return days >= 0 ? days : undefined;
}
