import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runCommandLine } from "./command-line";
import { dueHere, STRATEGY, scratchFolder } from "./testing/scratch";

const { fileOf, pathOf } = scratchFolder();

describe("a table between a strategy and a spreadsheet", () => {
  const strategyFile = () => {
    const doc = JSON.parse(readFileSync(STRATEGY, "utf8"));
    doc.settings.variables = [{ name: "fee", type: "money" }];
    doc.nodes.push({
      id: "fees",
      type: "table",
      version: 1,
      data: {
        hitPolicy: "first",
        otherwiseExpected: true,
        table: {
          inputs: [{ id: "days", fact: "dpd", unknown: "ask" }],
          outputs: [{ id: "fee", kind: "variable", variable: "fee", aggregate: "first" }],
          ways: [],
          rows: [
            {
              id: "late",
              cells: { days: { operator: "greaterThan", value: 30 } },
              outputs: { fee: { literal: 5000 } },
            },
          ],
        },
      },
    });
    return fileOf("with-table.json", JSON.stringify(doc));
  };

  test("goes out as CSV, comes back changed, and the rest of the strategy is as it was", async () => {
    const file = strategyFile();
    const exported = await dueHere(["table", "export", file, "--step", "fees"]);
    expect(exported.exit).toBe(0);
    expect(exported.json.csv).toContain("row,late,> 30,50,");
    const csv = fileOf("fees.csv", exported.json.csv.replace("> 30,50", "> 60,80.5"));
    const out = pathOf("changed.json");
    const imported = await dueHere(["table", "import", file, "--step", "fees", "--csv", csv, "--out", out]);
    expect(imported).toMatchObject({ exit: 0, json: { step: "fees", rows: 1, out } });
    const [before, after] = [file, out].map((path) => JSON.parse(readFileSync(path, "utf8")));
    const rows = (doc: { nodes: { id: string; data: { table?: { rows: unknown } } }[] }) =>
      doc.nodes.find(({ id }) => id === "fees")?.data.table?.rows;
    expect(rows(after)).toEqual([
      { id: "late", cells: { days: { operator: "greaterThan", value: 60 } }, outputs: { fee: { literal: 8050 } } },
    ]);
    expect(after.nodes.length).toBe(before.nodes.length);
  });

  test("a file with a problem is refused by line and column, and nothing is written", async () => {
    const file = strategyFile();
    const { json } = await dueHere(["table", "export", file, "--step", "fees"]);
    const csv = fileOf("bad.csv", json.csv.replace("> 30", "> soon"));
    const out = pathOf("never.json");
    const refused = await dueHere([
      "table",
      "import",
      file,
      "--step",
      "fees",
      "--csv",
      csv,
      "--out",
      out,
      "--lang",
      "zh",
    ]);
    expect(refused.exit).toBe(1);
    expect(refused.json.issues).toMatchObject([{ code: "table-csv.cell", line: 8, column: 3 }]);
    expect(existsSync(out)).toBe(false);
    const missing = await dueHere(["table", "export", file, "--step", "nowhere"]);
    expect(missing).toMatchObject({ exit: 1, json: { issues: [{ code: "cli.step-unknown" }] } });
    const other = await dueHere(["table", "export", file, "--step", "start"]);
    expect(other).toMatchObject({ exit: 1, json: { issues: [{ code: "cli.step-without-table" }] } });
  });
});

describe("a GoRules decision graph", () => {
  const jdm = (cell: string) =>
    JSON.stringify({
      nodes: [
        { id: "in", name: "request", type: "inputNode" },
        {
          id: "t",
          name: "Fee by age",
          type: "decisionTableNode",
          content: {
            hitPolicy: "first",
            inputs: [{ id: "i", name: "Age", field: "customer.age" }],
            outputs: [{ id: "o", name: "Fee", field: "fee" }],
            rules: [{ i: cell, o: "10" }],
          },
        },
      ],
      edges: [{ sourceId: "in", targetId: "t" }],
    });

  test("becomes a strategy file that validates", async () => {
    const out = pathOf("from-jdm.json");
    const imported = await dueHere([
      "import-jdm",
      fileOf("fee.jdm.json", jdm("[18..65)")),
      "--key",
      "fee-by-age",
      "--out",
      out,
    ]);
    expect(imported).toMatchObject({
      exit: 0,
      json: {
        inputs: [{ path: "customer.age", field: "custom.customer_age" }],
        answers: [{ outputs: [{ path: "fee" }] }],
      },
    });
    expect(await dueHere(["validate", out])).toMatchObject({ exit: 0, json: { ok: true } });
  });

  test("is refused with node, row, column and line, and nothing is written", async () => {
    const out = pathOf("not-from-jdm.json");
    const file = fileOf("bad.jdm.json", jdm("len($) > 3"));
    const refused = await dueHere(["import-jdm", file, "--key", "fee", "--out", out, "--lang", "zh"]);
    expect(refused).toMatchObject({
      exit: 1,
      json: {
        issues: [
          { code: "jdm.function", line: 1, params: { node: "Fee by age", row: 1, column: "Age", piece: "len" } },
        ],
      },
    });
    expect(refused.json.issues[0].message).toContain("“Fee by age” #1 “Age”");
    expect(existsSync(out)).toBe(false);
    expect((await dueHere(["import-jdm", file, "--key", "Not A Key", "--out", out])).exit).toBe(2);
  });
});

describe("two strategies side by side", () => {
  test("are told apart in sentences and as JSON, and a box that was moved is no difference", async () => {
    const doc = JSON.parse(readFileSync(STRATEGY, "utf8"));
    const moved = fileOf(
      "moved.json",
      JSON.stringify({ ...doc, layout: { mode: "free", positions: { start: { x: 9, y: 9 } } } }),
    );
    expect((await dueHere(["diff", STRATEGY, moved])).json).toEqual({ logic: false, omitted: 0, changes: [] });
    const later = fileOf("later.json", JSON.stringify({ ...doc, settings: { ...doc.settings, horizonDays: 90 } }));
    const { exit, json } = await dueHere(["diff", STRATEGY, later]);
    expect(exit).toBe(0);
    expect(json.changes).toMatchObject([
      {
        kind: "changed",
        subject: { kind: "settings" },
        path: ["horizonDays"],
        before: doc.settings.horizonDays,
        after: 90,
      },
    ]);
    const said = await runCommandLine(["diff", STRATEGY, later, "--lang", "zh"]);
    expect(said.stdout).toContain(`策略设置 的最长期限（天）：${doc.settings.horizonDays} → 90`);
  });
});
