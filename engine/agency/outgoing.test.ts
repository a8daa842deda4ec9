import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unguardFormula } from "../model/csv-text";
import { sha256Hex } from "../model/json";
import { CURRENCIES } from "../model/money";
import { ManifestSchema } from "./manifest";
import { manifestText, type PlacementLine, placementFiles, recallFiles } from "./outgoing";

const HEAD = { batch: "plc-1", agency: "harbour", createdAtMs: Date.UTC(2026, 2, 2, 2) };
const ANN: PlacementLine = {
  accountNo: "A-1",
  debtorName: "=cmd|' /C calc'!A0",
  phones: ["+8613800138000", "+8613900139000"],
  owed: { minor: 120_050, currency: "CNY" },
  daysPastDue: 95,
  product: "credit-card",
  hand: 1,
  commissionShare: 0.2,
  termEndsOn: "2026-05-31",
};

const line: fc.Arbitrary<PlacementLine> = fc.record({
  accountNo: fc.string({ minLength: 1 }),
  debtorName: fc.string({ unit: "grapheme" }),
  phones: fc.array(fc.stringMatching(/^\+\d{8,12}$/), { maxLength: 3 }),
  owed: fc.record({ minor: fc.nat({ max: 1_000_000_000 }), currency: fc.constantFrom(...CURRENCIES) }),
  daysPastDue: fc.option(fc.nat({ max: 4000 })),
  product: fc.string(),
  hand: fc.constantFrom(1, 2, 3),
  commissionShare: fc.double({ min: 0, max: 1, noNaN: true }),
  termEndsOn: fc.option(fc.constant("2026-05-31")),
});

describe("a batch of placements", () => {
  test("holds what an agency needs, and no cell a spreadsheet would run", () => {
    const { csv } = placementFiles(HEAD, [ANN]);
    expect(csv).toBe(
      "\uFEFFline,account_no,debtor_name,phones,currency,amount_minor,days_past_due,product,hand,commission_share,term_ends_on\r\n" +
        "1,A-1,'=cmd|' /C calc'!A0,'+8613800138000 +8613900139000,CNY,120050,95,credit-card,1,0.2,2026-05-31\r\n",
    );
  });

  test("says in its manifest what is in it, whatever is in it", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const { csv, manifest } = placementFiles(HEAD, lines);
        const records: string[][] = parse(csv, { bom: true, record_delimiter: "\r\n" });
        const [header, ...rows] = records.map((cells) => cells.map(unguardFormula));
        expect(ManifestSchema.parse(JSON.parse(manifestText(manifest)))).toEqual(manifest);
        expect(header).toEqual(manifest.columns);
        expect(rows.length).toBe(manifest.rows);
        expect(rows.map((cells) => cells[0])).toEqual(lines.map((_, index) => String(index + 1)));
        expect(rows.map((cells) => cells[2])).toEqual(lines.map(({ debtorName }) => debtorName));
        for (const currency of CURRENCIES) {
          const cells = rows.filter((row) => row[header?.indexOf("currency") ?? -1] === currency);
          const sum = cells.reduce((total, row) => total + Number(row[header?.indexOf("amount_minor") ?? -1]), 0);
          expect(manifest.sums[currency] ?? 0).toBe(sum);
        }
        expect(manifest.sha256).toBe(sha256Hex(csv));
      }),
    );
  });

  test("is the same, byte for byte, whenever it is made", () => {
    expect(placementFiles(HEAD, [ANN, ANN])).toEqual(placementFiles({ ...HEAD }, [{ ...ANN }, ANN]));
  });
});

test("a recall names the line that was given out and no hold", () => {
  const { csv, manifest } = recallFiles({ ...HEAD, batch: "rcl-1" }, [
    { placementBatch: "plc-1", placementLine: 3, accountNo: "A-3", reason: "hold" },
  ]);
  expect(csv).toBe("\uFEFFline,placement_batch,placement_line,account_no,reason\r\n1,plc-1,3,A-3,hold\r\n");
  expect(manifest).toMatchObject({ kind: "recall", rows: 1, sums: {}, file: "recalls.csv" });
});
