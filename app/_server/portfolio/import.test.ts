import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReadableStream } from "node:stream/web";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { DEMO_ACTOR } from "../actor";
import { receiveUpload } from "../uploads";
import { importAccounts, importJobs } from "./import-accounts";
import { inspectUpload } from "./inspect-upload";
import { accountPage } from "./list-accounts";
import { rejectionsFile } from "./rejections";
import { keepMapping } from "./save-mapping";

let house: TestDatabase;
let folder: string;
const before = process.env.DUECOURSE_DATA_DIR;
beforeAll(async () => {
  house = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "duecourse-import-"));
  process.env.DUECOURSE_DATA_DIR = folder;
});
afterAll(async () => {
  if (before === undefined) delete process.env.DUECOURSE_DATA_DIR;
  else process.env.DUECOURSE_DATA_DIR = before;
  await rm(folder, { recursive: true, force: true });
  await house.drop();
});

const FILE = [
  "account no,customer id,overdue amount,dpd",
  "A1,C1,100.50,12",
  "A2,C2,not a sum,5",
  "A3,C1,200,45",
  "A1,C1,10,1",
].join("\n");
const bodyOf = (text: string) => new Blob([text]).stream() as ReadableStream<Uint8Array>;
const LIST = { search: "", bucket: "", product: "", origin: "", strategy: "", step: "", standing: "", page: 0 };
const list = (change: Partial<typeof LIST> = {}) => accountPage(house.database, { ...LIST, pageSize: 50, ...change });

describe("a file on its way in", () => {
  const options = { mapping: null, contacts: "simulated", asOf: "today" } as const;

  it("is previewed without writing anything: what would come in, what would not and why", async () => {
    const upload = await receiveUpload(bodyOf(FILE));
    const preview = await inspectUpload(house.database, { uploadId: upload.uploadId, ...options });
    expect(preview).toMatchObject({ refused: false, rows: 4, accepted: 2, rejectedRows: 2, encoding: "utf-8" });
    expect(preview.rejected.map(({ line, code }) => [line, code])).toEqual([
      [3, "intake.not-a-number"],
      [5, "intake.duplicate-account"],
    ]);
    expect((await list()).total).toBe(0);
  });

  it("is imported whole, with its rejected rows kept, and forgotten", async () => {
    const upload = await receiveUpload(bodyOf(FILE));
    const order = { ...upload, ...options, fileName: "june.csv" };
    const view = await importJobs().ended(importAccounts(house.database, DEMO_ACTOR, order));
    if (view.state !== "done") throw new Error(view.state);
    expect(view.result).toMatchObject({ inserted: 2, updated: 0, rejected: 2 });
    const { rows, total } = await list();
    expect(total).toBe(2);
    expect(rows.map(({ accountNo, bucket, dpd }) => [accountNo, bucket, dpd])).toEqual([
      ["A1", "M1", 12],
      ["A3", "M2", 45],
    ]);
    expect(await readdir(join(folder, "uploads"))).not.toContain(upload.uploadId);
    const head = ["Line", "Column", "Reason", "Code"] as const;
    const file = await rejectionsFile(house.database, { batchId: view.result.batchId, locale: "en", head });
    expect(file.split("\r\n")).toHaveLength(4);
    expect(file).toContain("intake.not-a-number");
    expect(file).not.toContain("undefined");
  });

  it("with a required column missing is refused, and nothing comes in", async () => {
    const upload = await receiveUpload(bodyOf("account no,colour\nB1,red\n"));
    const order = { ...upload, ...options, fileName: "colours.csv" };
    const view = await importJobs().ended(importAccounts(house.database, DEMO_ACTOR, order));
    expect(view).toMatchObject({ state: "failed", code: "import.refused" });
    expect((await list({ search: "B1" })).total).toBe(0);
  });

  it("that nobody sent is not looked for on the disk", async () => {
    const request = { ...options, uploadId: "../../etc/passwd" };
    await expect(inspectUpload(house.database, request)).rejects.toMatchObject({ code: "import.upload-gone" });
    const unknown = { ...options, uploadId: randomUUID() };
    await expect(inspectUpload(house.database, unknown)).rejects.toMatchObject({ code: "import.upload-gone" });
  });
});

describe("the list of accounts", () => {
  it("is narrowed by stage, origin and number", async () => {
    expect((await list({ bucket: "M2" })).rows.map((row) => row.accountNo)).toEqual(["A3"]);
    expect((await list({ origin: "synthetic" })).total).toBe(0);
    expect((await list({ search: "c1" })).total).toBe(2);
    expect((await list({ search: "%" })).total).toBe(0);
  });
});

describe("a mapping kept for the next file", () => {
  it("is refused when it is none, with the place", async () => {
    const kept = keepMapping(house.database, DEMO_ACTOR, { name: "cards", mapping: { version: 1, columns: [] } });
    await expect(kept).rejects.toMatchObject({ code: "import.mapping-refused" });
    await kept.catch((error) => expect(error.issues[0].path).not.toBe(""));
  });
});
