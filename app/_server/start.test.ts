import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isAlive } from "#db/embedded/processes";
import { hashOfSources } from "./start-build";
import { keepRunning } from "./start-child";
import { findPort } from "./start-port";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "duecourse-start-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Resolves when a file holds so many lines; a test that waits in vain ends by its own time limit. */
async function linesOf(file: string, count: number): Promise<readonly string[]> {
  const read = () =>
    existsSync(file)
      ? readFileSync(file, "utf8")
          .split("\n")
          .filter((line) => line !== "")
      : [];
  const watcher = watch(folder);
  try {
    for (let lines = read(); ; lines = read()) {
      if (lines.length >= count) return lines;
      await once(watcher, "change");
    }
  } finally {
    watcher.close();
  }
}

async function gone(pid: number): Promise<void> {
  for (let tries = 0; isAlive(pid) && tries < 500; tries += 1) await pause(20);
}

/** A program that writes its process id into a file and then lives until it is ended. */
const noteAndLive = (file: string) =>
  `require("node:fs").appendFileSync(${JSON.stringify(file)}, process.pid + "\\n"); setInterval(() => undefined, 1000);`;

test("a program that dies is started again, and stays away once it is stopped", async () => {
  const file = join(folder, "pids");
  const pauses: number[] = [];
  const kept = keepRunning({
    arguments: ["-e", noteAndLive(file)],
    environment: process.env,
    logFile: join(folder, "child.log"),
    onRestart: ({ pauseMs }) => pauses.push(pauseMs),
  });
  const [first = ""] = await linesOf(file, 1);
  process.kill(Number(first), "SIGKILL");
  const [, second = ""] = await linesOf(file, 2);
  await kept.stop();
  expect(isAlive(Number(second))).toBe(false);
  expect(pauses).toEqual([1000]);
  expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(2);
});

test("children end by themselves when whoever started them was killed", async () => {
  const file = join(folder, "orphan");
  const script = `import { keepRunning } from ${JSON.stringify(resolve("app/_server/start-child.ts"))};
    keepRunning({ arguments: ["-e", ${JSON.stringify(noteAndLive(file))}], environment: process.env,
      logFile: ${JSON.stringify(join(folder, "orphan.log"))}, onRestart: () => undefined });`;
  const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: "inherit",
  });
  const [pid = ""] = await linesOf(file, 1);
  parent.kill("SIGKILL");
  await gone(Number(pid));
  expect(isAlive(Number(pid))).toBe(false);
});

test("a taken port gives way to the next free one", async () => {
  const taken = createServer();
  taken.listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const found = await findPort(port, "127.0.0.1");
  expect(found).toBeGreaterThan(port);
  taken.close();
});

test("the build depends on the sources by content alone", () => {
  expect(hashOfSources()).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOfSources()).toBe(hashOfSources());
});
