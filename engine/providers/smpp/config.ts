import { z } from "zod";
import { NORMAL_RESULTS } from "../../model/contact-result";
import { sharedShape } from "../shared-config";

/** Messages under way at once before the first is answered; centres allow ten to a few dozen. */
const WINDOW_DEFAULT = 10;
const ENQUIRE_SECONDS_DEFAULT = 30;
const ERRORS_MAX = 200;

/** A short message centre that speaks SMPP 3.4. */
export const SmppConfigSchema = z.strictObject({
  kind: z.literal("smpp"),
  channel: z.literal("sms").default("sms"),
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535).default(2775),
  /** SMPP over TLS; certificates are checked. */
  tls: z.boolean().default(false),
  /** Certificate authority the centre's certificate is held against, PEM; the system's by default. */
  ca: z.string().max(20_000).exactOptional(),
  systemId: z.string().min(1).max(15),
  /** SMPP has room for eight characters. */
  password: z.string().max(8),
  systemType: z.string().max(12).default(""),
  /** Who the message is from: a number, or letters. */
  source: z.strictObject({
    address: z.string().max(20).default(""),
    ton: z.int().min(0).max(6).default(5),
    npi: z.int().min(0).max(18).default(0),
  }),
  window: z.int().min(1).max(100).default(WINDOW_DEFAULT),
  enquireSeconds: z.int().min(1).max(600).default(ENQUIRE_SECONDS_DEFAULT),
  /** Some centres give an id in hex and report it in decimals. */
  receiptIds: z.enum(["same", "decimal"]).default("same"),
  /** What the centre's own error codes mean, where it has more to say than "not delivered". */
  errors: z
    .record(z.string().max(20), z.enum(NORMAL_RESULTS))
    .default({})
    .refine((errors) => Object.keys(errors).length <= ERRORS_MAX),
  ...sharedShape,
});
export type SmppConfig = z.output<typeof SmppConfigSchema>;
