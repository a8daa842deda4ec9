"use client";

import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import { factTexts, type Issue, type IssueSeverity, issueText } from "#engine";
import { stepName } from "../canvas/drawing";
import { nodeById } from "../commands/step-view";
import { useDesigner, useText, useWords } from "../store/context";

/** More than this is not a list any more; the rest is counted. */
const SHOWN_MAX = 300;

const MARK = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

/** Says an issue in the reader's language. */
export function useIssueText(): (issue: Issue) => string {
  const locale = useDesigner((state) => state.locale);
  const pack = useDesigner((state) => state.pack);
  const extra = useMemo(() => [factTexts(pack.fields)], [pack]);
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
  const issues = useDesigner((state) => state.issues);
  const doc = useDesigner((state) => state.doc);
  const words = useWords();
  const text = useText();
  const say = useIssueText();
  if (issues.length === 0) return <p className="dz-problems-none">{text("problems.none")}</p>;
  return (
    <ul className="dz-problems" aria-label={text("problems.title")}>
      {issues.slice(0, SHOWN_MAX).map((issue, index) => {
        const Mark = MARK[issue.severity];
        const node = issue.nodeId === undefined ? undefined : nodeById(doc, issue.nodeId);
        return (
          <li key={`${issue.path} ${issue.code} ${JSON.stringify(issue.params)}`}>
            <button type="button" aria-current={index === current} onClick={() => onChoose(index)}>
              <Mark size={15} aria-label={text(`problems.${issue.severity}`)} data-worst={issue.severity} />
              <span className="dz-problem-step">
                {node === undefined ? text("problems.strategy") : stepName(node, words)}
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
