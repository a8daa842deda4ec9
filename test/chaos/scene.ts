import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "#db";
import { insertAudit } from "#db/queries/audit";
import { postgresStores } from "#db/stores/testing";
import { draw } from "#engine/model/draw";
import type { Account } from "#engine/model/party";
import { enrollAccounts } from "#engine/runtime/enroll";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { STRICT_MARKET } from "#engine/testing/live-story";
import { runtimeOn } from "../../app/_server/worker-runtime";
import { chaosVersion } from "./strategy";

/** Five minutes a second: nights, days and waits of three days fall into a run. */
const RATIO = 300;

/** Accounts that come in a second while a run lasts: without them a long run would run dry. */
const ARRIVALS_PER_SECOND = 5;

/** Who there is, and how more of them come. */
export type Scene = {
  readonly people: Account[];
  /** The next accounts, known and enrolled; an audit row tells of it. */
  letIn(count: number): Promise<void>;
};

/** Everybody owes; every second person is reached by a provider that knows its keys again, the others by one that does not. */
export async function setScene(database: Database, count: number): Promise<Scene> {
  const { given } = await postgresStores(database);
  const version = chaosVersion();
  await given.version(version);
  await database.sql`update engine_clock set mode = 'demo', ratio = ${RATIO}, anchor_real = clock_timestamp(),
    anchor_virtual = to_timestamp(${MONDAY_MORNING_MS} / 1000.0)`;
  const deps = { ...runtimeOn(database, { alarm: () => undefined }), packOf: () => STRICT_MARKET };
  const people: Account[] = [];
  let number = 0;
  const letIn = async (more: number) => {
    const accounts = Array.from({ length: more }, () => {
      number += 1;
      return anAccount(`L${number}`);
    });
    await given.accounts(
      accounts,
      accounts.map(({ partyId }, index) => aPhone(partyId, { simulated: index % 2 === 0 })),
    );
    people.push(...accounts);
    await enrollAccounts(deps, { versionId: version.versionId, accountIds: accounts.map(({ id }) => id) });
    const detail = { accounts: more };
    await insertAudit(database.sql, { actorId: "actor_bank", action: "chaos.arrived", subject: `${number}`, detail });
  };
  await letIn(count);
  return { people, letIn };
}

/** New accounts, every second. Those that meet a database that is away stay away. */
export function arrivals({ letIn }: Scene): { stop(): Promise<void> } {
  let over = false;
  const running = (async () => {
    while (!over) {
      await delay(1000);
      await letIn(ARRIVALS_PER_SECOND).catch(() => undefined);
    }
  })();
  return {
    stop: () => {
      over = true;
      return running;
    },
  };
}

type Paying = {
  readonly database: Database;
  readonly people: readonly Account[];
  readonly paid: Map<string, number>;
  readonly seed: number;
};

/** A bank that reports payments, each up to three times, and again until it has been taken. */
export function payNowAndThen({ database, people, paid, seed }: Paying): { stop(): Promise<void> } {
  const { inbox } = runtimeOn(database, { alarm: () => undefined });
  let over = false;
  const running = (async () => {
    for (let number = 0; !over; number += 1) {
      await delay(200);
      const account = people[Math.floor(draw(seed, "bank", `who:${number}`) * people.length)];
      if (account === undefined) continue;
      const dedupeKey = `bank:${number}`;
      const amountMinor = 100 + number;
      const visit = { enrollmentId: null, type: "payment.posted", stepSeq: null, attempt: null } as const;
      const entry = { dedupeKey, partyId: account.partyId, accountId: account.id, atMs: MONDAY_MORNING_MS, ...visit };
      for (let times = 0; times < 3; ) {
        times += await inbox.put([{ ...entry, data: { amountMinor, source: "bank" } }]).then(
          () => 1,
          () => delay(50, 0),
        );
      }
      paid.set(dedupeKey, amountMinor);
    }
  })();
  return {
    stop: () => {
      over = true;
      return running;
    },
  };
}

/** How many transitions are in the log. */
export async function decisionsIn({ sql }: Database): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from decision`;
  return row?.count ?? 0;
}
