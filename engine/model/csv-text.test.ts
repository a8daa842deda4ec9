import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvText, guardFormula, unguardFormula } from "./csv-text";

/** Texts that begin the way formulas do, quotes and line ends in them included, are as likely as others. */
const text = fc.oneof(
  fc.string(),
  fc
    .tuple(fc.stringMatching(/^'{0,3}[=+\-@\t\r',"\n]{0,3}$/), fc.string({ unit: "grapheme" }))
    .map(([start, rest]) => start + rest),
);

test("a guarded text never begins like a formula, and comes back as it was", () => {
  fc.assert(
    fc.property(text, (given) => {
      const guarded = guardFormula(given);
      expect(guarded).not.toMatch(/^[=+\-@\t\r]/);
      expect(unguardFormula(guarded)).toBe(given);
    }),
    { numRuns: 2000 },
  );
});

test("what is written as CSV is read as it was, cell by cell", () => {
  const table = fc.integer({ min: 1, max: 5 }).chain((width) => {
    const row = fc.array(text, { minLength: width, maxLength: width });
    return fc.array(row, { minLength: 1, maxLength: 8 });
  });
  fc.assert(
    fc.property(table, (rows) => {
      const records: string[][] = parse(csvText(rows), { record_delimiter: "\r\n" });
      expect(records.map((cells) => cells.map(unguardFormula))).toEqual(rows);
    }),
    { numRuns: 500 },
  );
});
