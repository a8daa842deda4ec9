/** A stretch of a text that is shown differently; `place` is where a value comes in. */
export type Mark = { readonly start: number; readonly end: number; readonly kind: "error" | "warning" | "place" };
export type Segment = { readonly text: string; readonly start: number; readonly kind: Mark["kind"] | null };

const PLACE = /\{\{[^{}]*\}\}/g;
/** Where several marks lie over each other, the worst is shown. */
const ORDER: readonly Mark["kind"][] = ["place", "warning", "error"];

/** Places of a text where values come in. */
export function placeMarks(text: string): readonly Mark[] {
  return [...text.matchAll(PLACE)].map(({ index, 0: place }) => ({
    start: index,
    end: index + place.length,
    kind: "place",
  }));
}

/** A text cut where its marks begin and end; put together again it is the text. */
export function segmentsOf(text: string, marks: readonly Mark[]): readonly Segment[] {
  const cuts = [0, text.length, ...marks.flatMap(({ start, end }) => [start, end])];
  const sorted = [...new Set(cuts)].filter((at) => at >= 0 && at <= text.length).sort((left, right) => left - right);
  return sorted.slice(0, -1).map((start, index) => {
    const end = sorted[index + 1] ?? text.length;
    const over = marks.filter((mark) => mark.start <= start && mark.end >= end).map(({ kind }) => ORDER.indexOf(kind));
    return { text: text.slice(start, end), start, kind: ORDER[Math.max(-1, ...over)] ?? null };
  });
}
