import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { SECOND_MS } from "../../model/time";
import type { Address } from "./addresses";

/** Largest answer that is read: a decision and a few values, with room to spare. */
export const ANSWER_BYTES_MAX = 64 * 1024;
/** Longest pause a system may ask for; a longer one is taken for this. */
const RETRY_AFTER_MAX_SECONDS = 3600;

export type Question = {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly address: Address;
  readonly headers: { readonly [name: string]: string };
  /** Null = none. */
  readonly body: string | null;
  readonly signal: AbortSignal;
  /** Statuses whose body is read; of the others the status is all that is looked at. */
  readonly reads: (status: number) => boolean;
};

/** What came back, unread; or why nothing usable did. `unsent`: nothing of the question left this machine. */
export type Exchanged =
  | { readonly kind: "body"; readonly status: number; readonly retryAfterMs: number | null; readonly bytes: Buffer }
  | { readonly kind: "status"; readonly status: number; readonly retryAfterMs: number | null }
  | {
      readonly kind: "unusable";
      readonly status: number;
      readonly reason: "content-type" | "content-encoding" | "too-large";
    }
  | { readonly kind: "unsent" };

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i;

/**
 * One question to one address, on a connection of its own. Follows no redirect, reads no more than `ANSWER_BYTES_MAX`, and reads a
 * body only where it is wanted and says it is JSON. Rejects when the connection broke after it stood, or was aborted.
 */
export function exchangeOnce(question: Question): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    let stood = false;
    const request = begin(question, (response) => {
      const unread = unreadAnswer(response, question.reads);
      if (unread !== null) {
        response.destroy();
        resolve(unread);
        return;
      }
      readBody(response).then(resolve, reject);
    });
    const isTls = question.url.protocol === "https:";
    request.on("socket", (socket) => socket.once(isTls ? "secureConnect" : "connect", () => (stood = true)));
    request.on("error", (error) => {
      if (stood || question.signal.aborted) reject(error);
      else resolve({ kind: "unsent" });
    });
    request.end(question.body ?? undefined);
  });
}

function begin(
  { method, url, address, headers, body, signal }: Question,
  heard: (response: IncomingMessage) => void,
): ClientRequest {
  // The name was resolved and checked before; the connection goes to that address and nowhere else.
  const pinned: LookupFunction = (_hostname, options, callback) => {
    if (options.all === true) callback(null, [address]);
    else callback(null, address.address, address.family);
  };
  const described =
    body === null
      ? {}
      : { "content-type": "application/json; charset=utf-8", "content-length": String(Buffer.byteLength(body)) };
  const options = {
    method,
    headers: { ...headers, accept: "application/json", "accept-encoding": "identity", ...described },
    agent: false,
    lookup: pinned,
    signal,
  } as const;
  return url.protocol === "http:" ? requestHttp(url, options, heard) : requestHttps(url, options, heard);
}

function unreadAnswer(response: IncomingMessage, reads: Question["reads"]): Exchanged | null {
  const { statusCode: status = 0, headers } = response;
  if (!reads(status)) return { kind: "status", status, retryAfterMs: retryAfterOf(response) };
  if (!JSON_TYPE.test(headers["content-type"] ?? "")) return { kind: "unusable", status, reason: "content-type" };
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") return { kind: "unusable", status, reason: "content-encoding" };
  const length = Number(headers["content-length"] ?? 0);
  return length > ANSWER_BYTES_MAX ? { kind: "unusable", status, reason: "too-large" } : null;
}

/** `Retry-After` in seconds; its other form, a date, is left alone: clocks differ. */
function retryAfterOf({ headers }: IncomingMessage): number | null {
  const written = headers["retry-after"] ?? "";
  return /^\d{1,9}$/.test(written) ? Math.min(RETRY_AFTER_MAX_SECONDS, Number(written)) * SECOND_MS : null;
}

async function readBody(response: IncomingMessage): Promise<Exchanged> {
  const status = response.statusCode ?? 0;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > ANSWER_BYTES_MAX) {
      response.destroy();
      return { kind: "unusable", status, reason: "too-large" };
    }
    chunks.push(bytes);
  }
  return { kind: "body", status, retryAfterMs: retryAfterOf(response), bytes: Buffer.concat(chunks) };
}
