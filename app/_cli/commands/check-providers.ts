import { adapterOf } from "#engine/providers/channels-config";
import { outboxOf } from "../../_server/agency/outbox";
import type { Command } from "../command";
import { channelsOfFile } from "../providers-file";

/** Longest one provider may take to answer. */
const DEADLINE_MS = 10_000;

/** `due providers`: asks every provider of the file whether it lets us in and agrees with what the file says. Nobody is contacted. */
export const checkProviders: Command = {
  usage: "usage.providers",
  options: {},
  takes: 0,
  run: async ({ words }) => {
    const channels = channelsOfFile();
    const { providers } = channels;
    const checked = await Promise.all(
      Object.entries(providers).map(async ([name, config]) => {
        const health = await adapterOf(name, config).check({ signal: AbortSignal.timeout(DEADLINE_MS) });
        return { name, kind: config.kind, channel: config.channel, ...health };
      }),
    );
    const outbox = outboxOf(channels);
    const problem = outbox.ok ? await outbox.value.check() : null;
    const agencies = outbox.ok ? { ok: problem === null, problems: problem === null ? [] : [problem] } : null;
    const said = checked.map(({ name, kind, channel, ok, problems }) =>
      ok
        ? words.say("providers.ok", { name, kind, channel })
        : words.say("providers.problem", { name, kind, channel, problems: problems.join(", ") }),
    );
    const ofAgencies = problem === null ? "providers.outbox-ok" : "providers.outbox-problem";
    const lines = agencies === null ? said : [...said, words.say(ofAgencies, { reason: problem ?? "" })];
    return {
      exit: checked.every(({ ok }) => ok) && problem === null ? 0 : 1,
      json: { providers: checked, ...(agencies === null ? {} : { agencies }) },
      lines: lines.length === 0 ? [words.say("providers.none")] : lines,
    };
  },
};
