import type { Issue, StrategyDoc } from "#engine";

const INSIDE = /^strategies\[(\d+)\]\.?/;
const STEP = /^nodes\[(\d+)\]/;

type Strategies = Pick<StrategyDoc, "strategies">;

function strategyAt(path: string, whole: Strategies): StrategyDoc["strategies"][number] | undefined {
  const index = INSIDE.exec(path)?.[1];
  return index === undefined ? undefined : whole.strategies[Number(index)];
}

/** The strategy inside a document that an issue is about, or null: it is about the top. */
export function strategyOfIssue(issue: Issue, whole: Strategies): string | null {
  return strategyAt(issue.path, whole)?.key ?? null;
}

/**
 * An issue as if the strategy it is about were a document of its own. Ids of steps are unique in their own strategy only, so
 * that issues inside name their step by the path alone.
 */
export function issueInside(issue: Issue, whole: Strategies): Issue {
  const strategy = strategyAt(issue.path, whole);
  if (strategy === undefined) return issue;
  const path = issue.path.replace(INSIDE, "");
  const step = STEP.exec(path)?.[1];
  const node = step === undefined ? undefined : strategy.nodes[Number(step)];
  return node === undefined ? { ...issue, path } : { ...issue, path, nodeId: node.id };
}

/** Issues of what is drawn. */
export function issuesIn(issues: readonly Issue[], whole: Strategies, opened: string | null): readonly Issue[] {
  const own = issues.filter((issue) => strategyOfIssue(issue, whole) === opened);
  return own.map((issue) => issueInside(issue, whole));
}
