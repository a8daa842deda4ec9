import { canonicalJson } from "../../model/json";
import type { Given } from "../diff/structure";

/** Texts of objects that were compared before: documents share most of their steps, and one merge asks for each many times. */
const texts = new WeakMap<object, string>();

function textOf(value: NonNullable<Given>): string {
  if (typeof value !== "object") return canonicalJson(value);
  const known = texts.get(value);
  if (known !== undefined) return known;
  const made = canonicalJson(value);
  texts.set(value, made);
  return made;
}

/** Whether two values are the same for a document. Objects are never changed in place, so that their texts may be kept. */
export function same(left: Given, right: Given): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined || left === null || right === null) return false;
  return textOf(left) === textOf(right);
}
