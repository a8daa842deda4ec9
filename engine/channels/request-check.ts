import type { Channel } from "../model/content";
import { type Issue, issue } from "../model/issue";
import type { SendRequest } from "../ports/channel";
import { channelOf } from ".";

/** Addresses that cannot exist outside the simulation. */
const SIMULATED_ADDRESS = /^sim:\d{1,32}$/;

/** A number with its country, as intake writes it (E.164). */
const PHONE = /^\+[1-9]\d{6,14}$/;

export type AdapterKind = { readonly channel: Channel; readonly simulated: boolean };

/** Why no adapter of its kind may take a request, or null. A refusal leaves no contact behind. */
export function refusalOf({ channel, simulated }: AdapterKind, request: SendRequest): string | null {
  const { to, subject, text, nowMs, notAfterMs } = request;
  if (request.channel !== channel) return "channel-mismatch";
  const isSimulated = to.simulated && SIMULATED_ADDRESS.test(to.address);
  if (simulated && !isSimulated) return "simulated-only";
  if (!simulated && (to.simulated || SIMULATED_ADDRESS.test(to.address))) return "real-only";
  if (to.kind !== channelOf(channel).contactPoint) return "address-kind";
  if (!simulated && to.kind === "phone" && !PHONE.test(to.address)) return "address-invalid";
  if (text.trim() === "") return "text-empty";
  if (channelOf(channel).subjectMax !== null && (subject ?? "").trim() === "") return "subject-missing";
  if (nowMs > notAfterMs) return "too-late";
  return null;
}

/** What is wrong with a content on a channel before anybody is contacted. */
export function contentIssues(
  channel: Channel,
  { id, subject, text }: { readonly id: string; readonly subject: string | null; readonly text: string },
): readonly Issue[] {
  const { textMax, subjectMax } = channelOf(channel);
  const at = { content: id };
  return [
    ...(text.trim() === "" ? [issue("content.empty", {}, at)] : []),
    ...(text.length > textMax ? [issue("content.too-long", {}, { ...at, length: text.length, limit: textMax })] : []),
    ...(subjectMax !== null && (subject ?? "").trim() === "" ? [issue("content.subject-missing", {}, at)] : []),
    ...(subjectMax !== null && (subject ?? "").length > subjectMax
      ? [issue("content.too-long", {}, { ...at, length: (subject ?? "").length, limit: subjectMax })]
      : []),
  ];
}

/** Most one contact can cost by the price list, whatever comes of it; whole minor units. */
export function priceAtMost(channel: Channel, text: string): number {
  const { outcomes, costMinor } = channelOf(channel);
  return Math.max(...Object.values(outcomes).map((outcome) => costMinor({ outcome, text })));
}
