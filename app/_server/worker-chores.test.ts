import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { insertAudit } from "#db/queries/audit";
import { auditHead, countUnsealed } from "#db/queries/audit-seal";
import { engineClock } from "#db/stores/engine-clock";
import { programStore } from "#db/stores/program-store";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { keepHouse } from "./worker-chores";

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());
beforeEach(() => house.database.sql`truncate audit`);

async function note(subject: string): Promise<void> {
  await insertAudit(house.database.sql, { actorId: "actor_a", action: "stop.pause", subject, detail: {} });
}

/** One round of chores; what was said at it, and whether the audit held. */
async function choresOnce() {
  const { database } = house;
  const over = new AbortController();
  const said: object[] = [];
  let held: boolean | null = null;
  const say = (fields: object) => {
    said.push(fields);
  };
  const log = { info: say, warn: say, error: say };
  await keepHouse({
    ...{ database, clock: engineClock(database), programs: programStore(database), log, signal: over.signal },
    alarm: () => undefined,
    callBack: null,
    auditVerified: (isWhole) => {
      held = isWhole;
      over.abort();
    },
  });
  return { said, held };
}

it("seals what was written since, says where the chain ends, and walks it", async () => {
  await note("a");
  await note("b");
  const { said, held } = await choresOnce();
  expect(await countUnsealed(house.database.sql)).toBe(0);
  expect(said).toContainEqual({ sealed: 2, ...(await auditHead(house.database.sql)) });
  expect(held).toBe(true);
});

it("says which row of the audit is not what was sealed", async () => {
  await note("a");
  await choresOnce();
  await house.database.sql`update audit set subject = 'x'`;
  const { said, held } = await choresOnce();
  expect(held).toBe(false);
  expect(said).toContainEqual({ code: "audit.changed", seq: 1 });
});
