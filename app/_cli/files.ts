import { readFileSync, statSync, writeFileSync } from "node:fs";
import { issue } from "#engine/model/issue";
import { ProblemsError, UsageError } from "./command";
import type { TextKey } from "./language";

const REFUSALS: { readonly [code: string]: TextKey } = {
  ENOENT: "file.not-found",
  ENOTDIR: "file.not-found",
  ENAMETOOLONG: "file.not-found",
  EACCES: "file.not-allowed",
  EPERM: "file.not-allowed",
  EISDIR: "file.is-directory",
};

/** The bytes of a file. Throws UsageError when there is none to read, ProblemsError when it is larger than `bytesMax`. */
export function readBytes(path: string, bytesMax: number): Uint8Array {
  try {
    const facts = statSync(path);
    if (facts.isDirectory()) throw new UsageError("file.is-directory", "file.is-directory", { file: path });
    if (!facts.isFile()) throw new UsageError("file.not-a-file", "file.not-a-file", { file: path });
    if (facts.size > bytesMax) {
      throw new ProblemsError(path, [issue("file.too-large", {}, { bytes: facts.size, limit: bytesMax })]);
    }
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError || error instanceof ProblemsError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const key = REFUSALS[code] ?? "file.unreadable";
    throw new UsageError(key, key, { file: path, reason: code });
  }
}

/** A text file in UTF-8. Throws as `readBytes` does, and ProblemsError with line and column where it is not UTF-8. */
export function readText(path: string, bytesMax: number): string {
  const bytes = readBytes(path, bytesMax);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ProblemsError(path, [issue("file.not-utf8", placeOfFirstBadByte(bytes))]);
  }
}

/** Writes a text file in UTF-8, over what is there. Throws UsageError when it cannot be written. */
export function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw new UsageError("file.not-written", "file.not-written", { file: path, reason: code });
  }
}

/** Line and column (1-based, in characters) up to which the bytes are UTF-8. */
function placeOfFirstBadByte(bytes: Uint8Array): { readonly line: number; readonly column: number } {
  const lenient = new TextDecoder("utf-8").decode(bytes);
  const before = lenient.slice(0, Math.max(0, lenient.indexOf("\ufffd")));
  const lines = before.split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

/** Writes a file that does not exist yet. Throws UsageError when there is one, or when it cannot be written. */
export function writeNewText(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: "wx" });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const key: TextKey = code === "EEXIST" ? "file.exists" : "file.not-written";
    throw new UsageError(key, key, { file: path, reason: code });
  }
}
