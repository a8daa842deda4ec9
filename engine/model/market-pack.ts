import { z } from "zod";
import { CHANNELS, type Content } from "./content";
import type { Field } from "./facts";
import { LocalTextSchema } from "./locale";
import type { ProgramCalendar } from "./program";

/** Where a legal or house number comes from. Shown wherever the rule is shown; legal ones ask for counsel's check. */
export const SourceSchema = z.strictObject({
  kind: z.enum(["law", "self-regulation", "house-policy"]),
  name: z.string().max(200),
  article: z.string().max(120).optional(),
  url: z.string().max(300).optional(),
  retrieved: z.string().max(20).optional(),
  counselCheck: z.boolean(),
});

const RuleBase = {
  id: z.string().regex(/^[a-z][a-z0-9.-]{1,60}$/),
  title: LocalTextSchema,
  /** `block` stops or defers the contact, `warn` lets it pass and is recorded. */
  severity: z.enum(["block", "warn"]),
  channels: z.array(z.enum(CHANNELS)).min(1),
  source: SourceSchema,
  effectiveFrom: z.string().max(10),
};

/** Rules the gate knows so far (domain.md 2.0: R1, R2, R4, R5, R7, "only the debtor" of R6 and "not alone" of R15). */
export const PolicyRuleSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    ...RuleBase,
    kind: z.literal("window"),
    windows: z
      .array(z.strictObject({ weekdays: z.array(z.int().min(1).max(7)).min(1), from: z.string(), to: z.string() }))
      .min(1),
  }),
  z.strictObject({
    ...RuleBase,
    kind: z.literal("cap"),
    metric: z.enum(["attempted", "connected", "conversed"]),
    per: z.enum(["party", "contact-point"]),
    window: z.strictObject({ kind: z.enum(["calendar-day", "rolling-days"]), days: z.int().min(1).max(60) }),
    limit: z.int().min(1),
  }),
  z.strictObject({
    ...RuleBase,
    kind: z.literal("minimum-gap"),
    per: z.enum(["party", "contact-point"]),
    minutes: z.int().min(1),
  }),
  z.strictObject({ ...RuleBase, kind: z.literal("hold") }),
  z.strictObject({ ...RuleBase, kind: z.literal("consent") }),
  z.strictObject({ ...RuleBase, kind: z.literal("party"), roles: z.array(z.enum(["self"])).min(1) }),
  /** Fewer people than that do not go. */
  z.strictObject({ ...RuleBase, kind: z.literal("people"), minimum: z.int().min(2).max(10) }),
]);
export type PolicyRule = z.output<typeof PolicyRuleSchema>;

export const RulePackSchema = z.strictObject({
  pack: z.string(),
  version: z.string(),
  jurisdiction: z.string(),
  title: LocalTextSchema,
  rules: z.array(PolicyRuleSchema).min(1),
});
export type RulePack = z.output<typeof RulePackSchema>;

export const LexiconEntrySchema = z.strictObject({
  /** One-letter category of domain.md 4.3. */
  category: z.string().regex(/^[A-Z]$/),
  severity: z.enum(["fatal", "high", "medium", "low"]),
  words: z.strictObject({
    "zh-CN": z.array(z.string().min(1).max(40)).max(300),
    en: z.array(z.string().min(1).max(60)).max(300),
  }),
});
export const LexiconSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  title: LocalTextSchema,
  entries: z.array(LexiconEntrySchema).min(1),
});
export type Lexicon = z.output<typeof LexiconSchema>;

/** Everything a market ships (design D14): given to lint, compile, policy, QA and the importer; the core never imports it. */
export type MarketPack = {
  readonly market: "cn" | "us" | "uk" | "eu";
  readonly version: string;
  readonly fields: { readonly [key: string]: Field };
  readonly contents: { readonly [id: string]: Content };
  readonly lexicons: { readonly [name: string]: Lexicon };
  readonly rulePacks: { readonly [name: string]: RulePack };
  /** Working days of the market. */
  readonly calendar?: ProgramCalendar;
};
