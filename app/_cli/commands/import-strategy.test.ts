import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { dueHere, STRATEGY, scratchFolder } from "../testing/scratch";

const { fileOf } = scratchFolder();
let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
  process.env.DATABASE_URL = house.url;
});
afterAll(async () => {
  delete process.env.DATABASE_URL;
  await house.drop();
});

/** A shipped strategy as another house would write it: an older format, a text and a type nobody here has. */
function foreign(): string {
  const doc = JSON.parse(readFileSync(STRATEGY, "utf8"));
  const sms = doc.nodes.find(({ type }: { type: string }) => type === "sms");
  sms.data.contentId = "sms.elsewhere";
  doc.nodes.push({ id: "odd", type: "video-call", version: 2, data: {} });
  return fileOf("foreign.json", JSON.stringify({ ...doc, schemaVersion: 1, tests: [{}] }, null, 2));
}

const drafts = () => house.database.sql`select key from strategy`;

describe("due import-strategy", () => {
  it("says what it found and stores nothing on a dry run", async () => {
    const { exit, json } = await dueHere(["import-strategy", foreign(), "--dry-run"]);
    expect(exit).toBe(0);
    expect(json).toMatchObject({
      stored: false,
      migrated: [
        { kind: "document", from: 1, to: 2 },
        { kind: "tests-dropped", count: 1 },
      ],
      missing: [{ kind: "content", name: "sms.elsewhere" }],
      unknownSteps: [{ nodeId: "odd", type: "video-call", supported: null }],
    });
    expect(await drafts()).toEqual([]);
  });

  it("refuses a mapping that leads nowhere, and a file that cannot be read by its place, and leaves nothing behind", async () => {
    const nowhere = await dueHere(["import-strategy", foreign(), "--map", "content:sms.elsewhere=sms.nowhere"]);
    expect(nowhere).toMatchObject({ exit: 1, json: { issues: [{ code: "strategy.mapping-target" }] } });
    const broken = await dueHere(["import-strategy", fileOf("broken.json", '{\n "key": oops }')]);
    expect(broken).toMatchObject({ exit: 1, json: { issues: [{ line: 2, column: 9 }] } });
    expect((await dueHere(["import-strategy", foreign(), "--map", "what"])).exit).toBe(2);
    expect(await drafts()).toEqual([]);
  });

  it("takes the file in with the mapping, and does not replace a draft unless told so", async () => {
    const map = ["--map", "content:sms.elsewhere=sms.m1.soft"];
    const first = await dueHere(["import-strategy", foreign(), ...map]);
    expect(first.json).toMatchObject({ stored: true });
    const exported = await dueHere(["export", first.json.key]);
    expect(JSON.stringify(exported.json)).toContain("sms.m1.soft");
    expect(JSON.stringify(exported.json)).not.toContain("sms.elsewhere");
    expect(await dueHere(["import-strategy", foreign(), ...map])).toMatchObject({
      exit: 1,
      json: { issues: [{ code: "strategy.key-taken" }] },
    });
    expect((await dueHere(["import-strategy", foreign(), ...map, "--replace"])).exit).toBe(0);
  });
});
