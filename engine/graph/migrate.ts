import { type Issue, issue } from "../model/issue";
import type { JsonValue } from "../model/json";
import { err, ok, type Result } from "../model/result";

export type JsonMembers = { readonly [key: string]: JsonValue };
/** From document version n to n+1. */
export type DocumentMigrations = { readonly [fromVersion: number]: (old: JsonMembers) => JsonMembers };

/**
 * 1 -> 2: strategies got variables, lender's fields, strategies inside and scenarios. Scenarios of version 1 had no meaning yet;
 * the format left their members open, so what stands there cannot be read and is let go.
 */
function toVersion2(old: JsonMembers): JsonMembers {
  return { ...old, $schema: "https://duecourse.org/schemas/strategy-2.schema.json", tests: [] };
}

/** Every way up from an older format. A format, once released, is read for ever. */
export const DOCUMENT_MIGRATIONS: DocumentMigrations = { 1: toVersion2 };

export function isMembers(value: JsonValue): value is JsonMembers {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/**
 * A document brought up to the present format. Refused: one that names no version, one written by a newer Duecourse
 * (nobody can know what its members mean), one older than the oldest known.
 */
export function migrateDocument(
  value: JsonValue,
  migrations: DocumentMigrations,
  presentVersion: number,
): Result<JsonMembers, readonly Issue[]> {
  if (!isMembers(value)) return err([issue("shape.type", {}, { expected: "object", found: nameOf(value) })]);
  const version = value.schemaVersion;
  const place = { path: "schemaVersion" };
  if (version === undefined) return err([issue("shape.missing", place, { expected: "int" })]);
  if (typeof version !== "number" || !Number.isInteger(version)) {
    return err([issue("shape.type", place, { expected: "int", found: nameOf(version) })]);
  }
  if (version > presentVersion) {
    return err([issue("strategy.newer-version", place, { version, supported: presentVersion })]);
  }
  let document = value;
  for (let from = version; from < presentVersion; from += 1) {
    const step = migrations[from];
    if (step === undefined) return err([issue("strategy.unknown-version", place, { version })]);
    document = { ...step(document), schemaVersion: from + 1 };
  }
  return ok(document);
}

function nameOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
