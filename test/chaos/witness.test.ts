import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#db";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { tickEngine } from "#engine/runtime/tick";
import { STRICT_MARKET } from "#engine/testing/live-story";
import { runtimeOn } from "../../app/_server/worker-runtime";
import { setScene } from "./scene";
import { breachesOfWitness, installWitness } from "./witness";

let house: TestDatabase;
let database: Database;

/** Twelve people, a day and a night of texts, calls and a payment, hour by hour. */
beforeAll(async () => {
  house = await openTestDatabase();
  database = house.database;
  await installWitness(database.sql);
  const { people } = await setScene(database, 12);
  const deps = { ...runtimeOn(database, { alarm: () => undefined }), packOf: () => STRICT_MARKET };
  const [first] = people;
  if (first === undefined) throw new Error("nobody");
  await database.sql`update engine_clock set ratio = 0`;
  for (let hour = 0; hour < 30; hour += 1) {
    await database.sql`update engine_clock set anchor_virtual = anchor_virtual + interval '1 hour'`;
    if (hour === 3) {
      const { id: accountId, partyId } = first;
      const visit = { enrollmentId: null, type: "payment.posted", stepSeq: null, attempt: null } as const;
      const { nowMs: atMs } = await deps.clock.read();
      const data = { amountMinor: 100, source: "bank" };
      await deps.inbox.put([{ dedupeKey: "bank:1", partyId, accountId, atMs, ...visit, data }]);
    }
    await tickEngine(deps);
  }
});
afterAll(() => house.drop());

/** What the witness says once somebody has laid hands on it; all is as before afterwards. */
async function after(harm: string): Promise<readonly string[]> {
  await database.sql.unsafe("create table kept as table witness");
  await database.sql.unsafe("create table kept_decision as select * from decision");
  try {
    await database.sql.unsafe(harm);
    return await breachesOfWitness(database);
  } finally {
    await database.sql.unsafe(`truncate witness; insert into witness select * from kept; drop table kept;
      truncate decision; insert into decision select * from kept_decision; drop table kept_decision`);
  }
}

describe("every turn taken again", () => {
  it("comes to what was written, decision by decision", async () => {
    const [{ turns = 0 } = {}] = await database.sql<{ turns: number }[]>`
      select count(*)::int as turns from witness where kind = 'state' and old_row is not null`;
    expect(turns).toBeGreaterThan(20);
    expect(await breachesOfWitness(database)).toEqual([]);
  });

  it.each([
    [
      "a fence that was used twice",
      "update witness set new_row = jsonb_set(new_row, '{fence}', '1') where kind = 'state' and new_row ->> 'fence' = '2'",
    ],
    [
      "an attempt nobody asked for",
      "update witness set new_row = jsonb_set(new_row, '{attempt}', '3') where id = (select max(id) from witness where kind = 'state')",
    ],
    [
      "a decision that is gone",
      "delete from decision where ctid in (select ctid from decision where ordinal = 1 limit 1)",
    ],
    ["another way taken than the facts say", "update decision set facts = '{\"dpd\": 0}' where ordinal = 0"],
    [
      "a request in a commit of its own",
      "update witness set tx = '7' where id = (select min(id) from witness where kind = 'asked')",
    ],
    [
      "an answer heard in a commit of its own",
      "update witness set tx = '7' where id = (select min(id) from witness where kind = 'heard' and new_row ->> 'status' = 'done')",
    ],
  ])("shows %s", async (_, harm) => {
    expect((await after(harm)).length).toBeGreaterThan(0);
  });
});
