import { type Database, openDatabase } from "#db";
import type { Crew } from "./crew";
import { rearm } from "./scene";

const ROUNDS = 2;
/** A transaction that sleeps longer is ended by the server (`db/client.ts`). */
const READER_MAX_MS = 45_000;

export type BesideReader = {
  readonly aloneStepsPerSecond: number;
  readonly besideReaderStepsPerSecond: number;
  /** 1 = the reader costs nothing. Without the lower bound of a claim it was a sixtieth. */
  readonly ratio: number;
};

/**
 * The engine alone and beside a report that holds its snapshot all the time: what the engine has moved cannot be cleared away, and a
 * claim that began at the head of the due index would walk over all of it. Turn about, from the same rows each time.
 */
export async function measureBesideReader(
  database: Database,
  engine: Crew,
  milliseconds: number,
): Promise<BesideReader> {
  const reader = openDatabase(database.url, { name: "bench-reader", connections: 1 });
  const alone = { steps: 0, ms: 0 };
  const beside = { steps: 0, ms: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    await workInto(alone, engine, milliseconds);
    await rearm(database);
    await reader.sql.begin("isolation level repeatable read", async (transaction) => {
      await transaction`select count(*) from enrollment`;
      await workInto(beside, engine, Math.min(milliseconds, READER_MAX_MS));
      await transaction`select count(*) from enrollment`;
    });
    await rearm(database);
  }
  await reader.close();
  const rate = ({ steps, ms }: typeof alone) => Math.round((steps / ms) * 1000);
  return {
    aloneStepsPerSecond: rate(alone),
    besideReaderStepsPerSecond: rate(beside),
    ratio: Number((rate(beside) / rate(alone)).toFixed(2)),
  };
}

async function workInto(sum: { steps: number; ms: number }, engine: Crew, milliseconds: number): Promise<void> {
  const { steps, ms } = await engine.work(milliseconds);
  sum.steps += steps;
  sum.ms += ms;
}
