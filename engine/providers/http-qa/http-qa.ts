import { z } from "zod";
import { InvariantError } from "../../model/invariant";
import type { QaStep } from "../../ports/qa-step";
import { askSigned, type EndpointOptions, endpointOf } from "../http/endpoint";
import { readJson } from "../http/read-json";
import { secretBytes } from "../http/sign";

const DEPTH_MAX = 8;
const FINDINGS_MAX = 200;

export const HttpQaConfigSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .refine((text) => URL.canParse(text) && new URL(text).username === ""),
  secret: z.string().refine((text) => secretBytes(text) !== null),
  /** Plain http to this machine, for trying it out. */
  allowLoopback: z.boolean().default(false),
});
export type HttpQaConfig = z.output<typeof HttpQaConfigSchema>;

const PlaceSchema = z.int().min(0).max(1_000_000);
const VerdictSchema = z.object({
  verdict: z.enum(["pass", "review", "block"]),
  score: z.number().min(0).max(100).nullable().default(null),
  findings: z
    .array(
      z.object({
        rule: z.string().max(120),
        severity: z.enum(["low", "medium", "high", "fatal"]),
        span: z.object({ start: PlaceSchema, end: PlaceSchema }).nullable().default(null),
        evidence: z.string().max(1000).default(""),
      }),
    )
    .max(FINDINGS_MAX)
    .default([]),
  modelVersion: z.string().min(1).max(120),
});

/**
 * A judge in another system: a signed POST (Standard Webhooks) of the question, an answer of `{ verdict, modelVersion, score?,
 * findings? }`. Rejects whatever is no verdict, so that whoever asked blocks.
 */
export function httpQaStep(name: string, config: HttpQaConfig, options: EndpointOptions = {}): QaStep {
  const secret = secretBytes(config.secret);
  if (secret === null) throw new InvariantError("http-qa.secret", { step: name });
  const endpoint = endpointOf(secret, { allowLoopback: config.allowLoopback, ...options });
  return {
    id: name,
    evaluate: async (request, { signal }) => {
      const asked = await askSigned(endpoint, {
        method: "POST",
        url: new URL(config.url),
        id: `qa:${request.stage}:${request.key}`,
        headers: {},
        body: JSON.stringify({ type: "qa.evaluate", ...request }),
        signal,
        reads: (status) => status === 200,
      });
      if (asked.kind !== "body") throw new Error(`http-qa.${asked.kind}`);
      const json = readJson(asked.bytes, DEPTH_MAX);
      return VerdictSchema.parse("value" in json ? json.value : null);
    },
  };
}
