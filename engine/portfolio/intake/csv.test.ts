import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Issue } from "../../model/issue";
import { type CsvRow, findDelimiter, readRows } from "./csv";
import { decodeText } from "./decode";
import { INTAKE_LIMITS } from "./limits";

function read(text: string): { rows: CsvRow[]; broken: Issue[]; fatal: Issue | null } {
  const rows: CsvRow[] = [];
  const broken: Issue[] = [];
  const found = findDelimiter(text);
  const fatal = readRows(found, found.skipped + 1, {
    onRow: (row) => {
      rows.push(row);
      return true;
    },
    onBroken: (problem) => broken.push(problem),
  });
  return { rows, broken, fatal };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("rows of a CSV file", () => {
  it("begin on the line they begin on, quoted line breaks and blank lines counted", () => {
    const { rows } = read('no,remark\n1,"moved\nto Wuhan"\n\n2,"said ""later"""\n,,\n3,ok');
    expect(rows).toEqual([
      { line: 1, cells: ["no", "remark"] },
      { line: 2, cells: ["1", "moved\nto Wuhan"] },
      { line: 5, cells: ["2", 'said "later"'] },
      { line: 7, cells: ["3", "ok"] },
    ]);
  });

  it("with wrong quotes are told by their line and cost no other row", () => {
    const { rows, broken } = read('no,remark\n1,5" screen\n2,"ab"c\n3,fine\n4,"never closed\n5,fine too\n');
    expect(broken.map(({ code, line }) => [code, line])).toEqual([
      ["intake.quote", 2],
      ["intake.quote", 3],
      ["intake.quote", 5],
    ]);
    expect(rows.map(({ line, cells }) => [line, cells[0]])).toEqual([
      [1, "no"],
      [4, "3"],
      [6, "5"],
    ]);
  });

  it("stop being read when too many of them have wrong quotes", () => {
    const { fatal } = read(`no\n${'1,5"\n'.repeat(INTAKE_LIMITS.brokenRows + 5)}`);
    expect(fatal).toMatchObject({ code: "intake.csv-broken", params: { maximum: INTAKE_LIMITS.brokenRows } });
  });

  it("come back as they were written, whatever they hold", () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", "1", ",", ";", '"', "\n", " ", "中", "𠮷", "\t"),
      maxLength: 8,
    });
    const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, (cells) => {
        const written = cells.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(",")).join("\n");
        const rows: (readonly string[])[] = [];
        readRows({ text: written, delimiter: "," }, 1, {
          onRow: (row) => rows.push(row.cells) > 0,
          onBroken: (problem) => expect(problem).toBeNull(),
        });
        expect(rows).toEqual(cells.filter((row) => row.some((text) => text.trim() !== "")));
      }),
      { numRuns: 200 },
    );
  });
});

describe("the delimiter", () => {
  it.each([
    ["a,b\n", ","],
    ["a;b;c\n1,5;2;3", ";"],
    ["a\tb\n", "\t"],
    ['"a;b;c",d\n', ","],
    ["sep=;\na,b;c", ";"],
  ])("of %j is %j", (text, delimiter) => {
    expect(findDelimiter(text).delimiter).toBe(delimiter);
  });

  it("said by Excel's first line is believed, and that line still counts", () => {
    expect(read("sep=;\nno;name\n1;x").rows.map(({ line }) => line)).toEqual([2, 3]);
  });
});

describe("the encoding", () => {
  const GBK_OVERDUE = Uint8Array.from([0xd3, 0xe2, 0xc6, 0xda]); // 逾期
  it.each([
    { of: "UTF-8", bytes: bytesOf("逾期"), encoding: "utf-8", assumed: false },
    {
      of: "UTF-8 with a mark",
      bytes: Uint8Array.from([0xef, 0xbb, 0xbf, ...bytesOf("逾期")]),
      encoding: "utf-8",
      assumed: false,
    },
    { of: "GBK", bytes: GBK_OVERDUE, encoding: "gb18030", assumed: true },
    {
      of: "UTF-16 with a mark",
      bytes: Uint8Array.from([0xff, 0xfe, 0x3e, 0x90, 0x1f, 0x67]),
      encoding: "utf-16le",
      assumed: false,
    },
  ])("$of is recognised", ({ bytes, encoding, assumed }) => {
    expect(decodeText(bytes, null)).toEqual({ ok: true, value: { text: "逾期", encoding, assumed } });
  });

  it("UTF-16 without a mark is recognised by its zeros", () => {
    const bytes = Uint8Array.from([..."no,dpd\n1,30\n"].flatMap((character) => [character.charCodeAt(0), 0]));
    expect(decodeText(bytes, null)).toMatchObject({
      ok: true,
      value: { text: "no,dpd\n1,30\n", encoding: "utf-16le" },
    });
  });

  it.each([
    ["an empty file", new Uint8Array(), "intake.file-empty"],
    ["a workbook", Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 1]), "intake.not-text"],
    ["bytes of no encoding", Uint8Array.from([0x61, 0xff, 0xff, 0x00]), "intake.encoding-unknown"],
  ])("%s is refused", (_name, bytes, code) => {
    expect(decodeText(bytes, null)).toMatchObject({ ok: false, error: [{ code }] });
  });
});
