/** A word at a place of a text: indices of its first character and of the one behind its last. */
export type Occurrence = { readonly word: number; readonly start: number; readonly end: number };

/** Finds many words in one pass over a text (Aho and Corasick 1975). */
export type WordFinder = {
  /** Every occurrence, in the order in which they end. */
  readonly find: (text: string) => readonly Occurrence[];
  /**
   * False when the text, read through `folded`, holds none of the words; true when it does, or when `folded` does not know.
   * Makes nothing, because nearly every text is clean.
   */
  readonly mayHold: (text: string, folded: FoldedCode) => boolean;
};

/** UTF-16 code unit a code unit is read as; `SKIPPED` = as nothing; `UNSURE` = look at the text character by character. */
export type FoldedCode = (code: number) => number;
export const SKIPPED = -1;
export const UNSURE = -2;

type State = {
  /** By code point. */
  readonly next: Map<number, number>;
  /** State of the longest proper suffix that is also a beginning of some word. */
  fallback: number;
  /** Words that end here, by index, those of the fallback states included. */
  readonly found: number[];
};

const ROOT = 0;
const CODE_UNITS = 0x10000;

function emptyState(): State {
  return { next: new Map(), fallback: ROOT, found: [] };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function addWord(states: State[], word: string, index: number): void {
  let at = ROOT;
  for (const character of word) {
    const code = codeOf(character);
    const known = states[at]?.next.get(code);
    if (known === undefined) {
      states.push(emptyState());
      states[at]?.next.set(code, states.length - 1);
      at = states.length - 1;
    } else at = known;
  }
  states[at]?.found.push(index);
}

function follow(states: readonly State[], from: number, code: number): number {
  let at = from;
  for (;;) {
    const next = states[at]?.next.get(code);
    if (next !== undefined) return next;
    if (at === ROOT) return ROOT;
    at = states[at]?.fallback ?? ROOT;
  }
}

/** Breadth first: the fallback of a state is known before its children ask for it. */
function linkFallbacks(states: readonly State[]): void {
  const waiting = [...(states[ROOT]?.next.values() ?? [])];
  for (let index = 0; index < waiting.length; index += 1) {
    const state = states[waiting[index] ?? ROOT];
    if (state === undefined) continue;
    state.found.push(...(states[state.fallback]?.found ?? []));
    for (const [code, child] of state.next) {
      const childState = states[child];
      if (childState !== undefined) childState.fallback = follow(states, state.fallback, code);
      waiting.push(child);
    }
  }
}

/** A finder for a list of words; empty words are never found. */
export function wordFinder(words: readonly string[]): WordFinder {
  const states: State[] = [emptyState()];
  words.forEach((word, index) => {
    if (word !== "") addWord(states, word, index);
  });
  linkFallbacks(states);
  return { find: (text) => occurrencesIn(text, states, words), mayHold: linkMayHold(states) };
}

function occurrencesIn(text: string, states: readonly State[], words: readonly string[]): readonly Occurrence[] {
  const occurrences: Occurrence[] = [];
  let at = ROOT;
  let end = 0;
  for (const character of text) {
    end += character.length;
    at = follow(states, at, codeOf(character));
    for (const word of states[at]?.found ?? []) {
      occurrences.push({ word, start: end - (words[word]?.length ?? 0), end });
    }
  }
  return occurrences;
}

function linkMayHold(states: readonly State[]): WordFinder["mayHold"] {
  // Most characters begin no word: one look-up keeps the reader at the root.
  const begins = new Uint8Array(CODE_UNITS);
  for (const code of states[ROOT]?.next.keys() ?? []) if (code < CODE_UNITS) begins[code] = 1;
  return (text, folded) => {
    let at = ROOT;
    for (let index = 0; index < text.length; index += 1) {
      const code = folded(text.charCodeAt(index));
      if (code === SKIPPED) continue;
      if (code === UNSURE) return true;
      if (at === ROOT && begins[code] === 0) continue;
      at = follow(states, at, code);
      if ((states[at]?.found.length ?? 0) > 0) return true;
    }
    return false;
  };
}
