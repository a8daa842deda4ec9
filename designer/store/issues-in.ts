import type { Issue, StrategyDoc } from "#engine";

const INSIDE = /^strategies\[(\d+)\]\.?/;

/** The strategy inside a document that an issue is about, or null: it is about the top. */
export function strategyOfIssue(issue: Issue, whole: StrategyDoc): string | null {
  const index = INSIDE.exec(issue.path)?.[1];
  return index === undefined ? null : (whole.strategies[Number(index)]?.key ?? null);
}

/** Issues of what is drawn; those of a strategy inside with paths as if it were a document of its own. */
export function issuesIn(issues: readonly Issue[], whole: StrategyDoc, opened: string | null): readonly Issue[] {
  const own = issues.filter((issue) => strategyOfIssue(issue, whole) === opened);
  return opened === null ? own : own.map((issue) => ({ ...issue, path: issue.path.replace(INSIDE, "") }));
}
