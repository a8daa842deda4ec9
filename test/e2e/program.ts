import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A first start builds the console, makes a database, migrates and seeds it. */
const READY_WITHIN_MS = 420_000;
const STOPPED_WITHIN_MS = 60_000;
const ADDRESS = /https?:\/\/\S+/;

export type RunningProgram = {
  readonly address: string;
  /** Where its database lies; for the command line beside it. */
  readonly dataDirectory: string;
  /** Everything it has printed so far, line by line. */
  readonly lines: readonly string[];
  /** One Ctrl-C, as a terminal sends it: to npm and everything npm started. Resolves when the last of them has ended. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts the whole program the way a person does, `npm start`, in a data directory of its own on a free port, and waits for the
 * address it prints. `DUECOURSE_E2E_ADDRESS` names a program that runs already: for writing these stories, not for trusting them.
 * `settings` are environment variables the person has set.
 */
export async function startProgram(settings: { readonly [variable: string]: string } = {}): Promise<RunningProgram> {
  const given = process.env.DUECOURSE_E2E_ADDRESS;
  if (given !== undefined)
    return {
      address: given,
      dataDirectory: process.env.DUECOURSE_DATA_DIR ?? ".data",
      lines: [],
      stop: async () => undefined,
    };
  const dataDirectory = mkdtempSync(join(tmpdir(), "duecourse-e2e-"));
  const port = await freePort();
  const child = spawn("npm", ["start", "--", "--port", String(port), "--lang", "en"], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environmentFor(dataDirectory), ...settings },
  });
  const lines: string[] = [];
  // npm itself leaves at once; its output is closed when everything it started has ended too.
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const stop = async () => {
    interrupt(child);
    await within(STOPPED_WITHIN_MS, ended, () => `the program did not stop after Ctrl-C:\n${lines.join("\n")}`);
    rmSync(dataDirectory, { recursive: true, force: true });
  };
  const address = readAddress(child, lines, ended);
  try {
    const found = await within(READY_WITHIN_MS, address, () => `no address was printed:\n${lines.join("\n")}`);
    return { address: found, dataDirectory, lines, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What a person's shell would hand on: nothing of the test runner's, and no other database. */
function environmentFor(dataDirectory: string): NodeJS.ProcessEnv {
  const { NODE_ENV: _mode, DATABASE_URL: _database, ...environment } = process.env;
  return { ...(environment as NodeJS.ProcessEnv), DUECOURSE_DATA_DIR: dataDirectory };
}

function interrupt(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, "SIGINT");
}

/** Resolves with the first address in the output; rejects when the program ends without one. */
function readAddress(child: ChildProcess, lines: string[], ended: Promise<number | null>): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        const found = ADDRESS.exec(line);
        if (found !== null) resolve(found[0]);
      });
    }
    void ended.then((code) => reject(new Error(`npm start ended with ${code}:\n${lines.join("\n")}`)));
  });
}

async function within<TValue>(limitMs: number, awaited: Promise<TValue>, message: () => string): Promise<TValue> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), limitMs);
  });
  return Promise.race([awaited, late]).finally(() => clearTimeout(timer));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
