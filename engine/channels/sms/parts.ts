import { gsm7Of } from "./gsm7";

/** Places of one message, and of one part of a longer one, whose header takes the rest (3GPP TS 23.040). */
const PLACES = { gsm7: { single: 160, part: 153 }, ucs2: { single: 70, part: 67 } } as const;

export type SmsEncoding = keyof typeof PLACES;
export type SmsParts = { readonly encoding: SmsEncoding; readonly parts: number };

function encodingOf(text: string): SmsEncoding {
  for (const character of text) if (gsm7Of(character) === null) return "ucs2";
  return "gsm7";
}

/** Places a character takes in an encoding. One character is never split over two parts. */
function widthOf(character: string, encoding: SmsEncoding): number {
  return encoding === "ucs2" ? character.length : (gsm7Of(character)?.length ?? 1);
}

/** The messages a text is sent as, in order. The empty text is still one message. */
export function splitSms(text: string): { readonly encoding: SmsEncoding; readonly texts: readonly string[] } {
  const encoding = encodingOf(text);
  const places = PLACES[encoding];
  const texts: string[] = [];
  let part = "";
  let used = 0;
  let total = 0;
  for (const character of text) {
    const width = widthOf(character, encoding);
    if (used + width > places.part) {
      texts.push(part);
      part = "";
      used = 0;
    }
    part += character;
    used += width;
    total += width;
  }
  return { encoding, texts: total <= places.single ? [text] : [...texts, part] };
}

/** Into how many billed messages a text falls. */
export function smsParts(text: string): SmsParts {
  const { encoding, texts } = splitSms(text);
  return { encoding, parts: texts.length };
}
