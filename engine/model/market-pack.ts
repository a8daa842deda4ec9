import { z } from "zod";
import { CHANNELS, type Content } from "./content";
import type { Field } from "./facts";
import { LocalTextSchema } from "./locale";
import type { ProgramCalendar } from "./program";

/** Where a legal or house number comes from. Shown wherever the rule is shown; legal ones ask for counsel's check. */
export const SourceSchema = z.strictObject({
  kind: z.enum(["law", "self-regulation", "house-policy"]),
  name: z.string().max(200),
  article: z.string().max(400).optional(),
  url: z.string().max(300).optional(),
  retrieved: z.string().max(20).optional(),
  counselCheck: z.boolean(),
});

/** What a rule may speak about. `contact` is a message, call, letter or visit; the others touch no channel. */
export const POLICY_ACTIONS = [
  "contact",
  "placement",
  "lawsuit",
  "credit-report",
  "settlement-quote",
  "record-deletion",
] as const;
export type PolicyAction = (typeof POLICY_ACTIONS)[number];

/** Who makes the contact: the lender itself, an agency it has placed the debt with, or whoever bought the debt. */
export const POLICY_ACTORS = ["first-party", "agency", "buyer"] as const;
export type PolicyActor = (typeof POLICY_ACTORS)[number];

/** Who is contacted. `unknown` is nobody's permission: it is refused (design D6). */
export const PARTY_ROLES = [
  "self",
  "guarantor",
  "co-borrower",
  "spouse",
  "contact-person",
  "unrelated",
  "unknown",
] as const;
export type PartyRole = (typeof PARTY_ROLES)[number];

/** Calendar date `YYYY-MM-DD`; whether the day exists is checked where the pack is linked. */
const RuleDateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** ISO 3166-2, `US-MA`, or a country alone, `US`. */
const RegionSchema = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/);

/**
 * Who and what a rule speaks of. A list that is missing means everybody; what is not known of a contact meets every list, since
 * the strictest reading counts.
 */
const AppliesToSchema = z.strictObject({
  actors: z.array(z.enum(POLICY_ACTORS)).min(1).optional(),
  licences: z.array(z.string().max(40)).min(1).optional(),
  products: z.array(z.string().max(40)).min(1).optional(),
  regions: z.array(RegionSchema).min(1).max(100).optional(),
  roles: z.array(z.enum(PARTY_ROLES)).min(1).optional(),
});

/** Members every rule has, whatever its kind; the others are the kind's own (`engine/policy/kinds`). */
export const RULE_BASE = {
  id: z.string().regex(/^[a-z][a-z0-9.-]{1,60}$/),
  title: LocalTextSchema,
  /** `block` stops or defers, `warn` lets it pass and is recorded. */
  severity: z.enum(["block", "warn"]),
  /** The same for a fact the rule needs and nobody knows; `severity` when it is missing. */
  ifUnknown: z.enum(["block", "warn"]).optional(),
  /** Channels it speaks of; a rule about other actions alone has none. */
  channels: z.array(z.enum(CHANNELS)).min(1).optional(),
  /** `contact` when it is missing. */
  actions: z.array(z.enum(POLICY_ACTIONS)).min(1).optional(),
  appliesTo: AppliesToSchema.optional(),
  /** What may relax it: nothing, or a consent that is recorded, expires and names its evidence. */
  relaxedBy: z.enum(["debtor-consent"]).optional(),
  source: SourceSchema,
  /** First day on which it applies at the party's place. */
  effectiveFrom: RuleDateSchema,
  /** First day on which breaking it has consequences; from `effectiveFrom` until then it only warns. */
  enforcedFrom: RuleDateSchema.optional(),
  /** First day on which it applies no longer. */
  effectiveTo: RuleDateSchema.optional(),
} as const;

const strictBase = z.strictObject(RULE_BASE);
/** What every rule has, without what its kind adds. */
export type RuleBase = z.output<typeof strictBase>;

const RuleBaseSchema = z.looseObject({ ...RULE_BASE, kind: z.string().max(40) });
export type RuleSeverity = "block" | "warn";
/** A rule of any kind. Its own members are read by its kind, which refuses what it does not know. */
export type AnyRule = z.output<typeof RuleBaseSchema>;

export const RulePackSchema = z.strictObject({
  pack: z.string().max(64),
  version: z.string(),
  jurisdiction: z.string(),
  title: LocalTextSchema,
  /** Packs it stands upon, by name: their rules apply as well and none of them can be taken away (the strictest wins). */
  extends: z.array(z.string().max(64)).max(8).optional(),
  rules: z.array(RuleBaseSchema).min(1).max(200),
});
/** The calendar is the market's; a rule that asks for holidays without one takes every day for one. */
export type RulePack = z.output<typeof RulePackSchema> & { readonly calendar?: ProgramCalendar };

export const LexiconEntrySchema = z.strictObject({
  /** One-letter category of domain.md 4.3. */
  category: z.string().regex(/^[A-Z]$/),
  severity: z.enum(["fatal", "high", "medium", "low"]),
  words: z.strictObject({
    "zh-CN": z.array(z.string().min(1).max(40)).max(300),
    en: z.array(z.string().min(1).max(60)).max(300),
  }),
  /** What to say instead of one of its words, where there is a wording that says the same and may be said. */
  instead: z.record(z.string().min(1).max(60), z.string().min(1).max(200)).exactOptional(),
});
export const LexiconSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  title: LocalTextSchema,
  entries: z.array(LexiconEntrySchema).min(1),
});
export type Lexicon = z.output<typeof LexiconSchema>;

/** Words in both languages; any one of them counts. */
const WordsSchema = z.strictObject({
  "zh-CN": z.array(z.string().min(1).max(40)).max(100),
  en: z.array(z.string().min(1).max(60)).max(100),
});
export type Words = z.output<typeof WordsSchema>;

/** How a machine looks at an item of the scorecard. */
const ScorecardCheckSchema = z.discriminatedUnion("kind", [
  /** The house says at least one of each group. */
  z.strictObject({ kind: z.literal("says"), groups: z.array(WordsSchema).min(1).max(8) }),
  /** The house says none of these. */
  z.strictObject({ kind: z.literal("says-not"), words: WordsSchema }),
  /** Nothing of these categories of the word lists is found in what the house says. */
  z.strictObject({ kind: z.literal("clean"), categories: z.array(z.string().regex(/^[A-Z]$/)).min(1) }),
  /** If the house says one of `later` at all, it has said one of `first` before. */
  z.strictObject({ kind: z.literal("before"), first: WordsSchema, later: WordsSchema }),
  /** If the debtor says one of `heard`, the house says one of `answered` afterwards. */
  z.strictObject({ kind: z.literal("answers"), heard: WordsSchema, answered: WordsSchema }),
  /** No machine can tell from a text. */
  z.strictObject({ kind: z.literal("people") }),
]);
export type ScorecardCheck = z.output<typeof ScorecardCheckSchema>;

export const ScorecardItemSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]{1,40}$/),
  title: LocalTextSchema,
  points: z.int().min(0).max(100),
  /** Missing it fails the whole conversation. */
  fatal: z.boolean(),
  /** Result codes it speaks of; every one when it is missing. */
  outcomes: z.array(z.string().max(10)).min(1).max(40).optional(),
  check: ScorecardCheckSchema,
  source: SourceSchema.optional(),
});
export type ScorecardItem = z.output<typeof ScorecardItemSchema>;

const ShareSchema = z.number().min(0).max(1);
/** What a conversation is judged by (domain.md 4.4). Points weigh the items against each other; the score is their share in 100. */
export const ScorecardSchema = z.strictObject({
  name: z.string().max(64),
  version: z.string(),
  title: LocalTextSchema,
  source: SourceSchema,
  /** From `pass` on it is good; below `fail` it failed; between them it is for a person to look at. */
  bands: z.strictObject({ pass: z.int().min(1).max(100), fail: z.int().min(0).max(99) }),
  /** Shares of the passed ones that people look at as well: those with a note of the word lists, and those without any. */
  sampling: z.strictObject({ noted: ShareSchema, clean: ShareSchema }),
  items: z.array(ScorecardItemSchema).min(1).max(40),
});
export type Scorecard = z.output<typeof ScorecardSchema>;

/** How a lender's file may write a region, and the zones its clocks may show: several where it lies in more than one. */
export const MarketRegionSchema = z.strictObject({
  names: z.array(z.string().min(1).max(60)).min(1).max(12),
  zones: z.array(z.string().max(40)).min(1).max(8),
});
export type Region = z.output<typeof MarketRegionSchema>;

/** Everything a market ships (design D14): given to lint, compile, policy, QA and the importer; the core never imports it. */
export type MarketPack = {
  readonly market: "cn" | "us" | "uk" | "eu";
  readonly version: string;
  readonly fields: { readonly [key: string]: Field };
  readonly contents: { readonly [id: string]: Content };
  readonly lexicons: { readonly [name: string]: Lexicon };
  readonly rulePacks: { readonly [name: string]: RulePack };
  /** What conversations are judged by; without one only the word lists judge. */
  readonly scorecard?: Scorecard;
  /** Working days of the market. */
  readonly calendar?: ProgramCalendar;
  /** Regions of the market by ISO 3166-2 code, for rules that differ from place to place. */
  readonly regions?: { readonly [code: string]: Region };
  /** Region of a telephone area code, where a country has several zones. */
  readonly areaCodes?: { readonly [code: string]: string };
};
