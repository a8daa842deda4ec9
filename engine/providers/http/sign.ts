import { createHmac, timingSafeEqual } from "node:crypto";
import { MINUTE_MS } from "../../model/time";

/** What `whsec_` secrets begin with (Standard Webhooks). */
const SECRET_PREFIX = "whsec_";
/** Least and most bytes of a secret (Standard Webhooks: 24 to 64). */
const SECRET_BYTES = { least: 24, most: 64 } as const;
/** How far a message's time may be from ours: room for clocks, none for somebody who kept an old message. */
const TIMESTAMP_TOLERANCE_MS = 5 * MINUTE_MS;
/** Signatures of one message that are looked at; a sender that is changing its secret sends two. */
const SIGNATURES_MAX = 8;

/** Bytes of a secret written `whsec_<base64>`, or null when it is not one. */
export function secretBytes(secret: string): Buffer | null {
  if (!secret.startsWith(SECRET_PREFIX)) return null;
  const text = secret.slice(SECRET_PREFIX.length);
  const bytes = Buffer.from(text, "base64");
  const isWhole = bytes.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "");
  return isWhole && bytes.length >= SECRET_BYTES.least && bytes.length <= SECRET_BYTES.most ? bytes : null;
}

export type Signed = { readonly id: string; readonly timestampSeconds: number; readonly body: string | Uint8Array };

function macOf(secret: Buffer, { id, timestampSeconds, body }: Signed): Buffer {
  return createHmac("sha256", secret).update(`${id}.${timestampSeconds}.`).update(body).digest();
}

/** Headers of a signed message: id, time and the HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks, v1). */
export function signatureHeaders(secret: Buffer, signed: Signed) {
  return {
    "webhook-id": signed.id,
    "webhook-timestamp": String(signed.timestampSeconds),
    "webhook-signature": `v1,${macOf(secret, signed).toString("base64")}`,
  };
}

export type SignedMessage = {
  readonly headers: { readonly [name: string]: string };
  /** The bytes as they came: white space counts. */
  readonly body: Uint8Array;
  readonly nowMs: number;
};

/**
 * Whether a message was signed with one of the secrets, lately, and has not been changed since. Takes the same time wherever a
 * wrong signature differs.
 */
export function isSigned(secrets: readonly Buffer[], { headers, body, nowMs }: SignedMessage): boolean {
  const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signatures } = headers;
  if (id === undefined || id === "" || time === undefined || signatures === undefined) return false;
  if (!/^\d{1,12}$/.test(time)) return false;
  const timestampSeconds = Number(time);
  if (Math.abs(nowMs - timestampSeconds * 1000) > TIMESTAMP_TOLERANCE_MS) return false;
  const given = signatures
    .split(" ", SIGNATURES_MAX)
    .flatMap((one) => (one.startsWith("v1,") ? [Buffer.from(one.slice("v1,".length), "base64")] : []));
  return secrets.some((secret) => {
    const expected = macOf(secret, { id, timestampSeconds, body });
    return given.some((mac) => mac.length === expected.length && timingSafeEqual(mac, expected));
  });
}
