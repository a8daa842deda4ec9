import { type Integrations, IntegrationsSchema } from "#engine/providers/http-decision/integration";
import type { SimulationInput } from "#engine/simulate/input";
import { readSettingsFile } from "./settings-file";

/** Systems that decide, from the file `DUECOURSE_INTEGRATIONS_FILE` names: name -> `{ url, secret, simulated? }`. Throws EnvironmentError. */
export function readIntegrations(): Integrations {
  return readSettingsFile("DUECOURSE_INTEGRATIONS_FILE", IntegrationsSchema) ?? {};
}

/** What those systems are declared to answer in a simulation; no address and no secret. */
export function simulatedAnswers(integrations: Integrations): NonNullable<SimulationInput["integrations"]> {
  return Object.fromEntries(Object.entries(integrations).map(([name, { simulated }]) => [name, simulated]));
}
