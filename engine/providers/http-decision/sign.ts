import { createHmac } from "node:crypto";

/** What `whsec_` secrets begin with (Standard Webhooks). */
const SECRET_PREFIX = "whsec_";
/** Least and most bytes of a secret (Standard Webhooks: 24 to 64). */
const SECRET_BYTES = { least: 24, most: 64 } as const;

/** Bytes of a secret written `whsec_<base64>`, or null when it is not one. */
export function secretBytes(secret: string): Buffer | null {
  if (!secret.startsWith(SECRET_PREFIX)) return null;
  const text = secret.slice(SECRET_PREFIX.length);
  const bytes = Buffer.from(text, "base64");
  const isWhole = bytes.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "");
  return isWhole && bytes.length >= SECRET_BYTES.least && bytes.length <= SECRET_BYTES.most ? bytes : null;
}

export type Signed = { readonly id: string; readonly timestampSeconds: number; readonly body: string };

/** Headers of a signed message: id, time and the HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks, v1). */
export function signatureHeaders(secret: Buffer, { id, timestampSeconds, body }: Signed) {
  const signature = createHmac("sha256", secret).update(`${id}.${timestampSeconds}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestampSeconds),
    "webhook-signature": `v1,${signature}`,
  };
}
