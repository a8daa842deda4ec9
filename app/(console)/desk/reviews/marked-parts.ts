import type { ConversationFinding, Speaker, Turn } from "#engine/model/conversation";

type Part = { readonly start: number; readonly text: string; readonly finding: ConversationFinding | null };
export type MarkedTurn = { readonly start: number; readonly speaker: Speaker; readonly parts: readonly Part[] };

/**
 * Turns cut where findings begin and end. Places count in all turns with a line break between them (`textOf`); of findings that overlap
 * the first is marked, and what lies outside the text marks nothing.
 */
export function markedParts(turns: readonly Turn[], findings: readonly ConversationFinding[]): readonly MarkedTurn[] {
  const spans = findings
    .flatMap((finding) => (finding.span === null ? [] : [{ finding, ...finding.span }]))
    .sort((left, right) => left.start - right.start || right.end - left.end);
  let start = 0;
  return turns.map(({ speaker, text }) => {
    const turn = { start, speaker, parts: partsOf(text, start, spans) };
    start += text.length + 1;
    return turn;
  });
}

type Span = { readonly start: number; readonly end: number; readonly finding: ConversationFinding };

function partsOf(text: string, offset: number, spans: readonly Span[]): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  const cut = (until: number, finding: ConversationFinding | null) => {
    if (until > at) parts.push({ start: offset + at, text: text.slice(at, until), finding });
    at = Math.max(at, until);
  };
  for (const { start, end, finding } of spans) {
    const [from, to] = [start - offset, Math.min(end - offset, text.length)];
    if (from < at || to <= from) continue;
    cut(from, null);
    cut(to, finding);
  }
  cut(text.length, null);
  return parts;
}
