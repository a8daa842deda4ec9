import type { QaVerdictCode } from "../model/execution";
import type { Lexicon } from "../model/market-pack";
import { isExcused } from "./exceptions";
import { type Folded, fold, foldedCode } from "./fold";
import { type WordFinder, wordFinder } from "./word-finder";

/** Longest text that is checked; a longer one is refused unread, because an unchecked text must not leave. */
export const QA_TEXT_MAX = 20_000;
/** Most findings that are told; the verdict takes all of them into account. */
const FINDINGS_MAX = 200;
/** Most blanks or signs between two characters of one word; beyond it they belong to different sentences. */
const FILLERS_MAX = 4;
/** Category of the finding "too long to be checked"; the others are the lexicon's own letters. */
const TOO_LONG = "length";

type Severity = Lexicon["entries"][number]["severity"];
const SEVERITY_ORDER: readonly Severity[] = ["low", "medium", "high", "fatal"];
const VERDICT_OF: { readonly [severity in Severity]: QaVerdictCode } = {
  fatal: "block",
  high: "block",
  medium: "review",
  low: "pass",
};
const VERDICT_ORDER: readonly QaVerdictCode[] = ["pass", "review", "block"];

/** A word of the list in a text: `start` and `end` are indices into the text as given, `word` is how the list writes it. */
export type QaFinding = {
  readonly category: string;
  /** As listed, or `low` when the text denies or quotes it. */
  readonly severity: Severity;
  readonly word: string;
  readonly start: number;
  readonly end: number;
};

type Checked = { readonly verdict: QaVerdictCode; readonly findings: readonly QaFinding[] };
const NOTHING_FOUND: Checked = { verdict: "pass", findings: [] };

type ListedWord = { readonly word: string; readonly category: string; readonly severity: Severity };
type LinkedLexicon = { readonly words: readonly ListedWord[]; readonly finder: WordFinder };

const linkedLexicons = new WeakMap<Lexicon, LinkedLexicon>();

function linked(lexicon: Lexicon): LinkedLexicon {
  const known = linkedLexicons.get(lexicon);
  if (known !== undefined) return known;
  const words = lexicon.entries.flatMap(({ category, severity, words: lists }) =>
    [...lists["zh-CN"], ...lists.en].map((word) => ({ word, category, severity })),
  );
  const made = { words, finder: wordFinder(words.map(({ word }) => fold(word).text)) };
  linkedLexicons.set(lexicon, made);
  return made;
}

const LATIN_OR_DIGIT = /[\p{Script=Latin}\p{N}]/u;

/** "discuss cumulative" holds "s cum" but not the word: a Latin word must begin and end where a word of the text does. */
function standsAlone(text: string, word: string, span: { readonly start: number; readonly end: number }): boolean {
  const before = text[span.start - 1] ?? "";
  const after = text[span.end] ?? "";
  if (LATIN_OR_DIGIT.test(word[0] ?? "") && LATIN_OR_DIGIT.test(before)) return false;
  return !(LATIN_OR_DIGIT.test(word.at(-1) ?? "") && LATIN_OR_DIGIT.test(after));
}

function isTight(folded: Folded, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at += 1) {
    const gap = (folded.starts[at] ?? 0) - (folded.ends[at - 1] ?? 0);
    if (gap > FILLERS_MAX) return false;
  }
  return true;
}

function byPlace(left: QaFinding, right: QaFinding): number {
  return left.start - right.start || right.end - left.end || (left.word < right.word ? -1 : 1);
}

function verdictOf(findings: readonly QaFinding[]): QaVerdictCode {
  return findings.reduce<QaVerdictCode>((worst, { severity }) => {
    const verdict = VERDICT_OF[severity];
    return VERDICT_ORDER.indexOf(verdict) > VERDICT_ORDER.indexOf(worst) ? verdict : worst;
  }, "pass");
}

/**
 * Reads a text against a word list: full-width, capitals, traditional characters and fillers do not hide a word; denials and
 * quotations of conduct are noted as `low`. Fatal and high findings block, medium ones want a person's look, low ones pass.
 * The same text and list always give the same answer. A text beyond `QA_TEXT_MAX` characters is blocked unread.
 */
export function checkText(text: string, lexicon: Lexicon): Checked {
  if (text.length > QA_TEXT_MAX) {
    const tooLong = { category: TOO_LONG, severity: "fatal" as const, word: "", start: QA_TEXT_MAX, end: text.length };
    return { verdict: "block", findings: [tooLong] };
  }
  const { words, finder } = linked(lexicon);
  if (!finder.mayHold(text, foldedCode)) return NOTHING_FOUND;
  const folded = fold(text);
  const findings = finder.find(folded.text).flatMap((occurrence): readonly QaFinding[] => {
    const listed = words[occurrence.word];
    const start = folded.starts[occurrence.start];
    const end = folded.ends[occurrence.end - 1];
    if (listed === undefined || start === undefined || end === undefined) return [];
    if (!isTight(folded, occurrence.start, occurrence.end) || !standsAlone(text, listed.word, { start, end }))
      return [];
    const excused = isExcused(text, { category: listed.category, start, end });
    return [{ ...listed, severity: excused ? "low" : listed.severity, start, end }];
  });
  const worstFirst = [...findings].sort(
    (left, right) =>
      SEVERITY_ORDER.indexOf(right.severity) - SEVERITY_ORDER.indexOf(left.severity) || byPlace(left, right),
  );
  return { verdict: verdictOf(findings), findings: worstFirst.slice(0, FINDINGS_MAX).sort(byPlace) };
}
