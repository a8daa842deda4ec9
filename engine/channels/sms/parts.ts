/** Characters of the GSM 03.38 default alphabet, which take one 7-bit place each. */
const GSM_7 =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** Characters of its extension table: an escape and a place, so two. */
const GSM_7_EXTENDED = "^{}\\[~]|€\f";

/** Places of one message, and of one part of a longer one, whose header takes the rest (3GPP TS 23.040). */
const PLACES = { gsm7: { single: 160, part: 153 }, ucs2: { single: 70, part: 67 } } as const;

export type SmsEncoding = keyof typeof PLACES;
export type SmsParts = { readonly encoding: SmsEncoding; readonly parts: number };

function encodingOf(text: string): SmsEncoding {
  for (const character of text) if (!GSM_7.includes(character) && !GSM_7_EXTENDED.includes(character)) return "ucs2";
  return "gsm7";
}

/** Places a character takes in an encoding. One character is never split over two parts. */
function widthOf(character: string, encoding: SmsEncoding): number {
  if (encoding === "ucs2") return character.length;
  return GSM_7_EXTENDED.includes(character) ? 2 : 1;
}

function placesTaken(text: string, encoding: SmsEncoding): number {
  if (encoding === "ucs2") return text.length;
  let places = 0;
  for (const character of text) places += widthOf(character, encoding);
  return places;
}

/** Into how many billed messages a text falls. The empty text is still one message. */
export function smsParts(text: string): SmsParts {
  const encoding = encodingOf(text);
  const places = PLACES[encoding];
  if (placesTaken(text, encoding) <= places.single) return { encoding, parts: 1 };
  let parts = 1;
  let used = 0;
  for (const character of text) {
    const width = widthOf(character, encoding);
    if (used + width > places.part) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return { encoding, parts };
}
