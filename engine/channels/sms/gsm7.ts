/** Characters of the GSM 03.38 default alphabet in its order, the escape (0x1B) left out; they take one 7-bit place each. */
const GSM_7 =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const ESCAPE = 0x1b;
/** Characters of its extension table: an escape and a place, so two. */
const EXTENDED: ReadonlyMap<string, number> = new Map([
  ["\f", 0x0a],
  ["^", 0x14],
  ["{", 0x28],
  ["}", 0x29],
  ["\\", 0x2f],
  ["[", 0x3c],
  ["~", 0x3d],
  ["]", 0x3e],
  ["|", 0x40],
  ["€", 0x65],
]);

const CODES: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ...[...GSM_7].map((character, index) => [character, [index < ESCAPE ? index : index + 1]] as const),
  ...[...EXTENDED].map(([character, code]) => [character, [ESCAPE, code]] as const),
]);

/** The codes of a character, one or two; null = the alphabet has no such character. */
export function gsm7Of(character: string): readonly number[] | null {
  return CODES.get(character) ?? null;
}
