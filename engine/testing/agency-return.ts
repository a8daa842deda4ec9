import type { Manifest, ReturnKind } from "../agency/manifest";
import type { ReturnBytes } from "../agency/read-return";
import { returnOf } from "../agency/returns";
import { csvText } from "../model/csv-text";
import { sha256HexOfBytes } from "../model/json";

export type ReturnLines = readonly { readonly [column: string]: string | number }[];

/** A return as a careful agency makes it: file and manifest agree. `change` spoils the manifest afterwards. */
export function agencyReturn(
  kind: ReturnKind,
  lines: ReturnLines,
  {
    agency = "harbour",
    batch = "ret-1",
    change = {},
  }: { agency?: string; batch?: string; change?: Partial<Manifest> } = {},
): ReturnBytes {
  const { required, optional } = returnOf(kind).columns;
  const columns = [...required, ...optional].filter(
    (column) => lines.length === 0 || lines.some((line) => column in line),
  );
  const rows = lines.map((line) => columns.map((column) => line[column] ?? ""));
  const csv = new TextEncoder().encode(csvText([columns, ...rows]));
  const sums: { [currency: string]: number } = {};
  for (const { currency, amount_minor: minor } of lines) {
    if (currency !== undefined) sums[String(currency)] = (sums[String(currency)] ?? 0) + Number(minor);
  }
  const manifest = {
    format: 1,
    kind,
    agency,
    batch,
    createdAt: "2026-03-03T09:00:00+08:00",
    file: `${kind}.csv`,
    rows: rows.length,
    sums,
    sha256: sha256HexOfBytes(csv),
    columns,
    ...change,
  };
  return { manifest: JSON.stringify(manifest), csv };
}
