import { betterResult, isTerminal, type KnownResult } from "../model/contact-result";
import type { Channel } from "../model/content";
import type { StatusEvent } from "../ports/channel";
import { channelOf } from ".";

/** Results of somebody or something having picked up, or having opened the door. */
const PICKED_UP: ReadonlySet<string> = new Set(["answered", "machine"]);

/**
 * The channel's code for what is known of a contact; null = nothing has ended yet, or it ended in a way the channel does not
 * tell apart. A provider's own code counts where the channel knows it and it does not contradict the result.
 */
export function outcomeCodeOf(channel: Channel, known: KnownResult): string | null {
  if (!isTerminal(known.result)) return null;
  const { outcomes, results, means } = channelOf(channel);
  const own = known.outcome !== null && Object.hasOwn(outcomes, known.outcome) ? outcomes[known.outcome] : undefined;
  const agrees = means === "message" || own?.connected === PICKED_UP.has(known.result);
  return own !== undefined && agrees ? known.outcome : (results[known.result] ?? null);
}

/**
 * What is known of a contact after some more events: the best of all, whatever order they come in and however often. Events of
 * the future are taken as of now, so that a provider whose clock is ahead keeps nothing back.
 */
export function foldResults(
  channel: Channel,
  before: KnownResult | null,
  { events, nowMs }: { readonly events: readonly StatusEvent[]; readonly nowMs: number },
): KnownResult | null {
  return events.reduce<KnownResult | null>((known, { result, outcome, atMs, eventId }) => {
    const heard = { result, outcome, atMs: Math.min(atMs, nowMs), eventId };
    return known === null ? heard : betterResult(channel, known, heard);
  }, before);
}
