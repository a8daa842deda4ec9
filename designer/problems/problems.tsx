"use client";

import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import { factTexts, type Issue, type IssueSeverity, inLocale, issueText } from "#engine";
import { stepName } from "../canvas/drawing";
import { nodeById } from "../commands/step-view";
import { useDesigner, useFields, useText, useWords } from "../store/context";
import { issueInside, strategyOfIssue } from "../store/issues-in";

/** More than this is not a list any more; the rest is counted. */
const SHOWN_MAX = 300;

const MARK = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

/** Says an issue in the reader's language. */
export function useIssueText(): (issue: Issue) => string {
  const locale = useDesigner((state) => state.locale);
  const fields = useFields();
  const extra = useMemo(() => [factTexts(fields)], [fields]);
  return (issue) => issueText(issue, locale, extra);
}

export function countBySeverity(issues: readonly Issue[]): { readonly [severity in IssueSeverity]: number } {
  const count = { error: 0, warning: 0, info: 0 };
  for (const { severity } of issues) count[severity] += 1;
  return count;
}

/** Every problem of the strategy; choosing one goes to its step. */
export function ProblemsPanel({
  current,
  onChoose,
}: {
  readonly current: number;
  readonly onChoose: (index: number) => void;
}) {
  const issues = useDesigner((state) => state.allIssues);
  const whole = useDesigner((state) => state.whole);
  const words = useWords();
  const text = useText();
  const say = useIssueText();
  if (issues.length === 0) return <p className="dz-problems-none">{text("problems.none")}</p>;
  return (
    <ul className="dz-problems" aria-label={text("problems.title")}>
      {issues.slice(0, SHOWN_MAX).map((issue, index) => {
        const Mark = MARK[issue.severity];
        const inside = whole.strategies.find(({ key }) => key === strategyOfIssue(issue, whole));
        const { nodeId } = issueInside(issue, whole);
        const node = nodeId === undefined ? undefined : nodeById(inside ?? whole, nodeId);
        const place = node === undefined ? null : stepName(node, words);
        return (
          <li key={`${issue.path} ${issue.code} ${JSON.stringify(issue.params)}`}>
            <button type="button" aria-current={index === current} onClick={() => onChoose(index)}>
              <Mark size={15} aria-label={text(`problems.${issue.severity}`)} data-worst={issue.severity} />
              <span className="dz-problem-step">
                {inside === undefined
                  ? (place ?? text("problems.strategy"))
                  : [inLocale(inside.name, words.locale), place].filter((part) => part !== null).join(" / ")}
              </span>
              <span className="dz-problem-text">{say(issue)}</span>
            </button>
          </li>
        );
      })}
      {issues.length > SHOWN_MAX && (
        <li className="dz-hint">{text("problems.more", { count: issues.length - SHOWN_MAX })}</li>
      )}
    </ul>
  );
}
