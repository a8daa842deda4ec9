import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { birthOf, isAlive } from "./processes";

/**
 * Several processes share one embedded database (`npm start`, the command line, tests). Each leaves a file with its process
 * id; the last one out stops the server. Files of processes that died are swept away by the next one in.
 */
const USERS_FOLDER = "users";
const LOCK_FILE = "lock";
const LOCK_POLL_MS = 25;
const LOCK_TIMEOUT_MS = 120_000;

export class LockTimeoutError extends Error {
  readonly code = "embedded.locked";
}

let handed = 0;

/** Signs this process in. Returns the name to sign out with. */
export function signIn(directory: string): string {
  const folder = join(directory, USERS_FOLDER);
  mkdirSync(folder, { recursive: true });
  handed += 1;
  const name = `${process.pid}-${handed}-${birthOf(process.pid)}`;
  writeFileSync(join(folder, name), "");
  return name;
}

export function signOut(directory: string, name: string): void {
  rmSync(join(directory, USERS_FOLDER, name), { force: true });
}

/** How many living processes use the database. */
export function countUsers(directory: string): number {
  const folder = join(directory, USERS_FOLDER);
  let living = 0;
  for (const name of list(folder)) {
    const [pid, , birth] = name.split("-");
    if (isAlive(Number(pid)) && birthOf(Number(pid)) === birth) living += 1;
    else rmSync(join(folder, name), { force: true });
  }
  return living;
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Runs `work` while no other process starts or stops the database. Throws LockTimeoutError after two minutes. */
export async function withLock<TResult>(directory: string, work: () => Promise<TResult>): Promise<TResult> {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, LOCK_FILE);
  const mark = `${process.pid}-${birthOf(process.pid)}`;
  for (let waitedMs = 0; !take(file, mark); waitedMs += LOCK_POLL_MS) {
    if (waitedMs >= LOCK_TIMEOUT_MS) throw new LockTimeoutError(file);
    sweep(file);
    await pause(LOCK_POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string, mark: string): boolean {
  try {
    writeFileSync(file, mark, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Only a dead process loses its lock; one that is merely slow keeps it. */
function sweep(file: string): void {
  try {
    const [pid, birth] = readFileSync(file, "utf8").split("-");
    if (pid === undefined || pid === "") return;
    if (!isAlive(Number(pid)) || birthOf(Number(pid)) !== birth) rmSync(file, { force: true });
  } catch {
    // Given back in this moment.
  }
}
