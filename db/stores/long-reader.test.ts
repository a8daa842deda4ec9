import { afterAll, beforeAll, expect, it } from "vitest";
import { type Database, openDatabase } from "#db";
import type { Advance, ClaimedEnrollment } from "#engine/ports/enrollment-store";
import { anAccount, aState, aTurn, aVersion, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { openTestDatabase, type TestDatabase } from "../testing";
import { enrollmentStore } from "./enrollment-store";
import { postgresStores } from "./testing";

/** Enough that walking over the dead would be seen at once, few enough for a test. */
const PEOPLE = 3000;
const BATCH = 100;

let house: TestDatabase;
let reader: Database;

beforeAll(async () => {
  house = await openTestDatabase();
  reader = openDatabase(house.url, { connections: 1 });
});
afterAll(async () => {
  await reader.close();
  await house.drop();
});

/** Its next timer is a day later: the entry in the due index is dead, and cannot go while somebody may still see it. */
function moved({ subject, versionId, fence, nextOrdinal, state }: ClaimedEnrollment): Advance {
  const wakeAtMs = MONDAY_MORNING_MS + 86_400_000;
  const turn = aTurn(anAccount("any"), versionId, { subject, fence, firstOrdinal: nextOrdinal });
  return { ...turn, state: { ...state, wakeAtMs } };
}

it("a long reader does not make claims walk over what is done, not even when all timers fall on one instant", async () => {
  const stores = await postgresStores(house.database);
  const version = aVersion("long");
  await stores.given.version(version);
  const accounts = Array.from({ length: PEOPLE }, (_, index) => anAccount(String(index).padStart(5, "0")));
  await stores.given.accounts(accounts);
  const state = aState({ wakeAtMs: MONDAY_MORNING_MS - 1 });
  await stores.enrollments.enroll(accounts.map((account) => aTurn(account, version.versionId, { state })));
  await house.database.sql`vacuum analyze enrollment`;

  const worker = openDatabase(house.url, { connections: 1 });
  const { enrollments } = { enrollments: enrollmentStore(worker) };
  const entriesRead = async (): Promise<number> => {
    await worker.sql`select pg_stat_force_next_flush()`;
    const [row] = await worker.sql<{ read: number }[]>`
      select idx_tup_read::float8 as read from pg_stat_user_indexes where indexrelname = 'enrollment_due_index'`;
    return row?.read ?? 0;
  };
  let readInLast = 0;
  await reader.sql.begin("isolation level repeatable read", async (transaction) => {
    await transaction`select count(*) from enrollment`;
    for (let done = 0; done < PEOPLE; done += BATCH) {
      const before = await entriesRead();
      const due = { nowMs: MONDAY_MORNING_MS, limit: BATCH };
      const { written } = await enrollments.advance(due, async (all) => all.map(moved));
      expect(written).toBe(BATCH);
      readInLast = (await entriesRead()) - before;
    }
  });
  await worker.close();
  // The last claim would else have read the 2,900 dead ones before it.
  expect(readInLast).toBeLessThan(5 * BATCH);
});
