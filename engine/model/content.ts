import { z } from "zod";
import { LocalTextSchema } from "./locale";

/** Channels a strategy can contact through. A new one is a folder in `engine/channels` and a word here. */
export const CHANNELS = ["sms", "email", "push", "robot", "agent", "letter", "visit"] as const;
export type Channel = (typeof CHANNELS)[number];

/** Something of every channel. */
export function perChannel<TValue>(make: (channel: Channel) => TValue): { readonly [channel in Channel]: TValue } {
  return {
    sms: make("sms"),
    email: make("email"),
    push: make("push"),
    robot: make("robot"),
    agent: make("agent"),
    letter: make("letter"),
    visit: make("visit"),
  };
}

export const ContentIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(\.[a-z0-9_-]+){0,5}$/)
  .max(80);

/** A text a strategy sends, a robot speaks or a person goes by; `{{name}}` and `{{amount | money}}` are filled per account. */
export const ContentSchema = z.strictObject({
  id: ContentIdSchema,
  channel: z.enum(CHANNELS),
  title: LocalTextSchema,
  /** What stands above the text, where the channel has such a place; filled like the text. */
  subject: LocalTextSchema.optional(),
  text: LocalTextSchema,
  /** Content version, raised when the wording changes. */
  version: z.int().min(1).default(1),
  /** Stages it is meant for, e.g. ["M1"]; empty = any. */
  stages: z.array(z.string().max(8)).max(12).default([]),
  /** What it is in the sense of a law that asks for a notice beforehand; whoever is sent it has had that notice. */
  notice: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,59}$/)
    .exactOptional(),
  tone: z.enum(["service", "friendly", "firm", "formal"]).default("friendly"),
  source: z.string().max(300).optional(),
});
export type Content = z.output<typeof ContentSchema>;
