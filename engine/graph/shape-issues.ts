import type { z } from "zod";
import { type Issue, type IssueParams, issue } from "../model/issue";
import { pathText } from "../model/json-path";

type ShapeIssue = z.core.$ZodIssue;

/** Most problems of shape reported of one document. */
const SHAPE_ISSUES_MAX = 500;
/** Most members or choices an issue lists. */
const LISTED_MAX = 20;
const QUOTE_MAX = 60;
/** Our own schemas put an issue code where zod has a message. */
const OWN_CODE = /^[a-z]+(\.[a-z-]+)+$/;

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** What stood there, short enough to quote. */
function quoted(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length > QUOTE_MAX ? `${text.slice(0, QUOTE_MAX)}…` : text;
}

/** Where an alternative fails for lack of its own members, it is not the one that was meant. */
function mismatches(option: readonly ShapeIssue[]): number {
  return option.filter(
    (found) =>
      found.code === "unrecognized_keys" ||
      (found.code === "invalid_type" && found.path.length === 1 && found.input === undefined),
  ).length;
}

function depthOf(option: readonly ShapeIssue[]): number {
  return Math.max(0, ...option.map((found) => found.path.length));
}

/** Of several alternatives the one the author most likely meant: fewest foreign or missing members, then failing deepest. */
function likeliest(options: readonly (readonly ShapeIssue[])[]): readonly ShapeIssue[] {
  let best: readonly ShapeIssue[] = [];
  options.forEach((option, index) => {
    const difference = mismatches(option) - mismatches(best);
    if (index === 0 || difference < 0 || (difference === 0 && depthOf(option) >= depthOf(best))) best = option;
  });
  return best;
}

/** Bounds of a length, a list or a number, by the kind of value that was measured. */
function boundCode(origin: string, side: "small" | "large"): string {
  if (origin === "string") return side === "small" ? "shape.text-too-short" : "shape.text-too-long";
  if (origin === "array" || origin === "set") return side === "small" ? "shape.too-few" : "shape.too-many";
  return side === "small" ? "shape.too-small" : "shape.too-large";
}

type Described = { readonly code: string; readonly params: IssueParams };

function describe(found: ShapeIssue): Described {
  switch (found.code) {
    case "invalid_type":
      if (found.input === undefined) return { code: "shape.missing", params: { expected: found.expected } };
      return { code: "shape.type", params: { expected: found.expected, found: typeName(found.input) } };
    case "unrecognized_keys":
      return { code: "shape.unknown-member", params: { members: found.keys.slice(0, LISTED_MAX).join(", ") } };
    case "invalid_value":
      if (found.input === undefined) return { code: "shape.missing", params: { expected: "choice" } };
      return {
        code: "shape.choice",
        params: { found: quoted(found.input), choices: found.values.slice(0, LISTED_MAX).map(String).join(", ") },
      };
    case "invalid_format":
      return { code: "shape.format", params: { found: quoted(found.input), pattern: found.pattern ?? found.format } };
    case "too_small":
      return { code: boundCode(found.origin, "small"), params: { limit: Number(found.minimum) } };
    case "too_big":
      return { code: boundCode(found.origin, "large"), params: { limit: Number(found.maximum) } };
    case "invalid_key":
      return { code: "shape.member-name", params: { member: quoted(found.path.at(-1)) } };
    default:
      return { code: OWN_CODE.test(found.message) ? found.message : "shape.invalid", params: {} };
  }
}

function flatten(issues: readonly ShapeIssue[], prefix: readonly PropertyKey[]): readonly Issue[] {
  return issues.flatMap((found) => {
    const path = [...prefix, ...found.path];
    if (found.code === "invalid_union" && found.errors.length > 0) return flatten(likeliest(found.errors), path);
    if (found.code === "invalid_element") return flatten(found.issues, path);
    const { code, params } = describe(found);
    return [issue(code, { path: pathText(path) }, params)];
  });
}

/**
 * The problems zod found, as located issues with codes. Parse with `{ reportInput: true }`, so that they can say what
 * stood there. `prefix` is where the parsed value stands in the document.
 */
export function shapeIssues(error: z.ZodError, prefix: readonly PropertyKey[] = []): readonly Issue[] {
  const found = flatten(error.issues, prefix);
  if (found.length <= SHAPE_ISSUES_MAX) return found;
  const more = issue("shape.more", {}, { count: found.length - SHAPE_ISSUES_MAX });
  return [...found.slice(0, SHAPE_ISSUES_MAX), more];
}
