import { afterAll, beforeAll, expect, it } from "vitest";
import { anAccount, aState, aTurn, aVersion, enrollmentOf, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { openTestDatabase, type TestDatabase } from "../testing";
import { enrollmentStore } from "./enrollment-store";
import { outboxStore } from "./outbox-store";
import { programStore } from "./program-store";
import { postgresStores } from "./testing";

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());

it("an older worker leaves versions of a newer format alone, says so, and serves the others behind them", async () => {
  const stores = await postgresStores(house.database);
  const newer = aVersion("newer");
  const older = aVersion("older");
  await stores.given.version(newer);
  await stores.given.version({ ...older, program: { ...older.program, format: 1 } });
  const accounts = Array.from({ length: 12 }, (_, index) => anAccount(`A${index}`));
  await stores.given.accounts(accounts);
  // Ten of the newer one are due before the two of the older one: a batch of five would be full of them.
  await stores.enrollments.enroll(
    accounts.map((account, index) => {
      const isNewer = index < 10;
      const wakeAtMs = MONDAY_MORNING_MS - (isNewer ? 2000 : 1000);
      return aTurn(account, (isNewer ? newer : older).versionId, { state: aState({ wakeAtMs }) });
    }),
  );
  const claimedBy = async (formats: readonly number[]): Promise<readonly string[]> => {
    const seen: string[] = [];
    await enrollmentStore(house.database, { formats }).advance(
      { nowMs: MONDAY_MORNING_MS, limit: 5 },
      async (claimed) => {
        seen.push(...claimed.map(({ versionId }) => versionId));
        return [];
      },
    );
    return seen;
  };
  expect(await claimedBy([1])).toEqual(["ver_older-1", "ver_older-1"]);
  expect(await claimedBy([1, 2])).toEqual(Array.from({ length: 5 }, () => "ver_newer-1"));
  expect(await programStore(house.database, { formats: [1] }).leftAlone()).toEqual(["ver_newer-1"]);
  expect(await programStore(house.database, { formats: [1] }).versionOf("ver_newer-1")).toBeNull();
});

it("a step is written once: whoever comes with an old fence writes nothing, and no decision twice", async () => {
  const stores = await postgresStores(house.database);
  const version = aVersion("once");
  const account = anAccount("A1");
  await stores.given.version(version);
  await stores.given.accounts([account]);
  await stores.enrollments.enroll([aTurn(account, version.versionId)]);
  const decision = {
    stepSeq: 3,
    nodeId: "wait",
    handle: null,
    code: "entered",
    detail: null,
    factsRead: {},
    atMs: MONDAY_MORNING_MS,
  } as const;
  const turn = aTurn(account, version.versionId, { state: aState({ stepSeq: 3 }), decisions: [decision] });
  const written = await Promise.all([stores.enrollments.write([turn]), stores.enrollments.write([turn])]);
  expect(written[0] + written[1]).toBe(1);
  expect(await house.database.sql`select ordinal, step_seq from decision`).toEqual([{ ordinal: 0, step_seq: 3 }]);
  const again = house.database.sql`insert into decision select * from decision`;
  await expect(again).rejects.toMatchObject({ code: "23505" });
});

it("an older worker does not give up what a newer one left half-sent", async () => {
  const stores = await postgresStores(house.database);
  const version = aVersion("newer");
  const account = anAccount("A1");
  await stores.given.version(version);
  await stores.given.accounts([account]);
  await stores.enrollments.enroll([aTurn(account, version.versionId)]);
  await house.database
    .sql`insert into intent (party_id, key, enrollment_id, account_id, step_seq, attempt, node_id, kind, channel,
      content_id, details, not_before, not_after, state, lease_until, updated_at)
    values (${account.partyId}, 'k', ${enrollmentOf(account.id)}, ${account.id}, 2, 1, 'wait', 'contact', 'sms', 'c', '{"terms":{}}',
      now(), now(), 'sending', now() - interval '1 minute', now())`;
  const due = { nowMs: MONDAY_MORNING_MS, limit: 5 };
  expect((await outboxStore(house.database, { formats: [1] }).lapsed(due)).lapsed).toEqual([]);
  expect((await outboxStore(house.database).lapsed(due)).lapsed).toHaveLength(1);
});
