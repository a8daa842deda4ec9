import { readFileSync, statSync } from "node:fs";
import { type Integrations, IntegrationsSchema } from "#engine/providers/http-decision/integration";
import type { SimulationInput } from "#engine/simulate/input";
import { EnvironmentError } from "./env";

/** Names the file that says which systems decide: name -> `{ url, secret, simulated? }`. */
const VARIABLE = "DUECOURSE_INTEGRATIONS_FILE";
/** A hundred systems with their simulated answers fit in easily. */
const FILE_BYTES_MAX = 1024 * 1024;

/** Systems that decide, from the file the environment names; none when it names none. Throws EnvironmentError. */
export function readIntegrations(): Integrations {
  const path = process.env[VARIABLE];
  if (path === undefined || path === "") return {};
  let value: unknown;
  try {
    if (statSync(path).size > FILE_BYTES_MAX) throw new EnvironmentError("env.malformed", VARIABLE);
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // Neither the path's content nor the parser's message: both may hold a secret.
    throw new EnvironmentError("env.malformed", VARIABLE);
  }
  const read = IntegrationsSchema.safeParse(value);
  if (!read.success) throw new EnvironmentError("env.malformed", VARIABLE);
  return read.data;
}

/** What those systems are declared to answer in a simulation; no address and no secret. */
export function simulatedAnswers(integrations: Integrations): NonNullable<SimulationInput["integrations"]> {
  return Object.fromEntries(Object.entries(integrations).map(([name, { simulated }]) => [name, simulated]));
}
