import { InvariantError } from "../../model/invariant";
import type { DecisionReply, DecisionRequest, ExternalPort } from "../../ports/external";
import { isLoopback, openAddressOf, type Resolve, resolveHost } from "./addresses";
import type { Integration } from "./integration";
import { type Posted, postOnce } from "./post";
import { readDecision } from "./read-answer";
import { secretBytes, signatureHeaders } from "./sign";

/** Longest one question may take, whatever the strategy says: half a minute is an outage, not a decision. */
const TIMEOUT_MAX_MS = 30_000;
/** Questions to one system under way at once; more wait their turn, and waiting counts. */
const IN_FLIGHT_MAX = 8;

export type HttpDecisionOptions = {
  readonly resolve?: Resolve;
  /** For tests alone: http and this machine. */
  readonly allowLoopback?: boolean;
  /** Real time for the signature; receivers refuse messages that are old. */
  readonly now?: () => number;
};

type Setting = {
  readonly url: URL;
  readonly secret: Buffer;
  readonly resolve: Resolve;
  readonly allowLoopback: boolean;
  readonly now: () => number;
};

/**
 * Another system asked over HTTPS: a signed POST (Standard Webhooks) with the facts and an idempotency key, an answer of
 * `{ outcome, values? }`. Bounded in time, size, depth and number; never follows a redirect; never reaches this machine, a private
 * network or cloud metadata, whatever the name resolves to. Never throws: every failure is a reply.
 */
export function httpDecision(name: string, integration: Integration, options: HttpDecisionOptions = {}): ExternalPort {
  const secret = secretBytes(integration.secret);
  if (secret === null) throw new InvariantError("http-decision.secret", { integration: name });
  const setting: Setting = {
    url: new URL(integration.url),
    secret,
    resolve: options.resolve ?? resolveHost,
    allowLoopback: options.allowLoopback ?? false,
    now: options.now ?? Date.now,
  };
  const turns = takingTurns(IN_FLIGHT_MAX);
  return {
    id: `http-${name}`,
    simulated: false,
    decide: async (request) => {
      const timeoutMs = Math.min(request.timeoutMs, TIMEOUT_MAX_MS);
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        return await beforeAbort(
          turns(() => ask(setting, request, signal), signal),
          signal,
        );
      } catch {
        return signal.aborted ? failure("timeout", `after-${timeoutMs}-ms`) : failure("failed", "unreachable");
      }
    },
  };
}

async function ask(setting: Setting, request: DecisionRequest, signal: AbortSignal): Promise<DecisionReply> {
  const { url, allowLoopback } = setting;
  signal.throwIfAborted();
  const address = await openAddressOf(url.hostname, setting);
  if (address === null) return failure("failed", "address-refused");
  const isPlain = url.protocol === "http:";
  if (isPlain && !(allowLoopback && isLoopback(address.address))) return failure("failed", "not-https");
  signal.throwIfAborted();
  const { key, integration, facts } = request;
  const body = JSON.stringify({ type: "decision.requested", idempotencyKey: key, integration, facts });
  const timestampSeconds = Math.floor(setting.now() / 1000);
  const headers = signatureHeaders(setting.secret, { id: key, timestampSeconds, body });
  return replyOf(await postOnce({ url, address, headers, body, signal }));
}

function replyOf(posted: Posted): DecisionReply {
  switch (posted.kind) {
    case "status":
      return failure("failed", `status-${posted.status}`);
    case "unusable":
      return failure("malformed", posted.reason);
    case "body": {
      const read = readDecision(posted.bytes);
      if ("reason" in read) return failure("malformed", read.reason);
      const { outcome, values = {} } = read.decision;
      return { kind: "answered", outcome, values, delayMs: 0, costMinor: 0 };
    }
    default:
      throw posted satisfies never;
  }
}

function failure(code: Extract<DecisionReply, { kind: "failed" }>["failure"], reason: string): DecisionReply {
  return { kind: "failed", failure: code, reason, delayMs: 0, costMinor: 0 };
}

/** Rejects when the signal aborts, also where nothing else listens to it (looking a name up does not). */
function beforeAbort<TResult>(work: Promise<TResult>, signal: AbortSignal): Promise<TResult> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

type Turns = <TResult>(work: () => Promise<TResult>, signal: AbortSignal) => Promise<TResult>;

/** Lets so many work at once; whoever waits for a turn and is aborted gives it up. */
function takingTurns(atOnce: number): Turns {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  const done = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async (work, signal) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((begin) => waiting.push(begin));
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      done();
    }
  };
}
