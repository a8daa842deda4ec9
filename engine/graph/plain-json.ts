import { type Issue, issue } from "../model/issue";
import type { JsonValue } from "../model/json";
import { childPath } from "../model/json-path";
import { err, ok, type Result } from "../model/result";
import { FORBIDDEN_KEYS } from "./read-json";

/** Most problems reported of one value; the first ones already refuse it. */
const PROBLEMS_MAX = 50;
const LONE_SURROGATE = /\p{Surrogate}/u;

type Copy = { readonly depthMax: number; readonly found: Issue[] };

function refuse(copy: Copy, found: Issue): null {
  if (copy.found.length < PROBLEMS_MAX) copy.found.push(found);
  return null;
}

function copyNumber(value: number, path: string, copy: Copy): JsonValue {
  const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  if (!exact) return refuse(copy, issue("json.number", { path }, { found: String(value) }));
  return value === 0 ? 0 : value;
}

function copyText(value: string, path: string, copy: Copy): JsonValue {
  if (LONE_SURROGATE.test(value)) return refuse(copy, issue("json.lone-surrogate", { path }));
  return value.includes("\0") ? refuse(copy, issue("json.nul-character", { path })) : value;
}

function copyMembers(value: object, at: { readonly path: string; readonly depth: number }, copy: Copy): JsonValue {
  const members: { [key: string]: JsonValue } = {};
  for (const [key, member] of Object.entries(value)) {
    const path = childPath(at.path, key);
    if (FORBIDDEN_KEYS.includes(key)) refuse(copy, issue("json.forbidden-key", { path }, { key }));
    else if (member !== undefined) members[key] = copyValue(member, { path, depth: at.depth + 1 }, copy);
  }
  return members;
}

function copyValue(value: unknown, at: { readonly path: string; readonly depth: number }, copy: Copy): JsonValue {
  if (at.depth > copy.depthMax) {
    return refuse(copy, issue("json.too-deep", { path: at.path }, { limit: copy.depthMax }));
  }
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return copyNumber(value, at.path, copy);
  if (typeof value === "string") return copyText(value, at.path, copy);
  if (Array.isArray(value)) {
    return Array.from(value, (item, index) =>
      copyValue(item, { path: childPath(at.path, index), depth: at.depth + 1 }, copy),
    );
  }
  const prototype: unknown = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
  if (typeof value === "object" && (prototype === Object.prototype || prototype === null)) {
    return copyMembers(value, at, copy);
  }
  return refuse(copy, issue("json.not-data", { path: at.path }, { found: typeof value }));
}

/**
 * A copy of a value that is nothing but JSON: own members only, `undefined` members left out; prototypes, cycles (by the
 * depth limit), functions, non-finite numbers and forbidden member names are refused with their place.
 */
export function toPlainJson(value: unknown, depthMax: number): Result<JsonValue, readonly Issue[]> {
  const copy: Copy = { depthMax, found: [] };
  const plain = copyValue(value, { path: "", depth: 0 }, copy);
  return copy.found.length > 0 ? err(copy.found) : ok(plain);
}
