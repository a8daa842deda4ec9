import { type ChannelsConfig, ChannelsConfigSchema } from "#engine/providers/channels-config";
import { readSettingsFile } from "./settings-file";

/** Providers that carry contacts, from the file `DUECOURSE_CHANNELS_FILE` names (`docs/guide/channels`). Throws EnvironmentError. */
export function readChannels(): ChannelsConfig {
  return readSettingsFile("DUECOURSE_CHANNELS_FILE", ChannelsConfigSchema) ?? { providers: {}, simulated: {}, qa: {} };
}
