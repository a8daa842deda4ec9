import { z } from "zod";
import { AnswerValuesSchema } from "../../model/inbox-data";
import { secretBytes } from "../http/sign";

/** Most systems one installation talks to. */
const INTEGRATIONS_MAX = 100;
const SIMULATED_ANSWERS_MAX = 50;

/** What a system is declared to answer about people who do not exist (`engine/desk`). */
const SimulatedAnswersSchema = z
  .array(
    z.strictObject({
      outcome: z.string().regex(/^[A-Za-z][\w-]{0,59}$/),
      weight: z.number().min(0).max(1_000_000),
      values: AnswerValuesSchema.exactOptional(),
    }),
  )
  .max(SIMULATED_ANSWERS_MAX);

const IntegrationSchema = z.strictObject({
  /** https; a name or an address on the open internet, without a user or password in it. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .refine((text) => URL.canParse(text) && new URL(text).username === "" && new URL(text).password === ""),
  /** `whsec_<base64>`, shared with the system so that it knows who asks. */
  secret: z.string().refine((text) => secretBytes(text) !== null),
  simulated: SimulatedAnswersSchema.default([]),
});
export type Integration = z.output<typeof IntegrationSchema>;

/** Every system by the name strategies use. Address and secret stand here and never in a strategy. */
export const IntegrationsSchema = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
      .max(64),
    IntegrationSchema,
  )
  .refine((integrations) => Object.keys(integrations).length <= INTEGRATIONS_MAX);
export type Integrations = z.output<typeof IntegrationsSchema>;
