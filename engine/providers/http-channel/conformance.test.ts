import { describe } from "vitest";
import { CHANNELS, type Channel } from "../../model/content";
import type { ChannelAdapter } from "../../ports/channel";
import { channelConformance } from "../../testing/channel-conformance";
import { openHook } from "../testing/hook";
import { exampleProvider } from "../testing/http-subject";
import { HttpChannelConfigSchema } from "./config";
import { httpChannel } from "./http-channel";

channelConformance("the example provider over HTTP, for SMS", () => exampleProvider("sms"));
channelConformance("the example provider over HTTP, for email", () => exampleProvider("email"));

/** A vendor's own provider, held against the same rules: `docs/guide/channels`. */
const { DUECOURSE_CONFORMANCE_URL: url, DUECOURSE_CONFORMANCE_SECRET: secret } = process.env;
const { DUECOURSE_CONFORMANCE_CHANNEL: named, DUECOURSE_CONFORMANCE_ADDRESS: good } = process.env;
const HOOK_PORT = Number(process.env.DUECOURSE_CONFORMANCE_HOOK_PORT ?? "4011");

describe.runIf(url !== undefined)("the provider at DUECOURSE_CONFORMANCE_URL", () => {
  channelConformance("the provider under test", async () => {
    const channel: Channel = CHANNELS.find((one) => one === named) ?? "sms";
    const adapter: ChannelAdapter = httpChannel(
      "under-test",
      HttpChannelConfigSchema.parse({ kind: "http", channel, url, secrets: [secret], allowLoopback: true }),
    );
    const hook = await openHook(() => adapter, HOOK_PORT);
    return {
      adapter,
      faults: [],
      addresses: { good: good ?? "+8613800138001", refused: null },
      taken: null,
      setFault: async () => undefined,
      forget: async () => undefined,
      heard: () => ({ events: hook.events, turnedAway: hook.refusals.length }),
      close: hook.close,
    };
  });
});
