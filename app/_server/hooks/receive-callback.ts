import type { CallbackStore } from "#engine/ports/callbacks";
import type { ChannelAdapter } from "#engine/ports/channel";

/** Largest callback that is read: five thousand events with room for what providers add to them. */
export const CALLBACK_BYTES_MAX = 4 * 1024 * 1024;

/** What a callback came to. `status` is the HTTP answer; the code is for the log and the provider. */
export type CallbackAnswer =
  | { readonly status: 200; readonly received: number; readonly stored: number }
  | { readonly status: 401 | 404 | 413 | 415 | 422; readonly code: string };

export type CallbackDoor = {
  readonly adapterOf: (integration: string) => ChannelAdapter | null;
  readonly callbacks: CallbackStore;
  /** Real time: a signature is only good for minutes. */
  readonly now: () => number;
};

/**
 * Lets a provider's callback in, or turns it away before anything changes: unknown provider 404, too large 413, packed 415, not
 * signed 401, unreadable 422. What is let in is stored, each event once, and taken up by a worker; so a callback may come before
 * `send` has its answer, twice, or weeks late.
 */
export async function receiveCallback(
  door: CallbackDoor,
  integration: string,
  request: Request,
): Promise<CallbackAnswer> {
  const adapter = door.adapterOf(integration);
  const { verify, parse } = adapter ?? {};
  if (verify === undefined || parse === undefined) return { status: 404, code: "unknown-integration" };
  // What was signed are the bytes that are read: nothing between them unpacks.
  if ((request.headers.get("content-encoding") ?? "identity") !== "identity") return { status: 415, code: "encoded" };
  const body = await bodyOf(request);
  if (body === null) return { status: 413, code: "too-large" };
  const headers = Object.fromEntries(request.headers);
  const callback = { headers, body, nowMs: door.now() };
  if (!verify(callback)) return { status: 401, code: "signature" };
  const parsed = parse(callback);
  if (parsed.kind === "unreadable") return { status: parsed.code === "too-many" ? 413 : 422, code: parsed.code };
  const stored = await door.callbacks.put(integration, parsed.events);
  return { status: 200, received: parsed.events.length, stored };
}

/** The body's bytes, read no further than the bound; null = it is larger, whatever it says of its own length. */
async function bodyOf(request: Request): Promise<Uint8Array | null> {
  if (Number(request.headers.get("content-length") ?? 0) > CALLBACK_BYTES_MAX) return null;
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > CALLBACK_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
