import { openDatabase } from "#db";
import { CONTENDERS, type Contender, type ContenderName, measure } from "./contender";
import { benchRuntime, engineContender } from "./engine";
import { queueContender } from "./queues";
import { rawContender, takeSamples } from "./raw";

/**
 * Process entry: one of the bench's workers. Says "ready"; told how many milliseconds to work, it works and says what it did, as
 * often as it is told; ends when it is told "end". It stays the same process, so that it is warm from its second turn on.
 */

const CONNECTIONS = 4;

async function contenderOf(name: ContenderName, url: string): Promise<Contender> {
  if (name === "graphile-worker" || name === "pg-boss") return queueContender(name, url);
  const database = openDatabase(url, { name: `bench-${name}`, connections: CONNECTIONS });
  const round =
    name === "raw" ? rawContender(database, await takeSamples(benchRuntime(database))) : engineContender(database);
  return { round, close: () => database.close() };
}

async function main(): Promise<void> {
  const [url, name] = process.argv.slice(2);
  const contenderName = CONTENDERS.find((known): known is ContenderName => known === name);
  if (url === undefined || contenderName === undefined) throw new Error("usage: worker.ts <url> <contender>");
  const contender = await contenderOf(contenderName, url);
  for await (const word of words()) {
    if (typeof word !== "number") break;
    process.send?.(await measure(contender, word));
  }
  await contender.close();
  process.disconnect();
}

async function* words(): AsyncGenerator<unknown> {
  for (let first = true; ; first = false) {
    const word = new Promise<unknown>((resolve) => process.once("message", resolve));
    if (first) process.send?.("ready");
    yield await word;
  }
}

await main();
