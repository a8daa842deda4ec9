import { adapterOf, type ChannelsConfig } from "#engine/providers/channels-config";
import { readChannels } from "../../_server/channels";
import { EnvironmentError } from "../../_server/env";
import { type Command, UsageError } from "../command";

/** Longest one provider may take to answer. */
const DEADLINE_MS = 10_000;

function channelsOfFile(): ChannelsConfig {
  try {
    return readChannels();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    throw new UsageError(error.code, "providers.file-malformed", { variable: error.variable });
  }
}

/** `due providers`: asks every provider of the file whether it lets us in and agrees with what the file says. Nobody is contacted. */
export const checkProviders: Command = {
  usage: "usage.providers",
  options: {},
  takes: 0,
  run: async ({ words }) => {
    const { providers } = channelsOfFile();
    const checked = await Promise.all(
      Object.entries(providers).map(async ([name, config]) => {
        const health = await adapterOf(name, config).check({ signal: AbortSignal.timeout(DEADLINE_MS) });
        return { name, kind: config.kind, channel: config.channel, ...health };
      }),
    );
    const lines = checked.map(({ name, kind, channel, ok, problems }) =>
      ok
        ? words.say("providers.ok", { name, kind, channel })
        : words.say("providers.problem", { name, kind, channel, problems: problems.join(", ") }),
    );
    return {
      exit: checked.every(({ ok }) => ok) ? 0 : 1,
      json: { providers: checked },
      lines: lines.length === 0 ? [words.say("providers.none")] : lines,
    };
  },
};
