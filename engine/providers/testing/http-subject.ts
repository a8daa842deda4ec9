import type { Channel } from "../../model/content";
import type { ChannelAdapter } from "../../ports/channel";
import { type ConformanceSubject, PROVIDER_FAULTS, type Taken } from "../../testing/channel-conformance";
import { HttpChannelConfigSchema } from "../http-channel/config";
import { httpChannel } from "../http-channel/http-channel";
import { startListening } from "./child";
import { openHook } from "./hook";

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

type Contact = { readonly key: string; readonly to: { readonly address: string } } & Pick<Taken, "subject" | "text">;

/** The example provider in a process of its own, and the adapter that speaks to it. */
export async function exampleProvider(channel: Channel): Promise<ConformanceSubject> {
  let adapter: ChannelAdapter | null = null;
  const hook = await openHook(() => {
    if (adapter === null) throw new Error("nobody was sent to yet");
    return adapter;
  });
  const provider = await startListening(["docs/examples/provider/provider.mjs"], {
    PROVIDER_SECRET: SECRET,
    PROVIDER_PORT: "0",
    PROVIDER_CHANNEL: channel,
    PROVIDER_CALLBACK: hook.url,
    PROVIDER_DELAY_MS: "10",
  });
  const url = `http://127.0.0.1:${provider.port}`;
  adapter = httpChannel(
    "acme",
    HttpChannelConfigSchema.parse({ kind: "http", channel, url, secrets: [SECRET], allowLoopback: true }),
  );
  const control = async (path: string, body: object): Promise<readonly Contact[]> => {
    const answer = await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) });
    return ((await answer.json()) as { contacts: readonly Contact[] }).contacts;
  };
  return {
    adapter,
    faults: PROVIDER_FAULTS,
    addresses:
      channel === "email"
        ? { good: "ann@example.com", refused: null }
        : { good: "+8613800138001", refused: "+8613800000000" },
    taken: async () =>
      (await control("/_look", {})).map(({ key, to, subject, text }) => ({ key, address: to.address, subject, text })),
    setFault: async (fault) => void (await control("/_fault", { fault })),
    forget: async () => void (await control("/_forget", {})),
    heard: () => ({ events: hook.events, turnedAway: hook.refusals.length }),
    close: async () => {
      await provider.close();
      await hook.close();
    },
  };
}
