import { z } from "zod";
import type { QaVerdictCode } from "./execution";

/**
 * What is left of a conversation. `transcript`: every turn as it was said; `summary`: somebody's or something's account of it;
 * `note`: what the person who held it wrote down.
 */
export const CONVERSATION_KINDS = ["transcript", "summary", "note"] as const;
export type ConversationKind = (typeof CONVERSATION_KINDS)[number];

/** Who said it. Words of `unknown` are read as the house's own, but nobody is failed for them without a person's look. */
export const SPEAKERS = ["house", "debtor", "unknown"] as const;
export type Speaker = (typeof SPEAKERS)[number];
export type Turn = { readonly speaker: Speaker; readonly text: string };

/**
 * Longest conversation that is kept, UTF-16 code units of all turns with a line break between them: over an hour of talk, and as
 * much as one look of the text check reads (`QA_TEXT_MAX`). The rest is cut off, and a cut conversation never passes unseen.
 */
export const CONVERSATION_TEXT_MAX = 20_000;
/** Most turns that are kept; an hour's call has a few hundred. */
export const CONVERSATION_TURNS_MAX = 1000;

export type Conversation = {
  readonly kind: ConversationKind;
  readonly turns: readonly Turn[];
  /** Its end was cut off. */
  readonly isCut: boolean;
};

/** As others bring it, of any length: turns by speaker, or one text. */
export const BroughtConversationSchema = z.union([
  z.object({ kind: z.enum(CONVERSATION_KINDS), text: z.string() }),
  z.object({
    kind: z.enum(CONVERSATION_KINDS),
    turns: z.array(z.object({ speaker: z.enum(SPEAKERS).catch("unknown"), text: z.string() })),
  }),
]);
export type BroughtConversation = z.output<typeof BroughtConversationSchema>;

/** A conversation within its bounds; null = nothing was said. A note is the house's own words, other bare texts are nobody's. */
export function boundedConversation(brought: BroughtConversation): Conversation | null {
  const { kind } = brought;
  const all: readonly Turn[] =
    "turns" in brought ? brought.turns : [{ speaker: kind === "note" ? "house" : "unknown", text: brought.text }];
  const said = all
    .map(({ speaker, text }) => ({ speaker, text: storable(text).trim() }))
    .filter(({ text }) => text !== "");
  const turns: Turn[] = [];
  let left = CONVERSATION_TEXT_MAX;
  for (const { speaker, text } of said) {
    if (left <= 0 || turns.length >= CONVERSATION_TURNS_MAX) break;
    turns.push({ speaker, text: storable(text.slice(0, left)) });
    left -= text.length + 1;
  }
  if (turns.length === 0) return null;
  return { kind, turns, isCut: turns.length < said.length || left < -1 };
}

/** Neither NUL nor half a character: the database has no place for them. */
function storable(text: string): string {
  return text.replaceAll("\u0000", "").replace(/\p{Surrogate}/gu, "\ufffd");
}

/** All turns as one text, which places of findings count in. */
export function textOf({ turns }: Pick<Conversation, "turns">): string {
  return turns.map(({ text }) => text).join("\n");
}

/** Something a check found. `rule`: a word list's category, an item of the scorecard, or an outside judge's own name. */
export type ConversationFinding = {
  readonly source: "words" | "scorecard" | "judge";
  readonly rule: string;
  readonly severity: "low" | "medium" | "high" | "fatal";
  /** Where it stands in `textOf`; null = the whole of it, or something that is missing. */
  readonly span: { readonly start: number; readonly end: number } | null;
  readonly evidence: string;
};

/** How a conversation was judged. */
export type ConversationJudgement = {
  readonly verdict: QaVerdictCode;
  /** 0 to 100, of the items that could be checked; null = none could. */
  readonly score: number | null;
  readonly findings: readonly ConversationFinding[];
  /** Items of the scorecard that a machine cannot check in this text; for whoever looks. */
  readonly unchecked: readonly string[];
  /** Outside judges that gave no answer. */
  readonly silent: readonly string[];
  /** Of the word lists and the scorecard, and of the outside judges. */
  readonly judgedBy: readonly string[];
};

/** Why a person looks: it failed, it was in doubt, or it is one of the sample of those that passed. */
export const REVIEW_REASONS = ["fail", "doubt", "sample"] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];
/** What a reviewer may decide: the check was right, it was wrong, or something has to be done first. */
export const REVIEW_DECISIONS = ["confirmed", "overturned", "follow-up"] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];
export type ReviewState = "open" | ReviewDecision;
