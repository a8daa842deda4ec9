import type { FactValue } from "../../model/facts";
import { accountIdOf, partyIdOf } from "../../model/ids";
import { type Issue, type IssueParams, issue } from "../../model/issue";
import { canonicalHash } from "../../model/json";
import { CURRENCIES } from "../../model/money";
import { ACCOUNT_STATUSES, type Account } from "../../model/party";
import { err, ok, type Result } from "../../model/result";
import { addDays, daysBetween, type LocalDate, type TimeZone } from "../../model/time";
import { overdueSinceOf } from "../facts";
import { type BoundMapping, placeOf } from "./bind-mapping";
import { CONTACT_BOOK_FIELDS } from "./contacts";
import type { ImportMapping } from "./mapping";
import type { RowValues } from "./read-row";

/** Fields with a place of their own; the rest goes into `fields`. */
const OWN_PLACE = new Set([
  "account_no",
  "customer_id",
  "currency",
  "dpd",
  "overdue_amount",
  "total_outstanding",
  "account_status",
  "data_date",
  ...CONTACT_BOOK_FIELDS,
]);
/** A birthday is when it is, whatever day the file is read as of. */
const UNMOVED_DATES = new Set(["birth_date"]);
/** A hundred years; beyond it the number is not a number of days. */
const DPD_MAX = 36_500;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export type AccountContext = {
  readonly bound: BoundMapping;
  readonly line: number;
  /** The day the file is to be read as of; null = the file's own. */
  readonly asOf: LocalDate | null;
  readonly isDate: (field: string) => boolean;
};

export type BuiltAccount = { readonly account: Account; readonly warnings: readonly Issue[] };

/**
 * An account out of the values of one row. With `asOf` the whole row moves: the data date becomes that day, every other date
 * of the file moves by as many days, days past due stay what the file says. Issues: `intake.value-missing`,
 * `intake.out-of-range`, `intake.not-in-list`.
 */
export function accountOf(values: RowValues, context: AccountContext): Result<BuiltAccount, readonly Issue[]> {
  const { bound, line } = context;
  const { mapping } = bound;
  const refuse = (code: string, field: string, params: IssueParams = {}): Result<BuiltAccount, readonly Issue[]> => {
    const place = placeOf(bound, field);
    return err([
      issue(code, { line, ...place }, { column: place.column === undefined ? "" : place.path, field, ...params }),
    ]);
  };
  const said = dateIn(values, "data_date") ?? mapping.dataDate ?? null;
  const dataDate = context.asOf ?? said;
  if (dataDate === null) return refuse("intake.value-missing", "data_date");
  const movedDays = said === null ? 0 : daysBetween(said, dataDate);
  const moved = new Map<string, FactValue>();
  for (const [key, value] of values) moved.set(key, movedValue(key, value, { movedDays, context }));
  const dpd = daysPastDueIn(moved, dataDate);
  if (dpd === null) return refuse("intake.value-missing", "dpd");
  if (Math.abs(dpd) > DPD_MAX) {
    return refuse("intake.out-of-range", "dpd", { value: dpd, expected: `-${DPD_MAX} - ${DPD_MAX}` });
  }
  const currency = currencyIn(values, mapping);
  if (currency === null) {
    const value = textIn(values, "currency").slice(0, 10);
    return refuse("intake.not-in-list", "currency", { value, expected: CURRENCIES.join(", ") });
  }
  const { overdueMinor, warnings } = overdueOf(moved, { dpd, line, dataDate });
  const accountNo = textIn(values, "account_no");
  const customerNo = customerNoIn(values);
  if (customerNo === "") return refuse("intake.value-missing", "customer_id");
  return ok({
    warnings,
    account: {
      id: accountIdOf(accountNo),
      partyId: partyIdOf(customerNo),
      accountNo,
      customerNo,
      currency,
      overdueSince: dpd > 0 ? overdueSinceOf(dataDate, dpd) : null,
      overdueMinor,
      totalOutstandingMinor: numberOrNull(moved, "total_outstanding") ?? overdueMinor,
      dataDate,
      status: ACCOUNT_STATUSES.find((status) => status === values.get("account_status")) ?? "open",
      timeZone: zoneOf(values, mapping),
      fields: fieldsOf(moved, { dpd, dataDate }),
    },
  });
}

/** Days past due as the file says them, else from the first day past due, else from the due date. */
function daysPastDueIn(values: RowValues, dataDate: LocalDate): number | null {
  const said = numberOrNull(values, "dpd");
  if (said !== null) return said;
  const firstDay = dateIn(values, "first_overdue_date");
  if (firstDay !== null) return daysBetween(firstDay, dataDate) + 1;
  const dueDate = dateIn(values, "due_date");
  return dueDate === null ? null : daysBetween(dueDate, dataDate);
}

/**
 * What must be paid to be cured. For an account that is not overdue yet it is the instalment that falls due, when the file says
 * both how much and when; a reminder that nobody can satisfy would be none.
 */
function overdueOf(
  values: RowValues,
  { dpd, line, dataDate }: { readonly dpd: number; readonly line: number; readonly dataDate: LocalDate },
): { readonly overdueMinor: number; readonly warnings: readonly Issue[] } {
  const said = numberOrNull(values, "overdue_amount") ?? 0;
  const warnings: Issue[] = [];
  const warn = (code: string, params: Issue["params"]): void => {
    warnings.push(issue(code, { line, severity: "warning" }, params));
  };
  if (said < 0) warn("intake.overdue-negative", { dpd });
  if (dpd > 0 && said <= 0) warn("intake.nothing-overdue", { dpd });
  const dueDate = dateIn(values, "due_date");
  const saidDpd = numberOrNull(values, "dpd");
  if (saidDpd !== null && saidDpd > 0 && dueDate !== null && daysBetween(dueDate, dataDate) !== saidDpd) {
    warn("intake.dpd-disagrees", { dpd: saidDpd, dueDate, fromDueDate: daysBetween(dueDate, dataDate) });
  }
  const comingDue = dpd <= 0 && said === 0 && dueDate !== null ? (numberOrNull(values, "instalment_amount") ?? 0) : 0;
  return { overdueMinor: Math.max(0, said, comingDue), warnings };
}

function movedValue(
  key: string,
  value: FactValue,
  { movedDays, context }: { readonly movedDays: number; readonly context: AccountContext },
): FactValue {
  if (movedDays === 0 || typeof value !== "string" || UNMOVED_DATES.has(key) || !context.isDate(key)) return value;
  return addDays(value, movedDays);
}

function fieldsOf(
  values: RowValues,
  { dpd, dataDate }: { readonly dpd: number; readonly dataDate: LocalDate },
): { readonly [key: string]: FactValue } {
  const fields: { [key: string]: FactValue } = {};
  for (const [key, value] of values) if (!OWN_PLACE.has(key) && value !== null) fields[key] = value;
  // Due in so many days and no due date given: there is only one day it can be.
  if (dpd < 0 && fields.due_date === undefined) fields.due_date = addDays(dataDate, -dpd);
  return fields;
}

function zoneOf(values: RowValues, mapping: ImportMapping): TimeZone | null {
  const province = values.get("province");
  const zones = mapping.timeZoneByProvince;
  if (zones !== undefined && typeof province === "string" && Object.hasOwn(zones, province)) {
    return zones[province] ?? null;
  }
  return mapping.timeZone ?? null;
}

/** The lender's customer number; without one a hash of the document number, which names the same person and gives nothing away. */
function customerNoIn(values: RowValues): string {
  const said = textIn(values, "customer_id");
  const document = textIn(values, "id_no");
  return said !== "" || document === "" ? said : `id-${canonicalHash(document.toUpperCase()).slice(0, 24)}`;
}

function currencyIn(values: RowValues, mapping: ImportMapping): Account["currency"] | null {
  const said = values.get("currency");
  if (said === undefined || said === null) return mapping.currency;
  return CURRENCIES.find((currency) => currency === String(said).toUpperCase()) ?? null;
}

function textIn(values: RowValues, key: string): string {
  const value = values.get(key);
  return value === undefined || value === null ? "" : String(value);
}

function numberOrNull(values: RowValues, key: string): number | null {
  const value = values.get(key);
  return typeof value === "number" ? value : null;
}

function dateIn(values: RowValues, key: string): LocalDate | null {
  const value = values.get(key);
  return typeof value === "string" && DATE.test(value) ? value : null;
}
