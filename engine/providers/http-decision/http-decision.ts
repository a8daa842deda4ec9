import { InvariantError } from "../../model/invariant";
import { beforeAbort } from "../../ports/before-abort";
import type { DecisionReply, DecisionRequest, ExternalPort } from "../../ports/external";
import { type Asked, askSigned, type Endpoint, type EndpointOptions, endpointOf } from "../http/endpoint";
import { secretBytes } from "../http/sign";
import type { Integration } from "./integration";
import { readDecision } from "./read-answer";

/** Longest one question may take, whatever the strategy says: half a minute is an outage, not a decision. */
const TIMEOUT_MAX_MS = 30_000;
/** Questions to one system under way at once; more wait their turn, and waiting counts. */
const IN_FLIGHT_MAX = 8;

type Setting = { readonly url: URL; readonly endpoint: Endpoint };

/**
 * Another system asked over HTTPS: a signed POST (Standard Webhooks) with the facts and an idempotency key, an answer of
 * `{ outcome, values? }`. Bounded in time, size, depth and number; never follows a redirect; never reaches this machine, a private
 * network or cloud metadata, whatever the name resolves to. Never throws: every failure is a reply.
 */
export function httpDecision(name: string, integration: Integration, options: EndpointOptions = {}): ExternalPort {
  const secret = secretBytes(integration.secret);
  if (secret === null) throw new InvariantError("http-decision.secret", { integration: name });
  const setting: Setting = {
    url: new URL(integration.url),
    endpoint: endpointOf(secret, options),
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

async function ask({ url, endpoint }: Setting, request: DecisionRequest, signal: AbortSignal): Promise<DecisionReply> {
  const { key, integration, facts } = request;
  const body = JSON.stringify({ type: "decision.requested", idempotencyKey: key, integration, facts });
  const reads = (status: number): boolean => status === 200;
  return replyOf(await askSigned(endpoint, { method: "POST", url, id: key, headers: {}, body, signal, reads }));
}

function replyOf(asked: Asked): DecisionReply {
  switch (asked.kind) {
    case "refused":
      return failure("failed", asked.reason);
    case "unsent":
      return failure("failed", "unreachable");
    case "status":
      return failure("failed", `status-${asked.status}`);
    case "unusable":
      return failure("malformed", asked.reason);
    case "body": {
      const read = readDecision(asked.bytes);
      if ("reason" in read) return failure("malformed", read.reason);
      const { outcome, values = {} } = read.decision;
      return { kind: "answered", outcome, values, delayMs: 0, costMinor: 0 };
    }
    default:
      throw asked satisfies never;
  }
}

function failure(code: Extract<DecisionReply, { kind: "failed" }>["failure"], reason: string): DecisionReply {
  return { kind: "failed", failure: code, reason, delayMs: 0, costMinor: 0 };
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
