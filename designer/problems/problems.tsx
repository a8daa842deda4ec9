"use client";

import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import {
  channelTexts,
  factTexts,
  handleText,
  type Issue,
  type IssueSeverity,
  inLocale,
  issueText,
  lawTexts,
  qaTexts,
  type StepWords,
  type StrategyDoc,
} from "#engine";
import { stepName } from "../canvas/drawing";
import { nodeById, viewOf } from "../commands/step-view";
import { useDesigner, useText, useWords } from "../store/context";
import { issueInside, strategyOfIssue } from "../store/issues-in";

/** More than this is not a list any more; the rest is counted. */
const SHOWN_MAX = 300;

const MARK = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

/** Says an issue in the reader's language; ways on by the names they have in `doc`, the drawn strategy unless another is given. */
export function useIssueText(): (issue: Issue, doc?: Pick<StrategyDoc, "nodes">) => string {
  const locale = useDesigner((state) => state.locale);
  const drawn = useDesigner((state) => state.doc);
  const words = useWords();
  const pack = useDesigner((state) => state.pack);
  const extra = useMemo(() => [factTexts(words.fields), lawTexts(pack), qaTexts, channelTexts], [words.fields, pack]);
  return (issue, doc = drawn) => issueText(withWayNamed(issue, doc, words), locale, extra);
}

/** Rules, bands and arms are ways on whose names the author gave: their ids say nothing. */
function withWayNamed(issue: Issue, doc: Pick<StrategyDoc, "nodes">, words: StepWords): Issue {
  const node = doc.nodes.find((candidate) => candidate.id === issue.nodeId);
  const view = node === undefined ? undefined : viewOf(node);
  const way = view?.handles.find((handle) => handle.id === issue.params.handle);
  if (view?.definition === undefined || way === undefined) return issue;
  return { ...issue, params: { ...issue.params, handle: handleText(view.definition, way, words) } };
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
        const here = issueInside(issue, whole);
        const node = here.nodeId === undefined ? undefined : nodeById(inside ?? whole, here.nodeId);
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
              <span className="dz-problem-text">{say(here, inside ?? whole)}</span>
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
