import { z } from "zod";
import { secretBytes } from "../http/sign";
import { sharedShape } from "../shared-config";

const SECRETS_MAX = 4;
/** A mailbox as we write it on an envelope: no quotes, comments, spaces or control characters. */
export const MAILBOX = /^[^\s<>()[\]",;:\\@\p{C}]{1,64}@[^\s<>()[\]",;:\\@\p{C}]{1,189}$/u;
const MailboxSchema = z.string().max(254).regex(MAILBOX);

/** A mail server that takes our mail. */
export const SmtpConfigSchema = z
  .strictObject({
    kind: z.literal("smtp"),
    channel: z.literal("email").default("email"),
    host: z.string().min(1).max(253),
    port: z.int().min(1).max(65_535),
    /** `starttls`: the connection is upgraded or nothing is sent. `none` is for a server on this machine. */
    security: z.enum(["tls", "starttls", "none"]).default("starttls"),
    /** Certificate authority the server's certificate is held against, PEM; the system's by default. */
    ca: z.string().max(20_000).exactOptional(),
    user: z.string().max(200).exactOptional(),
    password: z.string().max(1000).exactOptional(),
    from: z.strictObject({ name: z.string().max(100).default(""), address: MailboxSchema }),
    replyTo: MailboxSchema.exactOptional(),
    /** Sign returned mail that is posted to the hook (`docs/guide/channels`); without one nothing is let in. */
    secrets: z
      .array(z.string().refine((text) => secretBytes(text) !== null))
      .max(SECRETS_MAX)
      .default([]),
    ...sharedShape,
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined))
  .refine(({ security, host }) => security !== "none" || ["localhost", "127.0.0.1", "::1"].includes(host));
export type SmtpConfig = z.output<typeof SmtpConfigSchema>;
