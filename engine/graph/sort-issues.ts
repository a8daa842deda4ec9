import type { Issue, IssueSeverity } from "../model/issue";

const SEVERITY_ORDER: { readonly [severity in IssueSeverity]: number } = { error: 0, warning: 1, info: 2 };
/** Members of a document in the order in which they are read; a problem of the whole comes before those of its steps. */
const MEMBER_ORDER = ["", "entry", "settings", "nodes", "edges", "contents", "strategies", "frames", "notes", "tests"];
const PATH_PART = /\d+|[^[\].\d]+/g;

function pathParts(path: string): readonly (string | number)[] {
  return (path.match(PATH_PART) ?? []).map((part) => (/^\d/.test(part) ? Number(part) : part));
}

function comparePart(left: string | number | undefined, right: string | number | undefined): number {
  if (left === right) return 0;
  if (left === undefined) return -1;
  if (right === undefined) return 1;
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left) < String(right) ? -1 : 1;
}

function comparePaths(left: readonly (string | number)[], right: readonly (string | number)[]): number {
  const rank = (parts: readonly (string | number)[]): number => MEMBER_ORDER.indexOf(String(parts[0] ?? ""));
  const difference = rank(left) - rank(right);
  if (difference !== 0) return difference;
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const compared = comparePart(left[index], right[index]);
    if (compared !== 0) return compared;
  }
  return 0;
}

/** Errors first, then in document order; equal documents give equal lists. */
export function sortIssues(issues: readonly Issue[]): readonly Issue[] {
  return issues
    .map((found) => ({ found, parts: pathParts(found.path) }))
    .sort(
      (left, right) =>
        SEVERITY_ORDER[left.found.severity] - SEVERITY_ORDER[right.found.severity] ||
        comparePaths(left.parts, right.parts) ||
        comparePart(left.found.code, right.found.code),
    )
    .map(({ found }) => found);
}
