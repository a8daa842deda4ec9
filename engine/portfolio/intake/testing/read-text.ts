import type { MarketPack } from "../../../model/market-pack";
import { marketPack } from "../../../packs";
import { type ImportMapping, ImportMappingSchema } from "../mapping";
import { type AccountImport, type IntakeOptions, readAccounts } from "../read-accounts";

/** Fields of the market the files here belong to. */
export const { fields }: Pick<MarketPack, "fields"> = marketPack("cn");

export function mappingOf(columns: readonly object[], more: object = {}): ImportMapping {
  return ImportMappingSchema.parse({
    version: 1,
    name: "test",
    market: "cn",
    currency: "CNY",
    dataDate: "2026-03-02",
    timeZone: "Asia/Shanghai",
    columns,
    ...more,
  });
}

export const column = (field: string, title: string, more: object = {}): object => ({
  field,
  from: { column: title },
  ...more,
});
/** A usual lender: loan, customer, days and amount overdue, a phone with its consent. */
export const USUAL = mappingOf([
  column("account_no", "借据号"),
  column("customer_id", "客户号"),
  column("dpd", "逾期天数"),
  column("overdue_amount", "逾期金额"),
  column("mobile", "手机号"),
  column("consent_sms", "短信授权"),
]);
export const HEADER = "借据号,客户号,逾期天数,逾期金额,手机号,短信授权";

/** Reads the text of a file as it lies there. */
export function readText(
  text: string,
  mapping: ImportMapping | null,
  options: Partial<IntakeOptions> = {},
): AccountImport {
  const bytes = new TextEncoder().encode(text);
  return readAccounts({
    bytes,
    mapping,
    fields,
    options: { dataDate: null, contacts: "none", encoding: null, ...options },
  });
}

/** Code, line and column of every rejection. */
export const placesOf = (read: AccountImport): unknown =>
  read.rejected.map(({ code, line, column: at }) => [code, line, at]);
