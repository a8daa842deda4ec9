import { afterAll, beforeAll, expect, it } from "vitest";
import type { Advance, ClaimedEnrollment } from "#engine/ports/enrollment-store";
import type { GateDecision, ReadyIntent } from "#engine/ports/outbox";
import { anAccount, aState, aTurn, aVersion, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { aContact } from "#engine/testing/contract-scene";
import { type Database, openDatabase } from "../client";
import { openTestDatabase, type TestDatabase } from "../testing";
import { enrollmentStore } from "./enrollment-store";
import { outboxStore } from "./outbox-store";
import { postgresStores } from "./testing";

/** Enough that comparing all of them would be seen at once, few enough for a test. */
const WAITING = 1000;
const BATCH = 50;
/** So often a statement is planned anew before the server keeps its plan (five times), and one more. */
const PLANS = 6;
const NOW = MONDAY_MORNING_MS;

let house: TestDatabase;

beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());

/** Everybody is due and has a request; none of the requests is to leave yet. */
async function everybodyStands(): Promise<void> {
  const stores = await postgresStores(house.database);
  const version = aVersion("many");
  await stores.given.version(version);
  const accounts = Array.from({ length: WAITING }, (_, index) => anAccount(String(index).padStart(5, "0")));
  await stores.given.accounts(accounts);
  const state = aState({ wakeAtMs: NOW - 1 });
  await stores.enrollments.enroll(
    accounts.map((account) => {
      const intents = [aContact(`k-${account.accountNo}`, { notBeforeMs: NOW - 1 })];
      return aTurn(account, version.versionId, { state, intents });
    }),
  );
  await house.database.sql`update intent set state = 'sent'`;
  await house.database.sql`vacuum (full, analyze)`;
}

/** Entries of the index of what is due that a worker's one connection reads meanwhile. */
async function readWhile(worker: Database, work: () => Promise<void>): Promise<number> {
  const read = async (): Promise<number> => {
    await worker.sql`select pg_stat_force_next_flush()`;
    const [row] = await worker.sql<{ read: number }[]>`
      select idx_tup_read::float8 as read from pg_stat_user_indexes where indexrelname = 'intent_ready_not_before_index'`;
    return row?.read ?? 0;
  };
  const before = await read();
  await work();
  return (await read()) - before;
}

const denied = ({ intent }: ReadyIntent): GateDecision => ({ kind: "deny", key: intent.key, inbox: [], reasons: [] });

const moved = ({ subject, versionId, fence, nextOrdinal, state }: ClaimedEnrollment): Advance => {
  const turn = aTurn(anAccount("any"), versionId, { subject, fence, firstOrdinal: nextOrdinal });
  return { ...turn, state: { ...state, wakeAtMs: NOW + 1 } };
};

it("writes a batch without looking at everything that waits, also by plans that were made when nothing did", async () => {
  await everybodyStands();
  const worker = openDatabase(house.url, { connections: 1 });
  const [outbox, enrollments] = [outboxStore(worker), enrollmentStore(worker)];
  const decide = (limit: number) => outbox.reserve({ nowMs: NOW, limit }, async (all) => all.map(denied));
  const advance = (limit: number) => enrollments.advance({ nowMs: NOW, limit }, async (all) => all.map(moved));
  for (let quiet = 0; quiet < PLANS; quiet += 1) {
    await worker.sql`update intent set state = 'ready' where key = (select min(key) from intent where state = 'sent')`;
    expect((await decide(1)).decided).toHaveLength(1);
    expect((await advance(1)).written).toBe(1);
  }
  await worker.sql`update intent set state = 'ready' where state = 'sent'`;

  const readByTurns = await readWhile(worker, async () => expect((await advance(BATCH)).written).toBe(BATCH));
  expect(readByTurns).toBeLessThan(BATCH);
  // Those it takes; comparing would read every one that waits.
  const readByGate = await readWhile(worker, async () => expect((await decide(BATCH)).decided).toHaveLength(BATCH));
  expect(readByGate).toBeLessThan(5 * BATCH);
  await worker.close();
});
