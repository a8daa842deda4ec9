import type { FieldCatalogue } from "../../model/facts";
import type { AccountId } from "../../model/ids";
import { type Issue, issue } from "../../model/issue";
import type { Account, ContactPoint } from "../../model/party";
import { err, ok, type Result } from "../../model/result";
import type { LocalDate } from "../../model/time";
import { type BoundMapping, placeOf } from "./bind-mapping";
import { bookOfFile, simulatedBook } from "./contacts";
import type { CsvRow } from "./csv";
import type { Encoding } from "./decode";
import { readRow } from "./read-row";
import { accountOf } from "./row-to-account";

export type IntakeOptions = {
  /**
   * The day the file is to be read as of; null = the day the file itself is of. A file that is months old would otherwise have
   * all its accounts age by those months at once. An import passes the day of import, a simulation its first day; every date
   * of the file moves along, and days past due stay what the file says.
   */
  readonly dataDate: LocalDate | null;
  /** `none`: the contact points the file holds, or none. `simulated`: simulated ones for every person instead. */
  readonly contacts: "none" | "simulated";
  /** Null = found out. */
  readonly encoding: Encoding | null;
};

export type Admission = {
  /** Takes a row in and answers its warnings, or why it is rejected. */
  readonly admit: (row: CsvRow) => Result<readonly Issue[], readonly Issue[]>;
  readonly admitted: () => {
    readonly accounts: readonly Account[];
    readonly contactPoints: readonly ContactPoint[];
    /** As-of date of the first account, in the file and as used. */
    readonly fileDataDate: LocalDate | null;
    readonly dataDate: LocalDate | null;
  };
};

/** Turns the rows of one file into accounts; an account number that came before is rejected (`intake.duplicate-account`). */
export function newAdmission(
  bound: BoundMapping,
  { fields, options }: { readonly fields: FieldCatalogue; readonly options: IntakeOptions },
): Admission {
  const { mapping } = bound;
  const accounts: Account[] = [];
  const lineOf = new Map<AccountId, number>();
  const book = options.contacts === "simulated" ? simulatedBook() : bookOfFile(mapping.market);
  const isDate = (key: string): boolean => fields[key]?.type === "date";
  let fileDataDate: LocalDate | null = mapping.dataDate ?? null;
  return {
    admit: (row) => {
      const read = readRow(row, bound);
      if (read.problems.length > 0) return err(read.problems);
      const built = accountOf(read.values, { bound, line: row.line, asOf: options.dataDate, isDate });
      if (!built.ok) return built;
      const { account, warnings } = built.value;
      const firstLine = lineOf.get(account.id);
      if (firstLine !== undefined) {
        const place = { line: row.line, ...placeOf(bound, "account_no") };
        return err([issue("intake.duplicate-account", place, { account: account.accountNo, firstLine })]);
      }
      const contactIssues = book.add(account, read.values, row.line).map((found) => located(found, bound));
      const fatal = contactIssues.filter(({ severity }) => severity === "error");
      if (fatal.length > 0) return err(fatal);
      const said = read.values.get("data_date");
      if (accounts.length === 0 && typeof said === "string") fileDataDate = said;
      lineOf.set(account.id, row.line);
      accounts.push(account);
      return ok([...read.warnings, ...warnings, ...contactIssues]);
    },
    admitted: () => ({
      accounts,
      contactPoints: book.points(),
      fileDataDate,
      dataDate: accounts[0]?.dataDate ?? null,
    }),
  };
}

/** A problem of a field, put where the field stands in the file. */
function located(found: Issue, bound: BoundMapping): Issue {
  const { path, column } = placeOf(bound, found.path);
  return column === undefined ? found : { ...found, path, column, params: { ...found.params, column: path } };
}
