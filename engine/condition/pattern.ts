import { RE2JS } from "re2js";

/** Most characters of a text a pattern is tried on; what comes after them is not looked at. */
export const PATTERN_TEXT_MAX = 50_000;

/** Tries a text; the pattern may match anywhere in it. */
export type Matcher = (text: string) => boolean;

/**
 * A pattern by RE2: time linear in the text whatever is written, no look-around, no back-references. Null when RE2 refuses it
 * (`patternProblem` says why).
 */
export function matcherOf(pattern: string): Matcher | null {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text.length > PATTERN_TEXT_MAX ? text.slice(0, PATTERN_TEXT_MAX) : text).find();
  } catch {
    return null;
  }
}

/** What RE2 says against a pattern, or null when it takes it. */
export function patternProblem(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
