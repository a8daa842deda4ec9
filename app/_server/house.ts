import { z } from "zod";
import { CHANNELS } from "#engine";
import { POLICY_ACTORS } from "#engine/model/market-pack";
import type { HouseStanding } from "#engine/model/policy";
import { readSettingsFile } from "./settings-file";

const HouseSchema = z.strictObject({
  actor: z.enum(POLICY_ACTORS).exactOptional(),
  licence: z.string().min(1).max(40).exactOptional(),
  recordedChannels: z.array(z.enum(CHANNELS)).max(CHANNELS.length).exactOptional(),
});

/**
 * What the house says of itself to the rules, from the file `DUECOURSE_HOUSE_FILE` names (`docs/guide/rules`). Without it nothing is
 * known, and rules for any house apply. Throws EnvironmentError.
 */
export function readHouse(): HouseStanding {
  return readSettingsFile("DUECOURSE_HOUSE_FILE", HouseSchema) ?? {};
}
