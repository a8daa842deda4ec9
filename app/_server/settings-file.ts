import { readFileSync, statSync } from "node:fs";
import type { z } from "zod";
import { EnvironmentError } from "./env";

/** A hundred systems with their simulated answers fit in easily. */
const FILE_BYTES_MAX = 1024 * 1024;

/** What the JSON file an environment variable names holds; null when it names none. Throws EnvironmentError. */
export function readSettingsFile<TSchema extends z.ZodType>(
  variable: string,
  schema: TSchema,
): z.output<TSchema> | null {
  const path = process.env[variable];
  if (path === undefined || path === "") return null;
  let value: unknown;
  try {
    if (statSync(path).size > FILE_BYTES_MAX) throw new EnvironmentError("env.malformed", variable);
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // Neither the path's content nor the parser's message: both may hold a secret.
    throw new EnvironmentError("env.malformed", variable);
  }
  const read = schema.safeParse(value);
  if (!read.success) throw new EnvironmentError("env.malformed", variable);
  return read.data;
}
