import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { postgresStores } from "#db/stores/testing";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { listenForWork } from "#db/work-hint";
import type { NewInboxEntry } from "#engine/ports/inbox";
import { enrollAccounts } from "#engine/runtime/enroll";
import { tickEngine } from "#engine/runtime/tick";
import { anAccount, aPhone } from "#engine/testing/builders";
import { callingVersion, STRICT_MARKET } from "#engine/testing/live-story";
import { waker } from "./waker";
import { runWorkerLoop } from "./worker-loop";
import { runtimeOn } from "./worker-runtime";

/** A poll is a second; a busy machine gets some more. */
const HEARD_WITHIN_MS = 15_000;
const LISTENER = "duecourse-listen";

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());

it("a worker whose listening connection was lost hears of a payment all the same, at its next look", async () => {
  const { sql } = house.database;
  const stores = await postgresStores(house.database);
  const account = anAccount("L1");
  await stores.given.accounts([account], [aPhone(account.partyId)]);
  await stores.given.version(callingVersion());
  const deps = { ...runtimeOn(house.database, { alarm: () => undefined }), packOf: () => STRICT_MARKET };
  await enrollAccounts(deps, { versionId: "ver_calling-1", accountIds: null });

  let hints = 0;
  const hinted = waker();
  const hint = await listenForWork(house.url, () => {
    hints += 1;
    hinted.wake();
  });
  const stop = new AbortController();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const running = runWorkerLoop({ tick: () => tickEngine(deps), log, signal: stop.signal, waker: hinted });
  const pay = (dedupeKey: string): NewInboxEntry => ({
    dedupeKey,
    partyId: account.partyId,
    accountId: account.id,
    enrollmentId: null,
    type: "payment.posted",
    atMs: 0,
    stepSeq: null,
    attempt: null,
    data: { amountMinor: 100, source: "bank" },
  });
  const booked = async (id: string) => expect(await sql`select 1 from payment where id = ${id}`).toHaveLength(1);

  await deps.inbox.put([pay("heard")]);
  await vi.waitFor(() => booked("pay_heard"), { timeout: HEARD_WITHIN_MS });
  expect(hints).toBeGreaterThan(0);

  // Closing it for good is the hardest loss: no driver opens it again.
  await hint.close();
  await vi.waitFor(async () => {
    expect(
      await sql`select 1 from pg_stat_activity where application_name = ${LISTENER}
      and datname = current_database()`,
    ).toHaveLength(0);
  });
  const before = hints;
  await deps.inbox.put([pay("seen")]);
  await vi.waitFor(() => booked("pay_seen"), { timeout: HEARD_WITHIN_MS });
  expect(hints).toBe(before);
  stop.abort();
  await running;
});
