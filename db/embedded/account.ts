import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Who runs Postgres. Empty = whoever we are; Postgres refuses to run as root, so root needs somebody else. */
export type SystemUser = { readonly uid?: number; readonly gid?: number };

export class NoSystemUserError extends Error {
  readonly code = "embedded.no-system-user";
}

/** An account for Postgres: ourselves, or when we are root `postgres` (made when missing) or `nobody`. */
export function systemUser(): SystemUser {
  if (process.getuid?.() !== 0) return {};
  return lookUp("postgres") ?? createPostgres() ?? lookUp("nobody") ?? fail();
}

function lookUp(name: string): SystemUser | null {
  try {
    const [uid, gid] = ["-u", "-g"].map((flag) =>
      Number(execFileSync("id", [flag, name], { stdio: ["ignore", "pipe", "ignore"] })),
    );
    return uid === undefined || gid === undefined || Number.isNaN(uid) || uid === 0 ? null : { uid, gid };
  } catch {
    return null;
  }
}

function createPostgres(): SystemUser | null {
  try {
    execFileSync("useradd", ["--system", "--user-group", "--no-create-home", "postgres"], { stdio: "ignore" });
  } catch {
    return null;
  }
  return lookUp("postgres");
}

function fail(): never {
  throw new NoSystemUserError("no account to run Postgres as");
}

/** Whether another account may walk to this path: every directory on the way lets strangers through (`/root` does not). */
export function isReachableByOthers(path: string): boolean {
  for (let directory = resolve(path); ; directory = dirname(directory)) {
    try {
      if ((statSync(directory).mode & 0o001) === 0) return false;
    } catch {
      // Not there yet; it will be made with the usual mode.
    }
    if (directory === dirname(directory)) return true;
  }
}
