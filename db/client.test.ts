import { sql as drizzleSql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inTransaction, openDatabase } from "./client";
import { TransactionLostError } from "./driver-guard";
import { openTestDatabase, type TestDatabase } from "./testing";

let house: TestDatabase;

beforeAll(async () => {
  house = await openTestDatabase();
  await house.database.sql`create table pair (transaction int, member int, primary key (transaction, member))`;
});
afterAll(() => house.drop());

async function killBackend(pid: number): Promise<void> {
  const killer = openDatabase(house.url, { connections: 1 });
  await killer.sql`select pg_terminate_backend(${pid})`;
  await killer.close();
}

function deferred<TValue>() {
  let resolve: (value: TValue) => void = () => undefined;
  const promise = new Promise<TValue>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

test("a transaction that throws leaves nothing behind", async () => {
  const attempt = inTransaction(house.database, async (connection) => {
    await connection`insert into pair values (1, 1)`;
    throw new Error("changed my mind");
  });
  await expect(attempt).rejects.toThrow("changed my mind");
  expect(await house.database.sql`select * from pair where transaction = 1`).toHaveLength(0);
});

test("when its connection is killed, what the callback sends afterwards is refused and nothing is written", async () => {
  const lonely = openDatabase(house.url, { connections: 1 });
  const { promise: afterwards, resolve: told } = deferred<unknown>();
  const attempt = inTransaction(lonely, async (connection) => {
    const [own] = await connection<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await connection`insert into pair values (2, 1)`;
    await killBackend(own?.pid ?? 0);
    await connection`select 1`.catch(() => undefined);
    try {
      await connection`insert into pair values (2, 2)`;
      told("sent");
    } catch (error) {
      told(error);
    }
  });
  await expect(attempt).rejects.toBeInstanceOf(TransactionLostError);
  expect(await afterwards).toBeInstanceOf(TransactionLostError);
  // The next transaction on the same pool is whole: no late ROLLBACK of the dead one lands in it.
  await inTransaction(lonely, async (connection) => {
    await connection`insert into pair values (3, 1)`;
    await connection`select pg_sleep(0.05)`;
    await connection`insert into pair values (3, 2)`;
  });
  const rows = await house.database.sql<
    { transaction: number }[]
  >`select transaction from pair where transaction in (2, 3)`;
  expect(rows.map((row) => row.transaction)).toEqual([3, 3]);
  await lonely.close();
});

test("killed again and again, no transaction is ever half written", async () => {
  const busy = openDatabase(house.url, { connections: 3 });
  const killer = openDatabase(house.url, { connections: 1 });
  const outcomes = { written: 0, lost: 0 };
  const writer = async (from: number) => {
    for (let transaction = from; transaction < from + 40; transaction += 1) {
      try {
        await inTransaction(busy, async (connection) => {
          await connection`insert into pair values (${transaction}, 1)`;
          await connection`select pg_sleep(0.004)`;
          await connection`insert into pair values (${transaction}, 2)`;
        });
        outcomes.written += 1;
      } catch {
        outcomes.lost += 1;
      }
    }
  };
  let done = false;
  const killing = (async () => {
    while (!done) {
      await killer.sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'select pg_sleep%' and pid <> pg_backend_pid() limit 1`;
      await killer.sql`select pg_sleep(0.02)`;
    }
  })();
  await Promise.all([writer(1000), writer(2000), writer(3000)]);
  done = true;
  await killing;
  const torn = await killer.sql`select transaction from pair where transaction >= 1000 group by 1 having count(*) <> 2`;
  const [whole] = await killer.sql<{ count: number }[]>`
    select count(distinct transaction) as count from pair where transaction >= 1000`;
  expect(torn).toHaveLength(0);
  expect(outcomes.lost).toBeGreaterThan(3);
  expect(whole?.count).toBeGreaterThanOrEqual(outcomes.written);
  expect(outcomes.written + outcomes.lost).toBe(120);
  await Promise.all([busy.close(), killer.close()]);
});

test("a handle kept beyond its transaction is refused", async () => {
  let kept: unknown;
  await inTransaction(house.database, async (connection) => {
    kept = connection;
    return connection`select 1`;
  });
  const late = (kept as typeof house.database.sql)`insert into pair values (9, 9)`;
  await expect(late).rejects.toThrow("over");
});

test("JSON is stored as JSON, bigint reads as a number, on both clients", async () => {
  const value = { key: "值", list: [1, null] };
  const [plain] = await house.database.sql<{ type: string; big: number }[]>`
    select jsonb_typeof(${JSON.stringify(value)}::text::jsonb) as type, 12345678901::bigint as big`;
  expect(plain).toEqual({ type: "object", big: 12345678901 });
  const [viaDrizzle] = await house.database.db.execute(
    drizzleSql`select jsonb_typeof(${JSON.stringify(value)}::text::jsonb) as type`,
  );
  expect(viaDrizzle).toEqual({ type: "object" });
});

test("a statement that runs too long is ended", async () => {
  const hasty = openDatabase(house.url, { connections: 1, statementTimeoutMs: 50 });
  await expect(hasty.sql`select pg_sleep(5)`).rejects.toMatchObject({ code: "57014" });
  await hasty.close();
});

test("tells how many of its queries wait for a connection, and none once they have ended", async () => {
  const narrow = openDatabase(house.url, { connections: 1 });
  const { promise: held, resolve: letGo } = deferred<void>();
  const { promise: inside, resolve: entered } = deferred<void>();
  const transaction = inTransaction(narrow, async (connection) => {
    await connection`select 1`;
    entered();
    await held;
    await connection`select 1`;
  });
  await inside;
  expect(narrow.waiting()).toBe(0);
  const queries = [1, 2, 3].map((member) => narrow.sql`select ${member}::int as member`.then((rows) => rows[0]));
  await expect.poll(() => narrow.waiting()).toBe(3);
  letGo();
  await Promise.all([transaction, ...queries]);
  expect(narrow.waiting()).toBe(0);
  await expect(narrow.sql`select 1 / 0`).rejects.toThrow();
  expect(narrow.waiting()).toBe(0);
  await narrow.close();
});
