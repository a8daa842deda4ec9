/** A word at a place of a text: indices of its first character and of the one behind its last. */
export type Occurrence = { readonly word: number; readonly start: number; readonly end: number };

/** Finds every occurrence of many words in one pass over a text (Aho and Corasick 1975). */
export type WordFinder = (text: string) => readonly Occurrence[];

type State = {
  readonly next: Map<string, number>;
  /** State of the longest proper suffix that is also a beginning of some word. */
  fallback: number;
  /** Words that end here, by index, those of the fallback states included. */
  readonly found: number[];
};

const ROOT = 0;

function emptyState(): State {
  return { next: new Map(), fallback: ROOT, found: [] };
}

function addWord(states: State[], word: string, index: number): void {
  let at = ROOT;
  for (const character of word) {
    const known = states[at]?.next.get(character);
    if (known === undefined) {
      states.push(emptyState());
      states[at]?.next.set(character, states.length - 1);
      at = states.length - 1;
    } else at = known;
  }
  states[at]?.found.push(index);
}

function follow(states: readonly State[], from: number, character: string): number {
  let at = from;
  for (;;) {
    const next = states[at]?.next.get(character);
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
    for (const [character, child] of state.next) {
      const childState = states[child];
      if (childState !== undefined) childState.fallback = follow(states, state.fallback, character);
      waiting.push(child);
    }
  }
}

/** A finder for a list of words; empty words are never found. Occurrences come in the order in which they end. */
export function wordFinder(words: readonly string[]): WordFinder {
  const states: State[] = [emptyState()];
  words.forEach((word, index) => {
    if (word !== "") addWord(states, word, index);
  });
  linkFallbacks(states);
  return (text) => {
    const occurrences: Occurrence[] = [];
    let at = ROOT;
    let end = 0;
    for (const character of text) {
      end += character.length;
      at = follow(states, at, character);
      for (const word of states[at]?.found ?? []) {
        occurrences.push({ word, start: end - (words[word]?.length ?? 0), end });
      }
    }
    return occurrences;
  };
}
