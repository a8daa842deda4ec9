import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { manifestText, placementFiles } from "../../agency/outgoing";
import type { OutgoingBatch } from "../../ports/agency-outbox";
import { agencyFile } from "./agency-file";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "outbox-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function batchOf(accountNo: string, batch = "plc-1"): OutgoingBatch {
  const { csv, manifest } = placementFiles({ batch, agency: "harbour", createdAtMs: 0 }, [
    {
      accountNo,
      debtorName: "欧阳𠮷",
      phones: [],
      owed: { minor: 1, currency: "CNY" },
      daysPastDue: 1,
      product: "",
      hand: 1,
      commissionShare: 0,
      termEndsOn: null,
    },
  ]);
  return { agency: "harbour", batch, file: manifest.file, csv, manifest: manifestText(manifest) };
}
const outbox = () => agencyFile({ kind: "agency-file", outbox: folder });
const there = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
const at = (name: string) => readFileSync(join(folder, "harbour/plc-1", name), "utf8");

describe("the outbox", () => {
  test("holds a batch as its file and its manifest, and nothing half made", async () => {
    expect(await outbox().write(batchOf("A-1"))).toEqual({ kind: "written" });
    expect(there()).toEqual([
      "harbour",
      "harbour/plc-1",
      "harbour/plc-1/manifest.json",
      "harbour/plc-1/placements.csv",
    ]);
    expect([at("placements.csv"), at("manifest.json")]).toEqual([batchOf("A-1").csv, batchOf("A-1").manifest]);
  });

  test("is told a batch twice and has it once", async () => {
    await outbox().write(batchOf("A-1"));
    expect(await outbox().write(batchOf("A-1"))).toEqual({ kind: "already" });
    expect(there()).toHaveLength(4);
  });

  test("never has a batch with other contents, nor mends one somebody took a file out of", async () => {
    await outbox().write(batchOf("A-1"));
    expect(await outbox().write(batchOf("A-2"))).toEqual({ kind: "differs" });
    expect(at("placements.csv")).toBe(batchOf("A-1").csv);
    rmSync(join(folder, "harbour/plc-1/manifest.json"));
    expect(await outbox().write(batchOf("A-1"))).toEqual({ kind: "differs" });
  });

  test("has one whole batch when many write it at once, and keeps none of their halves", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => outbox().write(batchOf(`A-${index % 2}`))),
    );
    expect(answers.filter(({ kind }) => kind === "written")).toHaveLength(1);
    await outbox().write(batchOf("A-0"));
    expect(there()).toHaveLength(4);
    const [even, odd] = [batchOf("A-0"), batchOf("A-1")];
    expect([even.csv + even.manifest, odd.csv + odd.manifest]).toContain(at("placements.csv") + at("manifest.json"));
  });

  test("forgets what a writer that died has left of a batch", async () => {
    mkdirSync(join(folder, "harbour/.plc-1.dead"), { recursive: true });
    writeFileSync(join(folder, "harbour/.plc-1.dead/placements.csv"), "names");
    await outbox().write(batchOf("A-1"));
    expect(there()).toHaveLength(4);
  });

  test("that is not there is not made: a disk may be missing", async () => {
    const gone = agencyFile({ kind: "agency-file", outbox: join(folder, "gone") });
    expect(await gone.write(batchOf("A-1"))).toEqual({ kind: "failed", reason: "ENOENT" });
    expect([await gone.check(), await outbox().check()]).toEqual(["ENOENT", null]);
    expect(there()).toEqual([]);
  });

  test("is never left by a name", async () => {
    expect(await outbox().write({ ...batchOf("A-1"), batch: "../../etc" })).toMatchObject({ kind: "failed" });
    expect(await outbox().write({ ...batchOf("A-1"), agency: ".." })).toMatchObject({ kind: "failed" });
    expect(there()).toEqual([]);
  });
});
