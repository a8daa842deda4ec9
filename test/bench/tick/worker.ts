import { openDatabase } from "#db";
import { CONTENDERS, type ContenderName, measure } from "./contender";
import { benchRuntime, engineContender } from "./engine";
import { rawContender, takeSamples } from "./raw";

/** Process entry: one of the bench's workers. Says "ready", waits for the word, works, says what it did. */

const CONNECTIONS = 4;

async function main(): Promise<void> {
  const [url, name, milliseconds] = process.argv.slice(2);
  const contenderName = CONTENDERS.find((known): known is ContenderName => known === name);
  if (url === undefined || contenderName === undefined)
    throw new Error("usage: worker.ts <url> <contender> <milliseconds>");
  const database = openDatabase(url, { name: `bench-${contenderName}`, connections: CONNECTIONS });
  const contender =
    contenderName === "raw"
      ? rawContender(database, await takeSamples(benchRuntime(database)))
      : engineContender(database);
  const word = () => new Promise((resolve) => process.once("message", resolve));
  const go = word();
  process.send?.("ready");
  await go;
  const end = word();
  process.send?.(await measure(contender, Number(milliseconds)));
  // Its connections stay open until the server's processor time has been read.
  await end;
  await database.close();
  process.disconnect();
}

await main();
