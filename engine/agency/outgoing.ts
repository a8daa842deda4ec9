import { csvText } from "../model/csv-text";
import { sha256Hex } from "../model/json";
import type { Currency, Money } from "../model/money";
import { type EpochMs, type LocalDate, utcText } from "../model/time";
import { EXCHANGE_FORMAT, type Manifest, type OutgoingKind } from "./manifest";

/** Why an agency must let go of an account. It is not told which hold it is: that may be about health. */
export const RECALL_REASONS = ["hold", "withdrawn"] as const;
export type RecallReason = (typeof RECALL_REASONS)[number];

/** One account that is given out: what an agency needs to work on it, and nothing else. */
export type PlacementLine = {
  readonly accountNo: string;
  readonly debtorName: string;
  /** Numbers that may be called, the first one first, E.164. */
  readonly phones: readonly string[];
  /** Overdue at the moment of the batch. */
  readonly owed: Money;
  readonly daysPastDue: number | null;
  readonly product: string;
  /** 1 = the first agency that has it. */
  readonly hand: number;
  readonly commissionShare: number;
  readonly termEndsOn: LocalDate | null;
};

/** One account to let go of, by the line it was given out in. */
export type RecallLine = {
  readonly placementBatch: string;
  readonly placementLine: number;
  readonly accountNo: string;
  readonly reason: RecallReason;
};

/** Between the numbers in one cell. */
const BETWEEN_PHONES = " ";
const PLACEMENT_COLUMNS = [
  "line",
  "account_no",
  "debtor_name",
  "phones",
  "currency",
  "amount_minor",
  "days_past_due",
  "product",
  "hand",
  "commission_share",
  "term_ends_on",
] as const;
const RECALL_COLUMNS = ["line", "placement_batch", "placement_line", "account_no", "reason"] as const;

export type BatchHead = { readonly batch: string; readonly agency: string; readonly createdAtMs: EpochMs };
/** A batch as its two files. The same batch always gives the same bytes. */
export type BatchFiles = { readonly manifest: Manifest; readonly csv: string };

/** Accounts to work on; line n of the batch is the n-th of `lines`. */
export function placementFiles(head: BatchHead, lines: readonly PlacementLine[]): BatchFiles {
  const rows = lines.map((line, index) => [
    index + 1,
    line.accountNo,
    line.debtorName,
    line.phones.join(BETWEEN_PHONES),
    line.owed.currency,
    line.owed.minor,
    line.daysPastDue,
    line.product,
    line.hand,
    line.commissionShare,
    line.termEndsOn,
  ]);
  const sums = sumsOf(lines.map(({ owed }) => owed));
  return filesOf(head, { kind: "placement", file: "placements.csv", columns: PLACEMENT_COLUMNS, rows, sums });
}

/** Accounts to let go of at once. */
export function recallFiles(head: BatchHead, lines: readonly RecallLine[]): BatchFiles {
  const rows = lines.map((line, index) => [
    index + 1,
    line.placementBatch,
    line.placementLine,
    line.accountNo,
    line.reason,
  ]);
  return filesOf(head, { kind: "recall", file: "recalls.csv", columns: RECALL_COLUMNS, rows, sums: {} });
}

/** Amounts added up per currency; mixed ones never meet in one number. */
export function sumsOf(amounts: readonly Money[]): Manifest["sums"] {
  const sums: { [currency in Currency]?: number } = {};
  for (const { minor, currency } of amounts) sums[currency] = (sums[currency] ?? 0) + minor;
  return sums;
}

type Content = {
  readonly kind: OutgoingKind;
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  readonly sums: Manifest["sums"];
};

function filesOf({ batch, agency, createdAtMs }: BatchHead, { kind, file, columns, rows, sums }: Content): BatchFiles {
  // With a byte order mark, so that spreadsheets read the Chinese in it.
  const csv = `\uFEFF${csvText([columns, ...rows])}`;
  const manifest: Manifest = {
    format: EXCHANGE_FORMAT,
    kind,
    agency,
    batch,
    createdAt: utcText(createdAtMs),
    file,
    rows: rows.length,
    sums,
    sha256: sha256Hex(csv),
    columns: [...columns],
  };
  return { manifest, csv };
}

/** A manifest as the text of its file: the same members in the same order, wherever it was kept meanwhile. */
export function manifestText(manifest: Manifest): string {
  const { format, kind, agency, batch, createdAt, file, rows, sums, sha256, columns } = manifest;
  const sorted = Object.fromEntries(Object.entries(sums).sort(([left], [right]) => (left < right ? -1 : 1)));
  const ordered = { format, kind, agency, batch, createdAt, file, rows, sums: sorted, sha256, columns };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}
