import { channelOf } from "../../channels";
import { contentIssues, priceAtMost, refusalOf } from "../../channels/request-check";
import { NORMAL_RESULTS } from "../../model/contact-result";
import { InvariantError } from "../../model/invariant";
import {
  type AdapterHealth,
  CHANNEL_CONTRACT,
  type ChannelAdapter,
  type ChannelCapabilities,
  type QueryAnswer,
  type SendContext,
  type SendOutcome,
  type SendRequest,
} from "../../ports/channel";
import { type Asked, askSigned, type Endpoint, type EndpointOptions, endpointOf } from "../http/endpoint";
import { isSigned, secretBytes } from "../http/sign";
import type { HttpChannelConfig } from "./config";
import {
  AcceptedSchema,
  CancelSchema,
  CapabilitiesSchema,
  costIn,
  RejectedSchema,
  readBody,
  readCallback,
  readStatus,
  sendBody,
} from "./wire";

type Vendor = { readonly config: HttpChannelConfig; readonly endpoint: Endpoint };

const BAD_REQUEST = 400;
const CONFLICT = 409;
const UNPROCESSABLE = 422;
const TOO_MANY = 429;
const UNAVAILABLE = 503;
const NO_SUCH_QUESTION: readonly number[] = [404, 405, 410, 501];
/** Who we are is in dispute; that can be put right while the contact may still leave. */
const NOT_LET_IN: readonly number[] = [401, 403];

/**
 * A vendor that speaks our HTTP contract, in any language (`docs/guide/channels`): `POST /v1/send`, `GET /v1/status/{key}`,
 * `POST /v1/cancel/{key}`, `GET /v1/capabilities`, each signed (Standard Webhooks), and callbacks in batches signed the same way.
 * Never throws from `send`; what cannot be told apart from success is `unknown`.
 */
export function httpChannel(name: string, config: HttpChannelConfig, options: EndpointOptions = {}): ChannelAdapter {
  const secrets = config.secrets.flatMap((text) => secretBytes(text) ?? []);
  const [secret] = secrets;
  if (secret === undefined) throw new InvariantError("http-channel.secret", { provider: name });
  const endpoint = endpointOf(secret, { allowLoopback: config.allowLoopback, ...options });
  const vendor: Vendor = { config, endpoint };
  const { channel, currency } = config;
  const kind = { channel, simulated: false };
  return {
    id: name,
    contract: CHANNEL_CONTRACT,
    ...kind,
    capabilities: capabilitiesOf(config),
    validate: (content) => contentIssues(channel, content),
    estimate: ({ text }) => priceAtMost(channel, text),
    send: async (request, context) => {
      const code = refusalOf(kind, request);
      return code === null ? send(vendor, request, context) : { kind: "rejected", code, retryable: false };
    },
    query: (key, context) => query(vendor, key, context),
    cancel: (key, context) => cancel(vendor, key, context),
    verify: (callback) => isSigned(secrets, callback),
    parse: ({ body }) => readCallback(body, currency),
    check: (context) => check(vendor, context),
  };
}

function capabilitiesOf(config: HttpChannelConfig): ChannelCapabilities {
  return {
    idempotency: config.idempotency,
    queryDelayMs: config.queryDelayMs,
    callbacks: "both",
    cancel: true,
    maxPerSecond: config.maxPerSecond ?? null,
    maxConcurrent: config.maxConcurrent ?? null,
    results: NORMAL_RESULTS,
    ...(config.conversations ? { conversations: true as const } : {}),
    personalData: [channelOf(config.channel).contactPoint, "name"],
  };
}

/** `/v1/…` below the vendor's address. */
function urlOf({ config }: Vendor, path: string): URL {
  return new URL(`${config.url.replace(/\/+$/, "")}${path}`);
}

async function send(vendor: Vendor, request: SendRequest, { signal }: SendContext): Promise<SendOutcome> {
  const { key } = request;
  try {
    return sendOutcome(
      vendor,
      request,
      await askSigned(vendor.endpoint, {
        method: "POST",
        url: urlOf(vendor, "/v1/send"),
        id: key,
        headers: { "idempotency-key": key },
        body: sendBody(request),
        signal,
        reads: (status) => isSuccess(status) || status === CONFLICT || status === UNPROCESSABLE,
      }),
    );
  } catch {
    // The connection broke, or it took too long: it may have been taken.
    return { kind: "unknown" };
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

function sendOutcome({ config }: Vendor, { text }: SendRequest, asked: Asked): SendOutcome {
  switch (asked.kind) {
    case "refused":
      return { kind: "rejected", code: asked.reason, retryable: false };
    case "unsent":
      return { kind: "rejected", code: "unreachable", retryable: true };
    case "unusable":
      return { kind: "unknown" };
    case "status":
      return refusedWith(asked);
    case "body": {
      if (asked.status === UNPROCESSABLE) {
        const code = readBody(asked.bytes, RejectedSchema)?.code ?? "unprocessable";
        return { kind: "rejected", code, retryable: false };
      }
      const taken = readBody(asked.bytes, AcceptedSchema);
      if (taken === null) return { kind: "unknown" };
      const costMinor = costIn(config.currency, taken.cost) ?? priceAtMost(config.channel, text);
      return { kind: "accepted", ref: taken.ref, costMinor, announced: [] };
    }
    default:
      throw asked satisfies never;
  }
}

/** Statuses that say for certain that nothing was taken; behind any other it may have been. */
function refusedWith({ status, retryAfterMs }: Extract<Asked, { kind: "status" }>): SendOutcome {
  if (status === TOO_MANY || status === UNAVAILABLE) {
    const code = status === TOO_MANY ? "throttled" : "busy";
    return { kind: "rejected", code, retryable: true, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
  }
  if (NOT_LET_IN.includes(status)) return { kind: "rejected", code: `status-${status}`, retryable: true };
  if (status >= BAD_REQUEST && status < 500) return { kind: "rejected", code: `status-${status}`, retryable: false };
  return { kind: "unknown" };
}

async function query(vendor: Vendor, key: string, { signal }: SendContext): Promise<QueryAnswer> {
  const asked = await askSigned(vendor.endpoint, {
    method: "GET",
    url: urlOf(vendor, `/v1/status/${encodeURIComponent(key)}`),
    id: `status:${key}`,
    headers: {},
    body: null,
    signal,
    // A bare 404 may come from anything between us; only the provider's own words say that it knows nothing.
    reads: (status) => isSuccess(status) || status === 404,
  });
  const answer = asked.kind === "body" ? readStatus(asked.bytes, vendor.config.currency) : null;
  return answer ?? { kind: "not_yet" };
}

async function cancel(vendor: Vendor, key: string, { signal }: SendContext): Promise<"cancelled" | "too_late"> {
  const asked = await askSigned(vendor.endpoint, {
    method: "POST",
    url: urlOf(vendor, `/v1/cancel/${encodeURIComponent(key)}`),
    id: `cancel:${key}`,
    headers: {},
    body: "{}",
    signal,
    reads: isSuccess,
  });
  const told = asked.kind === "body" ? readBody(asked.bytes, CancelSchema)?.state : undefined;
  if (told !== undefined) return told;
  // Whoever does not know the question cannot cancel; anything else says nothing, and is asked again.
  if (asked.kind === "status" && NO_SUCH_QUESTION.includes(asked.status)) return "too_late";
  throw new Error(`http-channel.cancel-${asked.kind}`);
}

async function check(vendor: Vendor, { signal }: SendContext): Promise<AdapterHealth> {
  const failed = (problem: string): AdapterHealth => ({ ok: false, problems: [problem] });
  try {
    const asked = await askSigned(vendor.endpoint, {
      method: "GET",
      url: urlOf(vendor, "/v1/capabilities"),
      id: "capabilities",
      headers: {},
      body: null,
      signal,
      reads: isSuccess,
    });
    if (asked.kind === "refused") return failed(asked.reason);
    if (asked.kind === "status") return failed(`status-${asked.status}`);
    if (asked.kind !== "body") return failed(asked.kind === "unsent" ? "unreachable" : asked.reason);
    const told = readBody(asked.bytes, CapabilitiesSchema);
    if (told === null) return failed("capabilities-unreadable");
    const { channel, idempotency } = vendor.config;
    const problems = [
      ...(told.channel === channel ? [] : ["channel-differs"]),
      // Believing in a promise the provider does not give would send twice.
      ...(told.idempotency === idempotency ? [] : ["idempotency-differs"]),
    ];
    return { ok: problems.length === 0, problems };
  } catch {
    return failed(signal.aborted ? "timeout" : "unreachable");
  }
}
