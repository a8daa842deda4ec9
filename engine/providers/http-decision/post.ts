import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import type { Address } from "./addresses";

/** Largest answer that is read: a decision and a few values, with room to spare. */
export const ANSWER_BYTES_MAX = 64 * 1024;

export type Post = {
  readonly url: URL;
  readonly address: Address;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  readonly signal: AbortSignal;
};

/** What came back, unread; or why nothing usable did. Never throws but for an aborted or broken connection. */
export type Posted =
  | { readonly kind: "body"; readonly bytes: Buffer }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "unusable"; readonly reason: "content-type" | "content-encoding" | "too-large" };

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i;

/**
 * One POST to one address, on a connection of its own. Follows no redirect, reads no more than `ANSWER_BYTES_MAX`, and reads a
 * body only of a 200 that says it is JSON.
 */
export function postOnce(post: Post): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const request = begin(post, (response) => {
      const refused = refusalOf(response);
      if (refused !== null) {
        response.destroy();
        resolve(refused);
        return;
      }
      readBody(response).then(resolve, reject);
    });
    request.on("error", reject);
    request.end(post.body);
  });
}

function begin(
  { url, address, headers, body, signal }: Post,
  heard: (response: IncomingMessage) => void,
): ClientRequest {
  // The name was resolved and checked before; the connection goes to that address and nowhere else.
  const pinned: LookupFunction = (_hostname, options, callback) => {
    if (options.all === true) callback(null, [address]);
    else callback(null, address.address, address.family);
  };
  const options = {
    method: "POST",
    headers: {
      ...headers,
      accept: "application/json",
      "accept-encoding": "identity",
      "content-type": "application/json; charset=utf-8",
      "content-length": String(Buffer.byteLength(body)),
    },
    agent: false,
    lookup: pinned,
    signal,
  } as const;
  return url.protocol === "http:" ? requestHttp(url, options, heard) : requestHttps(url, options, heard);
}

function refusalOf({ statusCode = 0, headers }: IncomingMessage): Posted | null {
  if (statusCode !== 200) return { kind: "status", status: statusCode };
  if (!JSON_TYPE.test(headers["content-type"] ?? "")) return { kind: "unusable", reason: "content-type" };
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") return { kind: "unusable", reason: "content-encoding" };
  const length = Number(headers["content-length"] ?? 0);
  return length > ANSWER_BYTES_MAX ? { kind: "unusable", reason: "too-large" } : null;
}

async function readBody(response: IncomingMessage): Promise<Posted> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > ANSWER_BYTES_MAX) {
      response.destroy();
      return { kind: "unusable", reason: "too-large" };
    }
    chunks.push(bytes);
  }
  return { kind: "body", bytes: Buffer.concat(chunks) };
}
