import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { daysPastDue } from "#engine/portfolio/facts";
import { synthesisePortfolio } from "#engine/portfolio/synthesise";

const ROOT = resolve(import.meta.dirname, "../..");
const REAL_DATA = process.env.DUECOURSE_REAL_DATA ?? resolve(ROOT, "../shared/data");
const GENERATED_ACCOUNTS = 600;

export type AccountsFile = {
  readonly real: boolean;
  readonly csv: string;
  /** Mapping to load on the screen; null when the columns are recognised without one. */
  readonly mapping: string | null;
  readonly rows: number;
  readonly overdue: number;
  readonly currency: string;
};

export const REAL_FILE = join(REAL_DATA, "portfolio/uci_credit_card.csv");

/** The public credit card file with its shipped mapping where it lies on this machine, else one written from the synthetic portfolio. */
export function accountsFile(): AccountsFile {
  if (!existsSync(REAL_FILE)) return generatedFile();
  const mapping = join(ROOT, "docs/examples/uci-credit-card.mapping.json");
  return { real: true, csv: REAL_FILE, mapping, rows: 20_061, overdue: 4_549, currency: "TWD" };
}

function generatedFile(): AccountsFile {
  const dataDate = "2026-03-02";
  const { accounts } = synthesisePortfolio({ seed: 11, accounts: GENERATED_ACCOUNTS, dataDate });
  const yuan = (minor: number) => (minor / 100).toFixed(2);
  const lines = accounts.map((account) =>
    [
      account.accountNo.replace("SYN", "GEN"),
      account.customerNo.replace("SYN", "GEN"),
      daysPastDue(account, dataDate),
      yuan(account.overdueMinor),
      yuan(account.totalOutstandingMinor),
    ].join(","),
  );
  const csv = join(mkdtempSync(join(tmpdir(), "duecourse-csv-")), "generated.csv");
  writeFileSync(csv, `${["借据号,客户号,逾期天数,逾期金额,剩余应还", ...lines].join("\n")}\n`);
  const overdue = accounts.filter((account) => daysPastDue(account, dataDate) > 0).length;
  return { real: false, csv, mapping: null, rows: accounts.length, overdue, currency: "CNY" };
}
