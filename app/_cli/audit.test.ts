import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { insertAudit } from "#db/queries/audit";
import { sealAudit } from "#db/queries/audit-seal";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { runCommandLine } from "./command-line";

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
  vi.stubEnv("DATABASE_URL", house.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await house.drop();
});
beforeEach(async () => {
  const { sql } = house.database;
  await sql`truncate audit`;
  for (const subject of ["a", "b", "c"])
    await insertAudit(sql, { actorId: "actor_a", action: "strategy.published", subject, detail: {} });
  await sealAudit(house.database);
});

const due = (...argv: readonly string[]) => runCommandLine(["audit", ...argv, "--lang", "en"]);

describe("due audit", () => {
  it("says that the audit holds, and its head", async () => {
    const head = (await due("head")).stdout.trim();
    expect(head).toMatch(/^3:[0-9a-f]{64}$/);
    const said = await due("verify", "--head", head);
    expect(said).toMatchObject({
      exit: 0,
      stdout: `The audit holds: 3 rows in the chain, 0 not sealed yet. Head ${head}\n`,
    });
  });

  it("ends with 1 and names the first bad row", async () => {
    await house.database.sql`update audit set subject = 'x' where seq = 2`;
    expect(await due("verify")).toMatchObject({ exit: 1, stdout: "Row 2 of the audit is not what was sealed.\n" });
    expect(JSON.parse((await due("verify", "--json")).stdout)).toEqual({
      ok: false,
      firstBadSeq: 2,
      code: "audit.changed",
    });
  });

  it("holds the chain against a head that was kept outside", async () => {
    const head = (await due("head")).stdout.trim();
    await house.database.sql`delete from audit where seq = 3`;
    expect(await due("verify")).toMatchObject({ exit: 0 });
    expect(await due("verify", "--head", head)).toMatchObject({ exit: 1 });
  });

  it("is called with a head or a word it does not know: 2", async () => {
    expect(await due("verify", "--head", "3:xyz")).toMatchObject({ exit: 2 });
    expect(await due("repair")).toMatchObject({ exit: 2 });
  });
});
