import type { Facts, FactType, FactValue, Field, FieldCatalogue } from "../model/facts";
import { fieldOf } from "../model/facts";
import { bucketOf } from "../model/party";
import type { Program } from "../model/program";
import { variableOfFact } from "../model/variable";

/** An account in the middle of its first stage, owing 5,000.00 of which 1,200.00 is overdue. */
const DAYS_PAST_DUE = 12;
const KNOWN: Facts = {
  dpd: DAYS_PAST_DUE,
  bucket: bucketOf(DAYS_PAST_DUE),
  account_status: "open",
  overdue_amount: 120_000,
  total_outstanding: 500_000,
  paid_amount: 0,
  promise_status: "none",
  days_in_strategy: 0,
};
const TYPICAL: { readonly [type in FactType]: FactValue } = {
  integer: 0,
  number: 0,
  money: 500_000,
  percent: 0.24,
  date: null,
  enum: null,
  text: null,
  boolean: false,
};

function typical({ type, values, minimum }: Field): FactValue {
  if (values !== undefined) return values[0]?.value ?? null;
  const value = TYPICAL[type];
  return typeof value === "number" && minimum !== undefined ? Math.max(value, minimum) : value;
}

/** An invented account to walk: everything the strategy asks for, with values that are nothing special. What has none is unknown. */
export function everydayAccount(program: Program, fields: FieldCatalogue): Facts {
  const asked = factsAsked(program).map((fact): [string, FactValue] => {
    const field = fieldOf(fields, fact);
    return [fact, Object.hasOwn(KNOWN, fact) ? (KNOWN[fact] ?? null) : field === undefined ? null : typical(field)];
  });
  const { dpd = null, bucket = null, account_status = null, overdue_amount = null, total_outstanding = null } = KNOWN;
  return { dpd, bucket, account_status, overdue_amount, total_outstanding, ...Object.fromEntries(asked) };
}

/** Facts of the account that a rule of the strategy asks for, each once, by name; its own variables and arms are not among them. */
export function factsAsked(program: Program): readonly string[] {
  const asked = Object.values(program.ruleSets).flatMap(({ facts }) => facts);
  const own = (fact: string): boolean => variableOfFact(fact) === null && !fact.startsWith("arm.");
  return [...new Set(asked)].filter(own).sort();
}
