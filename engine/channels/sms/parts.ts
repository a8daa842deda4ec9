/** Characters of the GSM 03.38 default alphabet, which take one 7-bit place each. */
const GSM_7 =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** Characters of its extension table: an escape and a place, so two. */
const GSM_7_EXTENDED = "^{}\\[~]|€\f";

/** Places of one message, and of one part of a longer one, whose header takes the rest (3GPP TS 23.040). */
const PLACES = { gsm7: { single: 160, part: 153 }, ucs2: { single: 70, part: 67 } } as const;

export type SmsEncoding = keyof typeof PLACES;
export type SmsParts = { readonly encoding: SmsEncoding; readonly parts: number };

/** Widths of the characters in places of the encoding. One character is never split over two parts. */
function widthsOf(text: string): { readonly encoding: SmsEncoding; readonly widths: readonly number[] } {
  const characters = [...text];
  const gsm7 = characters.every((character) => GSM_7.includes(character) || GSM_7_EXTENDED.includes(character));
  if (gsm7) {
    return { encoding: "gsm7", widths: characters.map((character) => (GSM_7_EXTENDED.includes(character) ? 2 : 1)) };
  }
  return { encoding: "ucs2", widths: characters.map((character) => character.length) };
}

/** Into how many billed messages a text falls. The empty text is still one message. */
export function smsParts(text: string): SmsParts {
  const { encoding, widths } = widthsOf(text);
  const places = PLACES[encoding];
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total <= places.single) return { encoding, parts: 1 };
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > places.part) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return { encoding, parts };
}
