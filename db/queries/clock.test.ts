import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../testing";
import { readClock, setClock } from "./clock";

let house: TestDatabase;
beforeAll(async () => {
  house = await openTestDatabase();
});
afterAll(() => house.drop());

const actorId = "actor_demo";

test("a fresh database runs on real time", async () => {
  const clock = await readClock(house.database.sql);
  expect(clock).toMatchObject({ mode: "real", ratio: 1 });
  expect(Math.abs(clock.nowMs - clock.realNowMs)).toBeLessThanOrEqual(1);
});

test("a demo clock runs on from the present time, faster; changing its speed makes no jump; it can stand still", async () => {
  const before = await readClock(house.database.sql);
  await setClock(house.database, { mode: "demo", ratio: 3600 }, actorId);
  await house.database.sql`select pg_sleep(0.05)`;
  const fast = await readClock(house.database.sql);
  const passedMs = fast.realNowMs - before.realNowMs;
  expect(fast.nowMs - before.nowMs).toBeGreaterThan(50 * 3600 * 0.9);
  expect(fast.nowMs - before.nowMs).toBeLessThanOrEqual((passedMs + 5) * 3600);
  const paused = await setClock(house.database, { mode: "demo", ratio: 0 }, actorId);
  const stopped = await readClock(house.database.sql);
  await house.database.sql`select pg_sleep(0.02)`;
  expect((await readClock(house.database.sql)).nowMs).toBe(stopped.nowMs);
  expect(paused.ok && paused.value.nowMs).toBe(stopped.nowMs);
});

test("engine time never runs backwards: real time only when the demo clock is not ahead", async () => {
  const ahead = await setClock(house.database, { mode: "real" }, actorId);
  expect(ahead).toMatchObject({ ok: false, error: [{ code: "clock.ahead" }] });
  await house.database.sql`update engine_clock set anchor_virtual = clock_timestamp() - interval '1 hour'`;
  const back = await setClock(house.database, { mode: "real" }, actorId);
  expect(back).toMatchObject({ ok: true, value: { mode: "real", ratio: 1 } });
});

test.each([-1, 86_401, Number.NaN, Number.POSITIVE_INFINITY])("a ratio of %s is refused", async (ratio) => {
  const result = await setClock(house.database, { mode: "demo", ratio }, actorId);
  expect(result).toMatchObject({ ok: false, error: [{ code: "clock.ratio-out-of-range" }] });
});
