import { type WrittenSpan, writtenWords } from "../channels/render";
import type { Channel, Content } from "../model/content";
import type { IssueParams, IssueSeverity } from "../model/issue";
import { canonicalJson } from "../model/json";
import { LOCALES, type Locale } from "../model/locale";
import type { Lexicon, MarketPack, RulePack } from "../model/market-pack";
import { wordsAhead } from "../policy/ask-ahead";
import { checkText } from "../qa/check-text";
import { localeOf } from "./locale-of";

/** Something the law or the word lists of a market have against a text as it is written; `code` is an issue's. */
export type TextFinding = { readonly code: string; readonly severity: IssueSeverity; readonly params: IssueParams };

export type TextLaw = {
  readonly market: MarketPack["market"];
  readonly rulePack: RulePack;
  readonly lexicons: MarketPack["lexicons"];
};

/** Word findings the gate refuses a text for, and those that want a person's look. */
const SEVERITY_OF_WORD: { readonly [severity: string]: { readonly code: string; readonly severity: IssueSeverity } } = {
  fatal: { code: "law.word-banned", severity: "error" },
  high: { code: "law.word-banned", severity: "error" },
  medium: { code: "law.word-doubtful", severity: "warning" },
};

/** A finding with the stretch of the text it is about. */
export type PlacedFinding = TextFinding & {
  /** Null when it is about what the text does not say. */
  readonly at: WrittenSpan | null;
  /** What to say instead, or what to add; null = nobody has a ready wording. */
  readonly suggestion: string | null;
};

/**
 * What the gate would have against a text, said while it is written. The language the market's people are written to decides; what
 * is wrong in another language is a warning, since nobody is sent it. What a value might still bring is a warning as well.
 */
export function textFindings(content: Content, channel: Channel, law: TextLaw): readonly TextFinding[] {
  const sent = localeOf(law.market);
  return LOCALES.filter((locale) => locale === sent || content.text[locale] !== undefined).flatMap((locale) =>
    onceEach(placedFindings({ content, channel, locale }, law)),
  );
}

/** Each objection once, however often the text gives cause for it. */
function onceEach(found: readonly PlacedFinding[]): readonly TextFinding[] {
  const told = new Map<string, TextFinding>();
  for (const { code, severity, params } of found) {
    const key = canonicalJson([code, params]);
    if (!told.has(key)) told.set(key, { code, severity, params });
  }
  return [...told.values()];
}

export type Written = { readonly content: Content; readonly channel: Channel; readonly locale: Locale };

/** The same for one language of a text, at every place that gives cause, with what to say instead where somebody has written it. */
export function placedFindings(written: Written, law: TextLaw): readonly PlacedFinding[] {
  const found = [...ruleFindings(written, law), ...wordFindings(written, law)];
  if (written.locale === localeOf(law.market)) return found;
  return found.map((one) => ({ ...one, severity: "warning" as const }));
}

function ruleFindings({ content, channel, locale }: Written, { rulePack }: TextLaw): readonly PlacedFinding[] {
  const { words, hasPlaces, writtenAt } = writtenWords(content, locale);
  return wordsAhead(rulePack, { channel, text: words }).flatMap(
    ({ reason, severity, certain }): readonly PlacedFinding[] => {
      const missing = reason.code === "policy.content-missing";
      const blocks = severity === "block" && certain && !(missing && hasPlaces);
      const params = { ...reason.params, law: reason.rule, channel, language: locale };
      const code = missing ? "law.content-missing" : "law.content-banned";
      const finding = {
        code,
        severity: severityOf(blocks),
        params,
        suggestion: missing ? readyWording(reason.params.example) : null,
      };
      const spans = missing ? [] : occurrences(words, String(reason.params.phrase));
      return spans.length === 0
        ? [{ ...finding, at: null }]
        : spans.map(({ start, end }) => ({ ...finding, at: writtenAt(start, end) }));
    },
  );
}

/** A demand may be met by a sign or by one word ("【"), which is nothing one could add as it stands. */
const WORDING_MIN = 4;

function readyWording(example: unknown): string | null {
  const wording = String(example);
  return [...wording].length < WORDING_MIN ? null : wording;
}

/** Every place of a phrase, whatever the case. */
function occurrences(text: string, phrase: string): readonly { readonly start: number; readonly end: number }[] {
  const [lower, wanted] = [text.toLowerCase(), phrase.toLowerCase()];
  const spans: { start: number; end: number }[] = [];
  for (let start = lower.indexOf(wanted); start >= 0 && wanted !== ""; start = lower.indexOf(wanted, start + 1)) {
    spans.push({ start, end: start + wanted.length });
  }
  return spans;
}

function severityOf(blocks: boolean): IssueSeverity {
  return blocks ? "error" : "warning";
}

function wordFindings({ content, locale }: Written, { lexicons }: TextLaw): readonly PlacedFinding[] {
  const { words, writtenAt } = writtenWords(content, locale);
  return Object.values(lexicons).flatMap((lexicon) =>
    checkText(words, lexicon).findings.flatMap(({ word, category, severity, start, end }): readonly PlacedFinding[] => {
      const said = SEVERITY_OF_WORD[severity];
      if (said === undefined) return [];
      const params = { word, category, severity, language: locale };
      return [{ ...said, params, at: writtenAt(start, end), suggestion: insteadOf(lexicon, word) }];
    }),
  );
}

function insteadOf(lexicon: Lexicon, word: string): string | null {
  for (const { instead } of lexicon.entries) {
    if (instead !== undefined && Object.hasOwn(instead, word)) return instead[word] ?? null;
  }
  return null;
}
