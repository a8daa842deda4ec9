import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReadableStream } from "node:stream/web";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { auditOf } from "#db/queries/audit";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { agencyReturn, type ReturnLines } from "#engine/testing/agency-return";
import { anAccount, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { DEMO_ACTOR } from "../actor";
import { createCallerFactory } from "../trpc";
import { receiveUpload } from "../uploads";
import { agencyRouter } from "./router";

const ANN = anAccount("A-1");
const HARBOUR = { code: "harbour", name: "Harbour", standing: { whitelisted: true, contractUntil: "2027-01-01" } };
const PAID = {
  ref: "p1",
  placement_batch: "plc-1",
  placement_line: 1,
  at: new Date(MONDAY_MORNING_MS).toISOString(),
  amount_minor: 500,
  currency: "CNY",
};

let house: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), "duecourse-agency-"));
const before = process.env.DUECOURSE_DATA_DIR;
const caller = () => createCallerFactory(agencyRouter)({ database: house.database, actor: DEMO_ACTOR });

beforeAll(async () => {
  process.env.DUECOURSE_DATA_DIR = folder;
  house = await openTestDatabase();
});
afterAll(async () => {
  if (before === undefined) delete process.env.DUECOURSE_DATA_DIR;
  else process.env.DUECOURSE_DATA_DIR = before;
  rmSync(folder, { recursive: true, force: true });
  await house.drop();
});
beforeEach(async () => {
  const stores = await postgresStores(house.database);
  await house.database.sql`truncate audit`;
  await stores.given.accounts([ANN]);
  await house.database
    .sql`insert into agency_placement (party_id, batch_id, line, agency, account_id, enrollment_id, intent_key,
    placed_at) values (${ANN.partyId}, 'plc-1', 1, 'harbour', ${ANN.id}, 'enr_1', 'enr_1:3:1', '2026-03-01')`;
});

const sent = async (bytes: string | Uint8Array): Promise<string> => {
  const body = new Blob([bytes as BlobPart]).stream() as ReadableStream<Uint8Array>;
  return (await receiveUpload(body)).uploadId;
};
async function uploaded(lines: ReturnLines, batch = "ret-1") {
  const { manifest, csv } = agencyReturn("payment", lines, { batch });
  return { manifestId: await sent(manifest), fileId: await sent(csv) };
}

describe("the register", () => {
  it("keeps what is known of an agency, and what is not known stays unknown", async () => {
    await caller().saveAgency(HARBOUR);
    await caller().saveAgency({ ...HARBOUR, standing: { violation: true } });
    expect(await caller().agencies()).toEqual([{ ...HARBOUR, standing: { violation: true } }]);
    const trail = await auditOf(house.database.sql, "harbour", 10);
    expect(trail.map(({ action, detail }) => [action, detail])).toEqual([
      ["agency.saved", { violation: true }],
      ["agency.saved", HARBOUR.standing],
    ]);
  });

  it("takes no two agencies a strategy could not tell apart, no day that is none and no code that is no file's name", async () => {
    await caller().saveAgency(HARBOUR);
    for (const name of ["Harbour", "harbour"]) {
      await expect(caller().saveAgency({ ...HARBOUR, code: "other", name })).rejects.toMatchObject({
        code: "CONFLICT",
      });
    }
    const wrong = [
      { ...HARBOUR, standing: { trainedOn: "2026-02-30" } },
      { ...HARBOUR, code: "../etc" },
    ];
    for (const one of wrong) await expect(caller().saveAgency(one)).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });
});

describe("a return on the screen", () => {
  it("is looked at, applied, forgotten as a file and remembered as a row", async () => {
    await caller().saveAgency(HARBOUR);
    const files = await uploaded([PAID, { ...PAID, ref: "p2", currency: "USD" }]);
    expect(await caller().previewReturn(files)).toMatchObject({
      ...{ agency: "harbour", kind: "payment", batch: "ret-1", lines: 2, good: 1, repeated: 0, rejected: 1 },
      ...{ sums: { CNY: 500, USD: 500 }, already: false, more: 0 },
      issues: [{ code: "agency.currency-differs", line: 3 }],
    });
    await expect(caller().applyReturn({ ...files, mode: "whole" })).rejects.toMatchObject({
      code: "BAD_REQUEST",
      cause: { code: "exchange.refused" },
    });
    expect(await caller().applyReturn({ ...files, mode: "partial" })).toMatchObject({ applied: 1, rejected: 1 });
    await expect(caller().previewReturn(files)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await caller().returns()).toMatchObject([{ agency: "harbour", batch: "ret-1", applied: 1, rejected: 1 }]);
    const inbox = await house.database.sql`select dedupe_key, type, data from inbox`;
    expect([...inbox]).toEqual([
      {
        dedupe_key: "agency:harbour:payment:p1",
        type: "payment.posted",
        data: { amountMinor: 500, source: "agency:harbour" },
      },
    ]);
  });

  it("of an agency nobody entered is refused, and so is a pair that was swapped", async () => {
    const files = await uploaded([PAID]);
    await expect(caller().previewReturn(files)).rejects.toMatchObject({
      cause: { issues: [{ code: "agency.unknown-agency" }] },
    });
    const swapped = { manifestId: files.fileId, fileId: files.manifestId };
    await expect(caller().previewReturn(swapped)).rejects.toMatchObject({
      cause: { issues: [{ code: "agency.manifest-unreadable" }] },
    });
  });
});

it("says when batches have nowhere to go", async () => {
  await expect(caller().export()).rejects.toMatchObject({ cause: { code: "agency.no-outbox" } });
});
