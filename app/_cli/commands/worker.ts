import { spawn } from "node:child_process";
import { migrateDatabase } from "#db/migrate";
import type { Command } from "../command";
import { withDatabaseUrl } from "../database";

/** `due worker`: one engine worker in the foreground until Ctrl-C or SIGTERM. Any number may share a database. */
export const worker: Command = {
  usage: "usage.worker",
  options: {},
  takes: 0,
  run: async ({ words, progress }) => {
    const code = await withDatabaseUrl(async (url) => {
      await migrateDatabase(url);
      progress(words.say("worker.started"));
      return runWorker(url);
    });
    return { exit: code === 0 ? 0 : 1, json: { ok: code === 0 }, lines: [words.say("worker.ended")] };
  },
};

/** A process of its own, because a worker ends itself after an error nobody caught, and the embedded database must still be put away. */
function runWorker(url: string): Promise<number> {
  const child = spawn(process.execPath, ["--import", "tsx", "app/_server/worker.ts"], {
    env: { ...process.env, DATABASE_URL: url },
    // Its log goes to stderr, so that with --json stdout holds the one document.
    stdio: ["ignore", 2, 2],
  });
  const handOn = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, handOn);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
