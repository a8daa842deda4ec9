import { writtenWords } from "../channels/render";
import type { Channel, Content } from "../model/content";
import type { IssueParams, IssueSeverity } from "../model/issue";
import { LOCALES, type Locale } from "../model/locale";
import type { MarketPack, RulePack } from "../model/market-pack";
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

/**
 * What the gate would have against a text, said while it is written. The language the market's people are written to decides; what
 * is wrong in another language is a warning, since nobody is sent it. What a value might still bring is a warning as well.
 */
export function textFindings(content: Content, channel: Channel, law: TextLaw): readonly TextFinding[] {
  const sent = localeOf(law.market);
  return LOCALES.filter((locale) => locale === sent || content.text[locale] !== undefined).flatMap((locale) => {
    const found = [...ruleFindings({ content, channel, locale }, law), ...wordFindings({ content, locale }, law)];
    return locale === sent ? found : found.map((one) => ({ ...one, severity: "warning" as const }));
  });
}

type Written = { readonly content: Content; readonly locale: Locale };

function ruleFindings(
  { content, channel, locale }: Written & { readonly channel: Channel },
  { rulePack }: TextLaw,
): readonly TextFinding[] {
  const { words, hasPlaces } = writtenWords(content, locale);
  return wordsAhead(rulePack, { channel, text: words }).map(({ reason, severity, certain }) => {
    const missing = reason.code === "policy.content-missing";
    const blocks = severity === "block" && certain && !(missing && hasPlaces);
    const params = { ...reason.params, law: reason.rule, channel, language: locale };
    return { code: missing ? "law.content-missing" : "law.content-banned", severity: severityOf(blocks), params };
  });
}

function severityOf(blocks: boolean): IssueSeverity {
  return blocks ? "error" : "warning";
}

/** Each word once, however often the text says it. */
function wordFindings({ content, locale }: Written, { lexicons }: TextLaw): readonly TextFinding[] {
  const { words } = writtenWords(content, locale);
  const found = new Map<string, TextFinding>();
  for (const lexicon of Object.values(lexicons)) {
    for (const { word, category, severity } of checkText(words, lexicon).findings) {
      const said = SEVERITY_OF_WORD[severity];
      if (said !== undefined) found.set(word, { ...said, params: { word, category, severity, language: locale } });
    }
  }
  return [...found.values()];
}
