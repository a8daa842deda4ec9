import type { Content, Locale, PlacedFinding } from "#engine";

/** What taking a suggestion makes of a part of a text, and where its caret then stands. */
export type Rewrite = { readonly part: "subject" | "text"; readonly text: string; readonly caret: number };

const ENDS_A_SENTENCE = /[。！？.!?；;，,]\s*$/;
const CHINESE_END = /[\p{Script=Han}]\s*$/u;

/** The text with a finding's suggestion taken: said instead, or added at the end. Null = there is none. */
export function rewritten(content: Content, locale: Locale, { at, suggestion }: PlacedFinding): Rewrite | null {
  if (suggestion === null) return null;
  if (at === null) {
    const before = content.text[locale] ?? "";
    const joint = before === "" || ENDS_A_SENTENCE.test(before) ? "" : CHINESE_END.test(before) ? "，" : " ";
    const text = `${before}${joint}${suggestion}`;
    return { part: "text", text, caret: text.length };
  }
  const written = content[at.part]?.[locale] ?? "";
  const text = `${written.slice(0, at.start)}${suggestion}${written.slice(at.end)}`;
  return { part: at.part, text, caret: at.start + suggestion.length };
}
