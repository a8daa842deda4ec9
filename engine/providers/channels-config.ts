import { z } from "zod";
import { SimulatedFaultsSchema } from "../channels/simulated-faults";
import { CHANNELS } from "../model/content";
import type { ChannelAdapter } from "../ports/channel";
import { AgencyFileConfigSchema } from "./agency-file/agency-file";
import { HttpChannelConfigSchema } from "./http-channel/config";
import { httpChannel } from "./http-channel/http-channel";
import { HttpQaConfigSchema } from "./http-qa/http-qa";
import { SmppConfigSchema } from "./smpp/config";
import { smppChannel } from "./smpp/smpp-channel";
import { SmtpConfigSchema } from "./smtp/config";
import { smtpChannel } from "./smtp/smtp-channel";

/** Most providers one installation is set up with. */
const PROVIDERS_MAX = 50;

/** Judges of one text; all of them are waited for. */
const QA_STEPS_MAX = 5;

const ProviderNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(64)
  // Rows say which provider took a contact; a real one must not be taken for a simulated one.
  .refine((name) => !name.startsWith("simulated"));
const ProviderConfigSchema = z.discriminatedUnion("kind", [
  HttpChannelConfigSchema,
  SmtpConfigSchema,
  SmppConfigSchema,
]);
export type ProviderConfig = z.output<typeof ProviderConfigSchema>;

/** Providers by name, and the faults simulated ones show. Addresses and secrets stand here and never in a strategy. */
export const ChannelsConfigSchema = z.strictObject({
  providers: z
    .record(ProviderNameSchema, ProviderConfigSchema)
    .default({})
    .refine((providers) => Object.keys(providers).length <= PROVIDERS_MAX)
    .refine((providers) => {
      const active = Object.values(providers).filter(({ retired }) => !retired);
      return new Set(active.map(({ channel }) => channel)).size === active.length;
    }),
  simulated: z.partialRecord(z.enum(CHANNELS), SimulatedFaultsSchema).default({}),
  /** Systems that judge texts before they leave, by name. */
  qa: z
    .record(ProviderNameSchema, HttpQaConfigSchema)
    .default({})
    .refine((steps) => Object.keys(steps).length <= QA_STEPS_MAX),
  /** Where accounts that are given to agencies are laid down; without it they stay in the house. */
  agencies: AgencyFileConfigSchema.exactOptional(),
});
export type ChannelsConfig = z.output<typeof ChannelsConfigSchema>;

/** The adapter a configuration describes. Connects to nobody yet. */
export function adapterOf(name: string, config: ProviderConfig): ChannelAdapter {
  switch (config.kind) {
    case "http":
      return httpChannel(name, config);
    case "smtp":
      return smtpChannel(name, config);
    case "smpp":
      return smppChannel(name, config);
    default:
      throw config satisfies never;
  }
}
