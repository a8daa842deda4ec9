import { z } from "zod";
import { CHANNELS } from "../../model/content";
import { MINUTE_MS } from "../../model/time";
import { secretBytes } from "../http/sign";
import { sharedShape } from "../shared-config";

/** Secrets in force at once: the present one, and the one before it or after it. */
const SECRETS_MAX = 4;
const QUERY_DELAY_MAX_MS = 24 * 60 * MINUTE_MS;

/** A vendor that speaks our HTTP contract (`docs/guide/channels`). */
export const HttpChannelConfigSchema = z.strictObject({
  kind: z.literal("http"),
  channel: z.enum(CHANNELS),
  /** https; `/v1/send` and the rest hang below it. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .refine((text) => URL.canParse(text) && new URL(text).username === "" && new URL(text).search === ""),
  /** `whsec_<base64>`; we sign with the first, and take callbacks signed with any. */
  secrets: z
    .array(z.string().refine((text) => secretBytes(text) !== null))
    .min(1)
    .max(SECRETS_MAX),
  /** What the provider promises about a key; it decides what becomes of unknown outcomes. */
  idempotency: z.enum(["key", "query", "none"]).default("key"),
  /** How long after handing over its answer about a key can be believed, milliseconds. */
  queryDelayMs: z.int().min(0).max(QUERY_DELAY_MAX_MS).default(MINUTE_MS),
  /** It brings what was said in its conversations (`conversation` of an event). */
  conversations: z.boolean().default(false),
  ...sharedShape,
  /** Plain http to this machine, for trying a provider out; nothing else inside a network is ever reached. */
  allowLoopback: z.boolean().default(false),
});
export type HttpChannelConfig = z.output<typeof HttpChannelConfigSchema>;
