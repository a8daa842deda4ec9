import type { Channel } from "../model/content";
import { draw } from "../model/draw";
import type { ChannelPort, SendOutcome, SendRequest } from "../ports/channel";
import { channelOf } from ".";
import { respond } from "./respond";

/** Addresses that cannot exist outside the simulation. */
const SIMULATED_ADDRESS = /^sim:\d{1,32}$/;

/** Why a request is refused, or null. A refusal leaves no contact behind. */
function refusalOf(channel: Channel, request: SendRequest): string | null {
  if (request.channel !== channel) return "channel-mismatch";
  if (!request.to.simulated || !SIMULATED_ADDRESS.test(request.to.address)) return "simulated-only";
  if (request.to.kind !== channelOf(channel).contactPoint) return "address-kind";
  if (request.text.trim() === "") return "text-empty";
  if (channelOf(channel).subjectMax !== null && (request.subject ?? "").trim() === "") return "subject-missing";
  if (request.nowMs > request.notAfterMs) return "too-late";
  return null;
}

function accept(request: SendRequest, seed: number): SendOutcome {
  const { outcome, delayMs, costMinor } = respond({
    channel: request.channel,
    dpd: request.simulation.dpd,
    attempt: request.simulation.attempt,
    draw: (kind) => draw(seed, request.partyId, `${kind}:${request.key}`),
    text: request.text,
  });
  const ref = `sim-${request.channel}-${request.key}`;
  const event = { eventId: `${ref}-1`, key: request.key, outcome, atMs: request.nowMs + delayMs };
  return { kind: "accepted", ref, costMinor, announced: [event] };
}

/**
 * A provider that contacts nobody. It takes simulated addresses only (`simulated-only` otherwise), answers by the labelled
 * assumptions of `responses.json`, and answers the same key the same way, so that asking twice is harmless.
 */
export function simulatedChannel(channel: Channel, seed: number): ChannelPort {
  return {
    id: `simulated-${channel}`,
    channel,
    simulated: true,
    send: async (request) => {
      const code = refusalOf(channel, request);
      return code === null ? accept(request, seed) : { kind: "rejected", code, retryable: false };
    },
  };
}
