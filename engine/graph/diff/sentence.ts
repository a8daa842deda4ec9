import { LOCALES, type Locale } from "../../model/locale";
import type { Finding } from "./document";
import { type DiffReading, diffWord } from "./reading";
import type { Given } from "./structure";

/** Longest value quoted in a sentence; the whole stands beside it. */
const QUOTED_MAX = 120;

/** A change in one language. */
export type ChangeWords = {
  /** What it is about: the step's name. */
  readonly subject: string;
  /** Which part of it: names of fields and items, from the outside in; empty = all of it. */
  readonly place: string;
  /** What stood there and stands there now, whole; null = nothing. */
  readonly before: string | null;
  readonly after: string | null;
  readonly sentence: string;
};

function clipped(text: string): string {
  return text.length <= QUOTED_MAX ? text : `${text.slice(0, QUOTED_MAX - 1)}…`;
}

export function wordsOf(finding: Finding): { readonly [locale in Locale]: ChangeWords } {
  const entries = LOCALES.map((locale) => [locale, wordsIn(locale, finding)] as const);
  return Object.fromEntries(entries) as { readonly [locale in Locale]: ChangeWords };
}

function wordsIn(locale: Locale, { difference, name, readings }: Finding): ChangeWords {
  const { kind, labels, tell } = difference;
  const reading = { before: readings.before(locale), after: readings.after(locale) };
  const told = (value: Given, side: DiffReading): string | null => (value === undefined ? null : tell(value, side));
  const before = told(difference.before, reading.before);
  const after = told(difference.after, reading.after);
  const place = labels
    .filter(({ silent }, index) => silent !== true || index === labels.length - 1)
    .map((label) => label(kind === "removed" ? reading.before : reading.after))
    .join(diffWord(locale, "place-separator"));
  const subject = name(kind === "removed" && labels.length === 0 ? reading.before : reading.after);
  const none = diffWord(locale, "none");
  const whole = labels.length === 0 && (kind === "added" || kind === "removed");
  const sentence = diffWord(locale, whole ? `whole-${kind}` : kind, {
    subject,
    place,
    before: clipped(before ?? none),
    after: clipped(after ?? none),
  });
  return { subject, place, before, after, sentence };
}
