import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive } from "./processes";
import { type Embedded, startEmbedded } from "./start-embedded";

let directory: string;
const open: Embedded[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "duecourse-embedded-"));
  chmodSync(directory, 0o755);
});
afterEach(async () => {
  for (const embedded of open.splice(0)) await embedded.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function started(): Promise<Embedded> {
  const embedded = await startEmbedded(directory);
  open.push(embedded);
  return embedded;
}

async function query<TRow extends object>(url: string, text: string): Promise<readonly TRow[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await sql.unsafe<TRow[]>(text);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const serverPid = () => Number(readFileSync(join(directory, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);

async function gone(pid: number): Promise<void> {
  for (let tries = 0; isAlive(pid) && tries < 200; tries += 1)
    await query(open[0]?.url ?? "", "select 1").catch(() => undefined);
}

test("text sorts by code point and lower case knows Unicode, as in JavaScript", async () => {
  const { url } = await started();
  const rows = await query<{ word: string }>(
    url,
    "select word from (values ('b'), ('B'), ('中'), ('a'), ('É')) as w(word) order by word",
  );
  expect(rows.map((row) => row.word)).toEqual(["B", "a", "b", "É", "中"]);
  expect(await query(url, "select lower('ÀÉ') as low, 'É' ilike 'é' as alike")).toEqual([{ low: "àé", alike: true }]);
});

test("a second user joins the running server; the last one out stops it", async () => {
  const first = await startEmbedded(directory);
  const second = await started();
  expect(second.reused).toBe(true);
  expect(second.url).toBe(first.url);
  const pid = serverPid();
  await first.stop();
  expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
  await open.pop()?.stop();
  expect(isAlive(pid)).toBe(false);
});

test("two processes that start at the same time get one server", async () => {
  const [first, second] = await Promise.all([startEmbedded(directory), startEmbedded(directory)]);
  expect(first.url).toBe(second.url);
  open.push(first, second);
});

test("what was written is there after a stop, and the second start is warm", async () => {
  const first = await startEmbedded(directory);
  await query(first.url, "create table kept as select 7 as number");
  await first.stop();
  const startedAt = performance.now();
  const second = await started();
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(await query(second.url, "select number from kept")).toEqual([{ number: 7 }]);
});

test("a server that was killed leaves a data directory that starts again with every commit", async () => {
  const first = await startEmbedded(directory);
  open.push(first);
  await query(first.url, "create table kept as select 7 as number");
  const pid = serverPid();
  process.kill(pid, "SIGKILL");
  await gone(pid);
  const second = await started();
  expect(second.reused).toBe(false);
  expect(await query(second.url, "select number from kept")).toEqual([{ number: 7 }]);
});

test("a pid file that names another living process does not stand in the way", async () => {
  const first = await startEmbedded(directory);
  await first.stop();
  const lines = [process.pid, join(directory, "postgres"), "0", "1", "", "127.0.0.1", "", "stopping"];
  writeFileSync(join(directory, "postgres", "postmaster.pid"), lines.join("\n"));
  const second = await started();
  expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a cluster that was cut short while it was made is made again", async () => {
  const first = await startEmbedded(directory);
  await first.stop();
  rmSync(join(directory, "postgres", "duecourse.password"));
  const second = await started();
  expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a user that was killed is swept away, its server is joined and then stopped by the next one out", async () => {
  const script = `import { startEmbedded } from ${JSON.stringify(resolve("db/embedded/start-embedded.ts"))};
    const embedded = await startEmbedded(${JSON.stringify(directory)});
    process.stdout.write(embedded.url);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((settle) => child.stdout.once("data", settle));
  const pid = serverPid();
  const ended = new Promise((settle) => child.once("exit", settle));
  child.kill("SIGKILL");
  await ended;
  const second = await started();
  expect(second.reused).toBe(true);
  await open.pop()?.stop();
  expect(isAlive(pid)).toBe(false);
  expect(readdirSync(join(directory, "users"))).toEqual([]);
});
