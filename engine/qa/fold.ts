import traditional from "./traditional.json";
import { SKIPPED, UNSURE } from "./word-finder";

/** Traditional characters a word list is met in, folded to the simplified ones it is written in. */
const SIMPLIFIED: ReadonlyMap<string, string> = new Map(Object.entries(traditional));
/** What people put between the characters of a forbidden word: blanks, punctuation, symbols, invisible and combining characters. */
const FILLER = /^[\p{Z}\p{P}\p{S}\p{C}\p{M}]$/u;

/** A text as the word lists read it, and for each character where it stood. */
export type Folded = {
  readonly text: string;
  /** Index into the original of the character each folded one came from. */
  readonly starts: readonly number[];
  /** Index right behind it. */
  readonly ends: readonly number[];
};

/** Characters already folded: texts repeat a few hundred of them, and normalising each anew is most of the work. */
const foldedCharacters = new Map<string, string>();
const FOLDED_CHARACTERS_MAX = 20_000;

function foldCharacter(character: string): string {
  const known = foldedCharacters.get(character);
  if (known !== undefined) return known;
  const folded = [...character.normalize("NFKC").toLowerCase()]
    .filter((plain) => !FILLER.test(plain))
    .map((plain) => SIMPLIFIED.get(plain) ?? plain)
    .join("");
  if (foldedCharacters.size >= FOLDED_CHARACTERS_MAX) foldedCharacters.clear();
  foldedCharacters.set(character, folded);
  return folded;
}

/**
 * Full-width letters become half-width, capitals small, traditional characters simplified; fillers fall out. Spans of what is
 * found lead back to the original text.
 */
export function fold(text: string): Folded {
  let folded = "";
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const character of text) {
    const end = at + character.length;
    const plain = foldCharacter(character);
    folded += plain;
    for (let unit = 0; unit < plain.length; unit += 1) {
      starts.push(at);
      ends.push(end);
    }
    at = end;
  }
  return { text: folded, starts, ends };
}

const CODE_UNITS = 0x10000;
/** Folded code units, plus `KNOWN` where they have been asked for. */
const foldedCodes = new Int32Array(CODE_UNITS);
const KNOWN = 3;

/** What `fold` makes of one code unit of a text; `UNSURE` for halves of characters and characters that become several. */
export function foldedCode(code: number): number {
  const known = foldedCodes[code] ?? 0;
  if (known !== 0) return known - KNOWN;
  const folded = isSurrogate(code) ? UNSURE : singleCode(foldCharacter(String.fromCharCode(code)));
  foldedCodes[code] = folded + KNOWN;
  return folded;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

function singleCode(folded: string): number {
  if (folded === "") return SKIPPED;
  return folded.length === 1 ? folded.charCodeAt(0) : UNSURE;
}
