/** Largest returned mail that is read: servers cut what they return, and only its first lines matter. */
export const MAIL_BYTES_MAX = 2 * 1024 * 1024;
const PARTS_MAX = 20;
const HEADERS_MAX = 200;

export type MailPart = { readonly headers: ReadonlyMap<string, string>; readonly body: string };

/** Header fields (lower-case names, the first of each) and body of a message, folded lines joined (RFC 5322). */
export function splitPart(text: string): MailPart {
  const lines = text.replaceAll("\r\n", "\n");
  const end = lines.search(/(^|\n)\n/);
  const head = end < 0 ? lines : lines.slice(0, end);
  const body = end < 0 ? "" : lines.slice(end).replace(/^\n{1,2}/, "");
  return { headers: fieldsOf(head), body };
}

/** Fields of a block of `Name: value` lines. */
export function fieldsOf(block: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\n[ \t]+/g, " ").split("\n", HEADERS_MAX)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && /^[!-9;-~]+$/.test(name) && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

/** Type of a part and one of its parameters (`multipart/report; boundary="x"`). */
export function contentTypeOf({ headers }: MailPart): {
  readonly type: string;
  readonly of: (name: string) => string | null;
} {
  const written = headers.get("content-type") ?? "text/plain";
  const type = (written.split(";", 1)[0] ?? "").trim().toLowerCase();
  const of = (name: string): string | null => {
    const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, "i").exec(written);
    return found?.[1] ?? found?.[2] ?? null;
  };
  return { type, of };
}

/** Parts of a multipart body, at most `PARTS_MAX`; none without a boundary. */
export function partsOf(part: MailPart): readonly MailPart[] {
  const boundary = contentTypeOf(part).of("boundary");
  if (boundary === null) return [];
  const pieces = `\n${part.body}`.split(`\n--${boundary}`);
  return pieces
    .slice(1, PARTS_MAX + 1)
    .filter((piece) => !piece.startsWith("--"))
    .map((piece) => splitPart(piece.replace(/^[ \t]*\n/, "")));
}
