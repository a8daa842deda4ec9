import { type Issue, issue } from "../model/issue";
import type { JsonValue } from "../model/json";
import { childPath } from "../model/json-path";
import { err, ok, type Result } from "../model/result";

/** Member names that reach into prototypes; never a legitimate name in a document of ours. */
export const FORBIDDEN_KEYS: readonly string[] = ["__proto__", "constructor", "prototype"];

export type JsonLimits = { readonly bytes: number; readonly depth: number };
export type Position = { readonly line: number; readonly column: number };

/** Longest piece of offending text an issue quotes. */
const QUOTE_MAX = 40;
/** Looking for places descends no deeper than any document that reads. */
const LOCATE_DEPTH_MAX = 256;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[^\s,:[\]{}"]{1,40}/y;
/** A run of string characters that need no decoding. */
const PLAIN_RUN = /[^"\\]*/y;
/** Below it stand the control characters, which JSON wants escaped. */
const FIRST_PRINTABLE = 0x20;
const LONE_SURROGATE = /\p{Surrogate}/u;
const WHITESPACE = new Set([" ", "\t", "\n", "\r"]);
const LITERALS: { readonly [word: string]: JsonValue } = { true: true, false: false, null: null };
const ESCAPES: { readonly [letter: string]: string } = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Why reading stopped; thrown inside this file only, so that the recursive descent stays readable. */
class JsonProblem extends Error {
  readonly code: string;
  readonly at: number;
  readonly path: string;
  readonly params: { readonly [name: string]: string | number };

  constructor(
    code: string,
    place: { readonly at: number; readonly path: string },
    params: { readonly [name: string]: string | number } = {},
  ) {
    super(code);
    this.code = code;
    this.at = place.at;
    this.path = place.path;
    this.params = params;
  }
}

type Reader = {
  readonly text: string;
  readonly depthMax: number;
  at: number;
  /** Called with the path and offset of every value, when someone wants to know where things stand. */
  readonly visit: ((path: string, at: number) => void) | null;
};

function problem(reader: Reader, code: string, path: string): JsonProblem {
  return new JsonProblem(code, { at: reader.at, path });
}

function skipSpace(reader: Reader, path: string): void {
  while (WHITESPACE.has(reader.text[reader.at] ?? "")) reader.at += 1;
  if (reader.text[reader.at] !== "/") return;
  const next = reader.text[reader.at + 1];
  if (next === "/" || next === "*") throw problem(reader, "json.comment", path);
}

function unexpected(reader: Reader, path: string): JsonProblem {
  if (reader.at >= reader.text.length) return problem(reader, "json.unfinished", path);
  WORD.lastIndex = reader.at;
  const found = WORD.exec(reader.text)?.[0] ?? reader.text[reader.at] ?? "";
  if (/^[+-]?(?:NaN|Infinity)$/.test(found)) {
    return new JsonProblem("json.number", { at: reader.at, path }, { found });
  }
  return new JsonProblem("json.unexpected", { at: reader.at, path }, { found: found.slice(0, QUOTE_MAX) });
}

function readEscape(reader: Reader, path: string): string {
  const letter = reader.text[reader.at + 1] ?? "";
  if (letter === "u") {
    const digits = reader.text.slice(reader.at + 2, reader.at + 6);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw problem(reader, "json.escape", path);
    reader.at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
  const decoded = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  if (decoded === undefined) throw problem(reader, "json.escape", path);
  reader.at += 2;
  return decoded;
}

function refuseControlCharacters(reader: Reader, run: string, path: string): void {
  for (let index = 0; index < run.length; index += 1) {
    if (run.charCodeAt(index) >= FIRST_PRINTABLE) continue;
    throw new JsonProblem("json.control-character", { at: reader.at + index, path });
  }
}

/** Reads a string whose opening quote stands at the reader. */
function readString(reader: Reader, path: string): string {
  const startedAt = reader.at;
  reader.at += 1;
  let value = "";
  for (;;) {
    PLAIN_RUN.lastIndex = reader.at;
    const run = PLAIN_RUN.exec(reader.text)?.[0] ?? "";
    refuseControlCharacters(reader, run, path);
    value += run;
    reader.at += run.length;
    const stop = reader.text[reader.at];
    if (stop === '"') break;
    if (stop === undefined) throw new JsonProblem("json.unfinished", { at: startedAt, path });
    value += readEscape(reader, path);
  }
  reader.at += 1;
  // Half a character has no UTF-8: it would be stored and hashed as something else than was read.
  if (LONE_SURROGATE.test(value)) throw new JsonProblem("json.lone-surrogate", { at: startedAt, path });
  // PostgreSQL cannot store it in a text, so what was read could never be saved.
  if (value.includes("\0")) throw new JsonProblem("json.nul-character", { at: startedAt, path });
  return value;
}

function readNumber(reader: Reader, path: string): number {
  NUMBER.lastIndex = reader.at;
  const digits = NUMBER.exec(reader.text)?.[0];
  if (digits === undefined) throw unexpected(reader, path);
  const next = reader.text[reader.at + digits.length] ?? "";
  WORD.lastIndex = reader.at;
  const found = (WORD.exec(reader.text)?.[0] ?? digits).slice(0, QUOTE_MAX);
  const value = Number(digits);
  // Beyond 2^53 neighbouring integers are the same number: what was written is not what would be stored.
  const inexact = Number.isInteger(value) && !Number.isSafeInteger(value);
  if (/[\w.+-]/.test(next) || !Number.isFinite(value) || inexact) {
    throw new JsonProblem("json.number", { at: reader.at, path }, { found });
  }
  reader.at += digits.length;
  return value === 0 ? 0 : value;
}

function readLiteral(reader: Reader, path: string): JsonValue {
  WORD.lastIndex = reader.at;
  const word = WORD.exec(reader.text)?.[0] ?? "";
  const value = Object.hasOwn(LITERALS, word) ? LITERALS[word] : undefined;
  if (value === undefined) throw unexpected(reader, path);
  reader.at += word.length;
  return value;
}

function readArray(reader: Reader, path: string, depth: number): JsonValue {
  const items: JsonValue[] = [];
  reader.at += 1;
  skipSpace(reader, path);
  if (reader.text[reader.at] === "]") {
    reader.at += 1;
    return items;
  }
  for (;;) {
    items.push(readValue(reader, childPath(path, items.length), depth));
    skipSpace(reader, path);
    const stop = reader.text[reader.at];
    if (stop !== "," && stop !== "]") throw unexpected(reader, path);
    reader.at += 1;
    if (stop === "]") return items;
  }
}

function readKey(reader: Reader, path: string, members: { readonly [key: string]: JsonValue }): string {
  skipSpace(reader, path);
  if (reader.text[reader.at] !== '"') throw unexpected(reader, path);
  const at = reader.at;
  const key = readString(reader, path);
  if (FORBIDDEN_KEYS.includes(key)) {
    throw new JsonProblem("json.forbidden-key", { at, path: childPath(path, key) }, { key });
  }
  if (Object.hasOwn(members, key)) {
    const quoted = key.slice(0, QUOTE_MAX);
    throw new JsonProblem("json.duplicate-key", { at, path: childPath(path, key) }, { key: quoted });
  }
  skipSpace(reader, path);
  if (reader.text[reader.at] !== ":") throw unexpected(reader, path);
  reader.at += 1;
  return key;
}

function readObject(reader: Reader, path: string, depth: number): JsonValue {
  const members: { [key: string]: JsonValue } = {};
  reader.at += 1;
  skipSpace(reader, path);
  if (reader.text[reader.at] === "}") {
    reader.at += 1;
    return members;
  }
  for (;;) {
    const key = readKey(reader, path, members);
    members[key] = readValue(reader, childPath(path, key), depth);
    skipSpace(reader, path);
    const stop = reader.text[reader.at];
    if (stop !== "," && stop !== "}") throw unexpected(reader, path);
    reader.at += 1;
    if (stop === "}") return members;
  }
}

function readValue(reader: Reader, path: string, depth: number): JsonValue {
  skipSpace(reader, path);
  reader.visit?.(path, reader.at);
  const first = reader.text[reader.at] ?? "";
  if (first === "{" || first === "[") {
    // Checked before descending, so that the deepest recursion is the limit and never the call stack.
    if (depth >= reader.depthMax) {
      throw new JsonProblem("json.too-deep", { at: reader.at, path }, { limit: reader.depthMax });
    }
    return first === "{" ? readObject(reader, path, depth + 1) : readArray(reader, path, depth + 1);
  }
  if (first === '"') return readString(reader, path);
  if (/[-\d]/.test(first)) return readNumber(reader, path);
  return readLiteral(reader, path);
}

/** Line and column (1-based, in UTF-16 units as editors count) of an offset. */
export function positionAt(text: string, at: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let newline = text.indexOf("\n"); newline !== -1 && newline < at; newline = text.indexOf("\n", newline + 1)) {
    line += 1;
    lineStart = newline + 1;
  }
  return { line, column: at - lineStart + 1 };
}

/** Bytes of a text in UTF-8; stops counting beyond `limit`. */
function exceedsBytes(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  if (text.length * 3 <= limit) return false;
  let bytes = 0;
  for (let index = 0; index < text.length && bytes <= limit; index += 1) {
    const unit = text.charCodeAt(index);
    // A surrogate is half of a four-byte character.
    if (unit < 0x80) bytes += 1;
    else bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return bytes > limit;
}

function readWhole(reader: Reader): JsonValue {
  // A byte order mark is what Windows editors put in front; RFC 8259 lets a parser ignore it.
  if (reader.text.startsWith("\ufeff")) reader.at = 1;
  const value = readValue(reader, "", 0);
  skipSpace(reader, "");
  if (reader.at < reader.text.length) throw problem(reader, "json.trailing-text", "");
  return value;
}

/**
 * Strict JSON (RFC 8259): duplicate and forbidden member names, comments, NaN, numbers that a double cannot hold, half
 * characters, trailing text, documents over the size or depth limit are refused, with line and column.
 */
export function readJson(text: string, limits: JsonLimits): Result<JsonValue, readonly Issue[]> {
  if (exceedsBytes(text, limits.bytes)) return err([issue("json.too-large", {}, { limit: limits.bytes })]);
  const reader: Reader = { text, depthMax: limits.depth, at: 0, visit: null };
  try {
    return ok(readWhole(reader));
  } catch (thrown) {
    if (!(thrown instanceof JsonProblem)) throw thrown;
    const { line, column } = positionAt(text, thrown.at);
    return err([issue(thrown.code, { path: thrown.path, line, column }, thrown.params)]);
  }
}

/** Where the values at the wanted paths stand; those not in the text, or after a place where it cannot be read, are left out. */
export function positionsOf(text: string, wanted: ReadonlySet<string>): ReadonlyMap<string, Position> {
  const offsets = new Map<string, number>();
  const visit = (path: string, at: number): void => {
    if (wanted.has(path)) offsets.set(path, at);
  };
  try {
    readWhole({ text, depthMax: LOCATE_DEPTH_MAX, at: 0, visit });
  } catch (thrown) {
    if (!(thrown instanceof JsonProblem)) throw thrown;
  }
  return new Map([...offsets].map(([path, at]) => [path, positionAt(text, at)]));
}
