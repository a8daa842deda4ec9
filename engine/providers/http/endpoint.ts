import { isLoopback, openAddressOf, type Resolve, resolveHost } from "./addresses";
import { type Exchanged, exchangeOnce, type Question } from "./exchange";
import { signatureHeaders } from "./sign";

export type EndpointOptions = {
  readonly resolve?: Resolve;
  /** For tests and for trying things out on one machine: http and this machine. */
  readonly allowLoopback?: boolean;
  /** Real time for the signature; receivers refuse messages that are old. */
  readonly now?: () => number;
};

/** Another system, asked over HTTPS. */
export type Endpoint = { readonly secret: Buffer } & Required<EndpointOptions>;

export function endpointOf(secret: Buffer, options: EndpointOptions): Endpoint {
  return {
    secret,
    resolve: options.resolve ?? resolveHost,
    allowLoopback: options.allowLoopback ?? false,
    now: options.now ?? Date.now,
  };
}

export type SignedQuestion = Omit<Question, "address"> & {
  /** Id of the message (Standard Webhooks): the same when it is put again. */
  readonly id: string;
};
export type Asked = Exchanged | { readonly kind: "refused"; readonly reason: "address-refused" | "not-https" };

/**
 * One signed question (Standard Webhooks). Never reaches this machine, a private network or cloud metadata, whatever the name
 * resolves to; a name that does not resolve is `unsent`. Rejects when the connection broke or the signal aborted.
 */
export async function askSigned(endpoint: Endpoint, { id, ...question }: SignedQuestion): Promise<Asked> {
  const { url, body, signal } = question;
  signal.throwIfAborted();
  const address = await openAddressOf(url.hostname, endpoint).catch(() => undefined);
  signal.throwIfAborted();
  if (address === undefined) return { kind: "unsent" };
  if (address === null) return { kind: "refused", reason: "address-refused" };
  const isPlain = url.protocol === "http:";
  if (isPlain && !(endpoint.allowLoopback && isLoopback(address.address))) {
    return { kind: "refused", reason: "not-https" };
  }
  const timestampSeconds = Math.floor(endpoint.now() / 1000);
  const signature = signatureHeaders(endpoint.secret, { id, timestampSeconds, body: body ?? "" });
  return exchangeOnce({ ...question, address, headers: { ...question.headers, ...signature } });
}
