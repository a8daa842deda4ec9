import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalHash, sha256HexOfBytes } from "../model/json";
import { agencyReturn, type ReturnLines } from "../testing/agency-return";
import { type JudgedReturn, judgeReturn, placementsNamed, type ReturnContext } from "./judge-return";
import type { Manifest, ReturnKind } from "./manifest";
import type { KnownPlacement } from "./placement";
import { type ReturnFile, readReturn } from "./read-return";
import { agencyIssueTexts } from "./texts";

const NOW = Date.parse("2026-03-10T10:00:00+08:00");
const AT = "2026-03-09T10:00:00+08:00";
const BASE = { placement_batch: "plc-1", placement_line: 1 };
const CALL = {
  ref: "c1",
  ...BASE,
  at: AT,
  channel: "agent",
  number: "138-0013-8000",
  connected: "yes",
  conversed: "yes",
};
const PAID = { ref: "p1", ...BASE, at: AT, amount_minor: 50_000, currency: "CNY" };
const BACK = { ref: "b1", ...BASE, at: AT, event: "recalled" };
const AGREED = {
  ref: "k1",
  ...BASE,
  rules: "cn.hours",
  channels: "agent;robot",
  from: AT,
  until: "2026-06-01T00:00:00+08:00",
  evidence: "rec-77 00:42",
};

const PLACED: KnownPlacement = {
  batch: "plc-1",
  line: 1,
  agency: "harbour",
  partyId: "party_ann",
  accountId: "acct_ann",
  currency: "CNY",
  placedAtMs: Date.parse("2026-03-01T10:00:00+08:00"),
  recalledAtMs: null,
  endedAtMs: null,
  contactPoints: [{ id: "cp_ann", kind: "phone", address: "+8613800138000" }],
};

function contextWith(
  change: Partial<KnownPlacement> = {},
  told: ReadonlyMap<string, string> = new Map(),
): ReturnContext {
  return {
    nowMs: NOW,
    market: "cn",
    rules: new Set(["cn.hours"]),
    placements: new Map([["plc-1:1", { ...PLACED, ...change }]]),
    told,
  };
}

function opened(kind: ReturnKind, lines: ReturnLines): ReturnFile {
  const read = readReturn(agencyReturn(kind, lines));
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

const codesOf = ({ issues }: Pick<JudgedReturn, "issues">) =>
  issues.map(({ code, line, path, severity }) => `${severity} ${line} ${code} ${path}`);
const judged = (kind: ReturnKind, lines: ReturnLines, context = contextWith()) =>
  judgeReturn(opened(kind, lines), context);

describe("a return against its manifest", () => {
  const refusal = (kind: ReturnKind, lines: ReturnLines, change: Partial<Manifest>) => {
    const read = readReturn(agencyReturn(kind, lines, { change }));
    return read.ok ? "taken" : read.error.map(({ code, path }) => (path === "" ? code : `${code} ${path}`)).join(", ");
  };

  test("is taken when they agree, with the lines where they stand", () => {
    const { lines } = opened("activity", [
      { ...CALL, agent: "line\nbreak" },
      { ...CALL, ref: "c2" },
    ]);
    expect(lines.map(({ line, cells }) => [line, cells.ref])).toEqual([
      [2, "c1"],
      [4, "c2"],
    ]);
  });

  test.each<readonly [string, Partial<Manifest>]>([
    ["agency.rows-differ", { rows: 2 }],
    ["agency.hash-differs", { sha256: "0".repeat(64) }],
    ["agency.sums-differ sums.CNY", { sums: { CNY: 49_999 } }],
    ["agency.sums-differ sums.USD, agency.sums-differ sums.CNY", { sums: { USD: 50_000 } }],
    [
      "agency.columns-differ",
      { columns: ["ref", "placement_line", "placement_batch", "at", "amount_minor", "currency"] },
    ],
    ["agency.not-a-return kind", { kind: "placement" }],
    ["agency.manifest-unreadable format", { format: 2 as 1 }],
    ["agency.manifest-unreadable batch", { batch: "../../etc" }],
    ["agency.manifest-unreadable agency", { agency: "Harbour" }],
    ["agency.manifest-unreadable createdAt", { createdAt: "2026-03-03 09:00" }],
    ["agency.manifest-unreadable sums.CNY", { sums: { CNY: 1.5 } }],
  ])("is refused whole: %s", (code, change) => {
    expect(refusal("payment", [PAID], change)).toBe(code);
  });

  test("is refused when a byte of it was changed on the way", () => {
    const { manifest, csv } = agencyReturn("payment", [PAID]);
    const changed = Uint8Array.from(csv);
    changed[changed.length - 10] = 0x39;
    expect(readReturn({ manifest, csv: changed })).toMatchObject({
      ok: false,
      error: [{ code: "agency.hash-differs" }],
    });
  });

  test("is refused when an amount cannot be read: nobody could check the sum", () => {
    expect(refusal("payment", [PAID, { ...PAID, ref: "p2", amount_minor: "1e3" }], { sums: { CNY: 51_000 } })).toBe(
      "agency.amount-unreadable amount_minor",
    );
    expect(refusal("activity", [CALL], { sums: { CNY: 1 } })).toBe("agency.sums-differ sums");
  });

  test("is refused when a column is missing, unknown or there twice", () => {
    const head = "ref,placement_batch,placement_line,at,channel,connected";
    expect(codeOfText(head)).toBe("agency.column-missing");
    expect(codeOfText(`${head},conversed,mother_in_law`)).toBe("agency.column-unknown");
    expect(codeOfText(`${head},conversed,connected`)).toBe("agency.column-unknown");
  });

  test("is refused when it is cut in a line or its quotes are wrong", () => {
    expect(refusal("activity", [], {})).toBe("taken");
    const half = `ref,placement_batch,placement_line,at,channel,connected,conversed\r\nc1,plc-1`;
    const quotes = `${half.split("\r\n")[0]}\r\n"c1,plc-1,1,${AT},agent,yes,yes\r\n`;
    for (const text of [half, quotes]) expect(codeOfText(text)).toBe("agency.csv-broken");
  });

  test("whatever bytes come in, an answer comes out", () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), (manifest, csv) => {
        expect(readReturn({ manifest, csv }).ok).toBe(false);
      }),
    );
    expect(readReturn({ manifest: '{"__proto__":{"kind":"activity"}}', csv: new Uint8Array() }).ok).toBe(false);
  });
});

/** What is said of a file whose manifest fits its bytes, whatever its bytes are. */
function codeOfText(text: string, change: Partial<Manifest> = {}): string {
  const csv = new TextEncoder().encode(text);
  const columns = text.split("\r\n")[0]?.split(",") ?? [];
  const { manifest } = agencyReturn("activity", [], {
    change: { columns, rows: 1, sha256: sha256HexOfBytes(csv), ...change },
  });
  const read = readReturn({ manifest, csv });
  return read.ok ? "taken" : read.error.map(({ code }) => code).join(", ");
}

describe("contacts an agency reports", () => {
  test("count for the person, on the number that was called", () => {
    const { good, rejected, issues } = judged("activity", [{ ...CALL, result: "PTP", role: "", agent: "Mr. Li" }]);
    expect([rejected, issues]).toEqual([0, []]);
    expect(good).toMatchObject([
      {
        line: 2,
        ref: "c1",
        change: {
          kind: "contact",
          partyId: "party_ann",
          accountId: "acct_ann",
          contactPointId: "cp_ann",
          role: "self",
          atMs: Date.parse(AT),
          outcome: "PTP",
          connected: true,
          conversed: true,
          hold: null,
        },
      },
    ]);
  });

  test("count even when something about them is odd, and the remark says what", () => {
    const odd = judged(
      "activity",
      [
        { ...CALL, number: "139 0000 0000" },
        { ...CALL, ref: "c2", result: "HUNG-UP-ON" },
        { ...CALL, ref: "c3", number: "" },
      ],
      contextWith({ recalledAtMs: Date.parse(AT) - 1 }),
    );
    expect(odd.good.map(({ change }) => change.kind === "contact" && change.contactPointId)).toEqual([
      null,
      "cp_ann",
      null,
    ]);
    expect(codesOf(odd)).toEqual([
      "warning 2 agency.number-unknown number",
      "warning 2 agency.contact-after-end at",
      "warning 3 agency.result-unknown result",
      "warning 3 agency.contact-after-end at",
      "warning 4 agency.contact-after-end at",
    ]);
  });

  test("bring the hold their result stands for, and count as what the result says where the agency says less", () => {
    const { good } = judged("activity", [
      { ...CALL, connected: "no", conversed: "no", result: "CMP" },
      { ...CALL, ref: "c2", result: "WN", conversed: "no" },
    ]);
    expect(good.map(({ change }) => change)).toMatchObject([
      { hold: "complaint", connected: true, conversed: true },
      { hold: "wrong-number", connected: true, conversed: false },
    ]);
  });

  test.each([
    ["agency.at-future at", { at: "2026-03-10T10:00:00.001+08:00" }],
    ["agency.conversed-unconnected conversed", { connected: "no" }],
    ["agency.cell-unreadable connected", { connected: "1" }],
    ["agency.cell-unreadable channel", { channel: "phone" }],
    ["agency.cell-unreadable at", { at: "2026-03-09 10:00" }],
    ["agency.cell-unreadable at", { at: "2026-02-30T10:00:00+08:00" }],
    ["agency.placement-unknown placement_line", { placement_line: 2 }],
    ["agency.placement-unknown placement_line", { placement_batch: "" }],
    ["agency.cell-unreadable ref", { ref: "" }],
    ["agency.cell-unreadable role", { role: "neighbour" }],
  ])("are rejected by line: %s", (code, change) => {
    const { good, rejected, ...rest } = judged("activity", [CALL, { ...CALL, ref: "c2", ...change }]);
    expect([good.map(({ line }) => line), rejected, codesOf(rest)]).toEqual([[2], 1, [`error 3 ${code}`]]);
  });

  test("show what keeps the file back before what is merely odd", () => {
    const both = judged("activity", [
      { ...CALL, number: "139 0000 0000" },
      { ...CALL, ref: "c2", channel: "phone" },
    ]);
    expect(codesOf(both)).toEqual(["error 3 agency.cell-unreadable channel", "warning 2 agency.number-unknown number"]);
  });

  test("of an account another agency has are rejected", () => {
    expect(codesOf(judged("activity", [CALL], contextWith({ agency: "other" })))).toEqual([
      "error 2 agency.placement-unknown placement_line",
    ]);
  });
});

describe("money, endings and consents", () => {
  test("money is taken in the account's currency, in whole minor units", () => {
    expect(judged("payment", [{ ...PAID, reversed: "yes" }]).good).toMatchObject([
      { change: { kind: "payment", amountMinor: 50_000, reversed: true } },
    ]);
    expect(codesOf(judged("payment", [{ ...PAID, currency: "USD" }]))).toEqual([
      "error 2 agency.currency-differs currency",
    ]);
    expect(codesOf(judged("payment", [{ ...PAID, amount_minor: 0 }]))).toEqual([
      "error 2 agency.cell-unreadable amount_minor",
    ]);
  });

  test("an account ends once, and is recalled only when it was", () => {
    const recalled = contextWith({ recalledAtMs: Date.parse(AT) });
    const twice = judged("acknowledgement", [BACK, { ...BACK, ref: "b2", event: "returned" }], recalled);
    expect(twice.good).toMatchObject([{ change: { kind: "ending", ending: "recalled" } }]);
    expect(codesOf(twice)).toEqual(["error 3 agency.already-ended event"]);
    expect(codesOf(judged("acknowledgement", [BACK]))).toEqual(["error 2 agency.not-recalled event"]);
    expect(judged("acknowledgement", [{ ...BACK, event: "refused" }]).rejected).toBe(0);
  });

  test("a consent names rules there are, ends within a year and says where it can be heard", () => {
    expect(judged("consent", [AGREED]).good).toMatchObject([
      { change: { consent: { rules: ["cn.hours"], channels: ["agent", "robot"], evidence: "rec-77 00:42" } } },
    ]);
    const wrong = [{ until: AT }, { until: "2027-03-11T10:00:00+08:00" }, { rules: "cn.nothing" }, { evidence: "" }];
    expect(wrong.flatMap((change) => codesOf(judged("consent", [{ ...AGREED, ...change }])))).toEqual([
      "error 2 agency.consent-length until",
      "error 2 agency.consent-length until",
      "error 2 agency.rule-unknown rules",
      "error 2 agency.cell-unreadable evidence",
    ]);
  });
});

describe("a line that is told twice", () => {
  const refs = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.nat({ max: 2 })), { maxLength: 12 });
  const linesOf = (told: readonly (readonly [string, number])[]) =>
    told.map(([ref, amount]) => ({ ...PAID, ref, amount_minor: 100 + amount }));

  test("is applied once, in one file or in two, whatever else is in them", () => {
    fc.assert(
      fc.property(refs, refs, (first, second) => {
        const one = judged("payment", linesOf(first));
        const told = new Map(one.good.map(({ ref, hash }) => [ref, hash]));
        const other = judged("payment", linesOf(second), contextWith({}, told));
        const applied = [...one.good, ...other.good].map(({ ref }) => ref);
        expect(new Set(applied).size).toBe(applied.length);
        for (const { good, repeated, rejected } of [one, other]) {
          expect(good.length + repeated + rejected).toBe(good === one.good ? first.length : second.length);
        }
        const again = judged("payment", linesOf(first), contextWith({}, told));
        expect([again.good, again.rejected]).toEqual([[], one.rejected]);
      }),
    );
  });

  test("with other words is rejected: who is right cannot be known here", () => {
    const told = new Map([["p1", canonicalHash({ something: "else" })]]);
    expect(codesOf(judged("payment", [PAID], contextWith({}, told)))).toEqual(["error 2 agency.ref-taken ref"]);
  });
});

test("what must be known to judge a return is each placement it names, once", () => {
  const lines = [
    CALL,
    { ...CALL, ref: "c2" },
    { ...CALL, ref: "c3", placement_line: 7 },
    { ...CALL, placement_line: "x" },
  ];
  expect(placementsNamed(opened("activity", lines))).toEqual([
    { batch: "plc-1", line: 1 },
    { batch: "plc-1", line: 7 },
  ]);
});

test("every code in the house has its sentence, and no sentence is without its code", () => {
  const root = join(import.meta.dirname, "../..");
  const said = ["engine/agency", "app/_server/agency", "db/queries"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .flatMap((file) => readFileSync(join(root, folder, file), "utf8").match(/"agency\.[a-z0-9-]+"/g) ?? [])
      .map((quoted) => quoted.slice(1, -1)),
  );
  // Actions of the audit are named after what they are about, too.
  const codes = new Set(said.filter((code) => !AUDIT_ACTIONS.includes(code)));
  expect([...codes].sort()).toEqual(Object.keys(agencyIssueTexts.en).sort());
});

const AUDIT_ACTIONS: readonly string[] = ["agency.exported", "agency.returned", "agency.saved"];
