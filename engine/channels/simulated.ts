import { NORMAL_RESULTS } from "../model/contact-result";
import type { Channel } from "../model/content";
import { draw } from "../model/draw";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../model/time";
import { CHANNEL_CONTRACT, type ChannelAdapter, type SendOutcome, type SendRequest } from "../ports/channel";
import { contentIssues, priceAtMost, refusalOf } from "./request-check";
import { respond } from "./respond";
import type { SimulatedFaults } from "./simulated-faults";

/** What a provider that sends too much back asks us to wait. */
const THROTTLED_MS = 30 * SECOND_MS;
/** A busy provider is asked again after a while, and by then may be free: its mood lasts as long. */
const MOOD_MS = 5 * MINUTE_MS;
/** How late a late result is. */
const LATE_MS = 3 * DAY_MS;

type Fault = keyof SimulatedFaults;
const SENDING_FAULTS = ["busy", "throttled", "serverError", "timeoutAccepted", "garbage"] as const;
const TELLING_FAULTS = ["duplicate", "late", "early"] as const;

export type SimulatedSetting = { readonly seed: number; readonly faults?: SimulatedFaults };

function drawFault<TFault extends Fault>(among: readonly TFault[], faults: SimulatedFaults, drawn: number) {
  let left = drawn;
  for (const fault of among) {
    left -= faults[fault] ?? 0;
    if (left < 0) return fault;
  }
  return null;
}

function accept(request: SendRequest, { seed, faults = {} }: SimulatedSetting): SendOutcome {
  const { outcome, delayMs, costMinor } = respond({
    channel: request.channel,
    ...request.simulation,
    draw: (kind) => draw(seed, request.partyId, `${kind}:${request.key}`),
    text: request.text,
  });
  const told = drawFault(TELLING_FAULTS, faults, draw(seed, request.partyId, `fault.tell:${request.key}`));
  const atMs = request.nowMs + (told === "early" ? 0 : told === "late" ? delayMs + LATE_MS : delayMs);
  const ref = `sim-${request.channel}-${request.key}`;
  const event = { eventId: `${ref}-1`, key: request.key, outcome, atMs };
  return { kind: "accepted", ref, costMinor, announced: told === "duplicate" ? [event, event] : [event] };
}

/** What a faulty provider does instead of answering; null = it answers. An unclear outcome happens to a key once. */
function faultyAnswer(request: SendRequest, { seed, faults = {} }: SimulatedSetting): SendOutcome | null {
  const mood = Math.floor(request.nowMs / MOOD_MS);
  const drawn = draw(seed, request.partyId, `fault.send:${request.key}:${mood}`);
  const fault = drawFault(SENDING_FAULTS, faults, drawn);
  switch (fault) {
    case null:
      return null;
    case "busy":
      return { kind: "rejected", code: "busy", retryable: true };
    case "throttled":
      return { kind: "rejected", code: "throttled", retryable: true, retryAfterMs: THROTTLED_MS };
    case "serverError":
    case "timeoutAccepted":
    case "garbage":
      // Nobody can tell from outside whether it was taken.
      return request.resent > 0 ? null : { kind: "unknown" };
    default:
      throw fault satisfies never;
  }
}

/**
 * A provider that contacts nobody. It takes simulated addresses only (`simulated-only` otherwise), answers by the labelled
 * assumptions of `responses.json`, and answers the same key the same way, so that asking twice is harmless. Faults, where they
 * are asked for, are drawn from the same seed.
 */
export function simulatedChannel(channel: Channel, setting: SimulatedSetting): ChannelAdapter {
  const kind = { channel, simulated: true };
  return {
    id: `simulated-${channel}`,
    contract: CHANNEL_CONTRACT,
    ...kind,
    capabilities: {
      idempotency: "key",
      queryDelayMs: 0,
      callbacks: "none",
      cancel: false,
      maxPerSecond: null,
      maxConcurrent: null,
      results: NORMAL_RESULTS,
      personalData: [],
    },
    validate: (content) => contentIssues(channel, content),
    estimate: ({ text }) => priceAtMost(channel, text),
    send: async (request) => {
      const code = refusalOf(kind, request);
      if (code !== null) return { kind: "rejected", code, retryable: false };
      return faultyAnswer(request, setting) ?? accept(request, setting);
    },
    check: async () => ({ ok: true, problems: [] }),
  };
}
