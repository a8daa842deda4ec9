import { resolve } from "node:path";
import { z } from "zod";

/** Everything a process of the house reads from its environment, parsed once. */
export type Environment = {
  readonly databaseUrl: string;
};

const DATA_DIRECTORY_DEFAULT = ".data";

const DatabaseUrlSchema = z.string().regex(/^postgres(ql)?:\/\//);

/** A setting that is missing or malformed. `code` and `name` say which; the value is never quoted, it may hold a password. */
export class EnvironmentError extends Error {
  readonly code: "env.missing" | "env.malformed";
  readonly variable: string;
  constructor(code: "env.missing" | "env.malformed", variable: string) {
    super(`${code} ${variable}`);
    this.name = "EnvironmentError";
    this.code = code;
    this.variable = variable;
  }
}

/** Address of the database from DATABASE_URL, or null when none is set and the embedded one is meant. */
export function givenDatabaseUrl(): string | null {
  const given = process.env.DATABASE_URL;
  if (given === undefined || given === "") return null;
  if (!DatabaseUrlSchema.safeParse(given).success) throw new EnvironmentError("env.malformed", "DATABASE_URL");
  return given;
}

/** For the web server and workers, which are given a database by whoever starts them. Throws EnvironmentError. */
export function readEnv(): Environment {
  const databaseUrl = givenDatabaseUrl();
  if (databaseUrl === null) throw new EnvironmentError("env.missing", "DATABASE_URL");
  return { databaseUrl };
}

/** Where the embedded database, logs and marks lie: DUECOURSE_DATA_DIR, else `.data`. May be deleted to start over. */
export function dataDirectory(): string {
  const given = process.env.DUECOURSE_DATA_DIR;
  return resolve(given === undefined || given === "" ? DATA_DIRECTORY_DEFAULT : given);
}

const OPS_HOST_DEFAULT = "127.0.0.1";
const PORT_MAX = 65_535;

/**
 * Where a worker answers those who watch it: DUECOURSE_OPS_PORT, on this machine only unless DUECOURSE_OPS_HOST says otherwise.
 * Null = nowhere. Throws EnvironmentError.
 */
export function workerDoorAt(): { readonly host: string; readonly port: number } | null {
  const given = process.env.DUECOURSE_OPS_PORT;
  if (given === undefined || given === "") return null;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX) {
    throw new EnvironmentError("env.malformed", "DUECOURSE_OPS_PORT");
  }
  return { host: process.env.DUECOURSE_OPS_HOST ?? OPS_HOST_DEFAULT, port };
}
