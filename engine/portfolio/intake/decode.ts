import { type Issue, issue } from "../../model/issue";
import { err, ok, type Result } from "../../model/result";
import { INTAKE_LIMITS } from "./limits";

export const ENCODINGS = ["utf-8", "gb18030", "utf-16le", "utf-16be", "big5", "windows-1252"] as const;
export type Encoding = (typeof ENCODINGS)[number];

export type DecodedText = {
  readonly text: string;
  readonly encoding: Encoding;
  /** True when nothing in the file says so and nobody said it: text that is not UTF-8 is read as GB18030. */
  readonly assumed: boolean;
};

/** First bytes of things people upload instead of a text. */
const OTHER_FORMATS: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ["xlsx", [0x50, 0x4b, 0x03, 0x04]],
  ["xls", [0xd0, 0xcf, 0x11, 0xe0]],
  ["gzip", [0x1f, 0x8b]],
  ["pdf", [0x25, 0x50, 0x44, 0x46]],
];
const MARKS: readonly (readonly [encoding: Encoding, bytes: readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];
/** How much of the beginning is looked at to recognise UTF-16 without a mark. */
const SNIFFED_BYTES = 4096;
/** Plain text in UTF-16 has a zero in about every second byte; no other text has. */
const UTF16_ZERO_SHARE = 0.3;

/**
 * Text of a file: the encoding asked for, else by its byte order mark, else UTF-16 by its zeros, else UTF-8 when it is valid,
 * else GB18030 (GBK and GB2312 are parts of it). Issues: `intake.file-empty`, `intake.file-too-large`,
 * `intake.not-text`, `intake.encoding-unknown`. Line ends come out as `\n`.
 */
export function decodeText(bytes: Uint8Array, asked: Encoding | null): Result<DecodedText, readonly Issue[]> {
  if (bytes.length === 0) return err([issue("intake.file-empty")]);
  if (bytes.length > INTAKE_LIMITS.fileBytes) {
    return err([issue("intake.file-too-large", {}, { bytes: bytes.length, maximum: INTAKE_LIMITS.fileBytes })]);
  }
  const other = OTHER_FORMATS.find(([, first]) => beginsWith(bytes, first));
  if (other !== undefined) return err([issue("intake.not-text", {}, { format: other[0] })]);
  for (const [encoding, assumed] of candidates(bytes, asked)) {
    const text = decodeAs(bytes, encoding);
    if (text !== null) return ok({ text: text.replace(/\r\n?/g, "\n"), encoding, assumed });
  }
  return err([issue("intake.encoding-unknown", {}, { asked: asked ?? "" })]);
}

function candidates(bytes: Uint8Array, asked: Encoding | null): readonly (readonly [Encoding, boolean])[] {
  if (asked !== null) return [[asked, false]];
  const marked = MARKS.find(([, mark]) => beginsWith(bytes, mark));
  if (marked !== undefined) return [[marked[0], false]];
  const unmarked = unmarkedUtf16(bytes);
  if (unmarked !== null) return [[unmarked, false]];
  return [
    ["utf-8", false],
    ["gb18030", true],
  ];
}

function unmarkedUtf16(bytes: Uint8Array): Encoding | null {
  const looked = bytes.subarray(0, SNIFFED_BYTES);
  let evenZeros = 0;
  let oddZeros = 0;
  for (let index = 0; index < looked.length; index += 1) {
    if (looked[index] !== 0) continue;
    if (index % 2 === 0) evenZeros += 1;
    else oddZeros += 1;
  }
  const many = looked.length * UTF16_ZERO_SHARE;
  if (oddZeros > many && evenZeros === 0) return "utf-16le";
  return evenZeros > many && oddZeros === 0 ? "utf-16be" : null;
}

function decodeAs(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function beginsWith(bytes: Uint8Array, first: readonly number[]): boolean {
  return first.every((byte, index) => bytes[index] === byte);
}
