import { z } from "zod";
import { LocalTextSchema } from "./locale";

/** Channels a strategy can contact through. A new one is a folder in `engine/channels` and a word here. */
export const CHANNELS = ["sms", "robot"] as const;
export type Channel = (typeof CHANNELS)[number];

export const ContentIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(\.[a-z0-9_-]+){0,5}$/)
  .max(80);

/** A text a strategy sends or a robot speaks; `{{name}}` and `{{amount | money}}` are filled per account. */
export const ContentSchema = z.strictObject({
  id: ContentIdSchema,
  channel: z.enum(CHANNELS),
  title: LocalTextSchema,
  text: LocalTextSchema,
  /** Content version, raised when the wording changes. */
  version: z.int().min(1).default(1),
  /** Stages it is meant for, e.g. ["M1"]; empty = any. */
  stages: z.array(z.string().max(8)).max(12).default([]),
  tone: z.enum(["service", "friendly", "firm", "formal"]).default("friendly"),
  source: z.string().max(300).optional(),
});
export type Content = z.output<typeof ContentSchema>;
