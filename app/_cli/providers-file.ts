import type { ChannelsConfig } from "#engine/providers/channels-config";
import { readChannels } from "../_server/channels";
import { EnvironmentError } from "../_server/env";
import { UsageError } from "./command";

/** The file of providers. Throws UsageError when it cannot be read as one. */
export function channelsOfFile(): ChannelsConfig {
  try {
    return readChannels();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    throw new UsageError(error.code, "providers.file-malformed", { variable: error.variable });
  }
}
