import type { Channel } from "../model/content";
import type { ChannelPort } from "../ports/channel";

/** Who holds work and contacts that lie open in the house until people do them. */
export const HOUSE_DESK = "house";

/**
 * People's calls and visits where no outside provider makes them: each lies open in the house, under its key, until somebody ends it
 * or its step's deadline does. Taking it twice is taking it once.
 */
export function houseDesk(channel: Channel): ChannelPort {
  return {
    id: HOUSE_DESK,
    channel,
    simulated: false,
    capabilities: {
      idempotency: "key",
      queryDelayMs: 0,
      callbacks: "none",
      cancel: true,
      maxPerSecond: null,
      maxConcurrent: null,
      results: [],
      personalData: ["phone", "address", "name"],
    },
    // Nobody has called yet: an ended call has its result and is not asked about.
    cancel: async () => "cancelled",
    send: async ({ key }) => ({ kind: "accepted", ref: key, costMinor: 0, announced: [] }),
  };
}
