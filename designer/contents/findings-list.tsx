"use client";

import { CircleAlert, CircleCheck, PenLine, TriangleAlert } from "lucide-react";
import type { PlacedFinding } from "#engine";
import { TextButton } from "../controls/inputs";
import { useIssueText } from "../problems/problems";
import { useText } from "../store/context";

/** What is against a text, worst first: the rule it breaks, where it says so, and what to say instead at one click. */
export function FindingsList({
  id,
  findings,
  onShow,
  onRewrite,
}: {
  readonly id?: string;
  readonly findings: readonly PlacedFinding[];
  /** Undefined where the text cannot be changed. */
  readonly onShow?: (finding: PlacedFinding) => void;
  readonly onRewrite?: (finding: PlacedFinding) => void;
}) {
  const text = useText();
  const say = useIssueText();
  if (findings.length === 0) {
    return (
      <p id={id} className="dz-findings" data-clean role="status">
        <CircleCheck size={13} aria-hidden />
        {text("content.clean")}
      </p>
    );
  }
  const worstFirst = findings.toSorted(
    (left, right) => Number(right.severity === "error") - Number(left.severity === "error"),
  );
  return (
    <ul id={id} className="dz-findings">
      {worstFirst.map((finding) => {
        const { code, severity, params, at, suggestion } = finding;
        const Icon = severity === "error" ? CircleAlert : TriangleAlert;
        return (
          <li
            key={`${code} ${at?.part} ${at?.start} ${params.law} ${params.word} ${params.demand}`}
            data-severity={severity}
          >
            <span className="dz-finding-said">
              <Icon size={13} aria-hidden />
              <span>{say({ code, severity, params, path: "" })}</span>
            </span>
            {onShow !== undefined && at !== null && (
              <TextButton onClick={() => onShow(finding)}>{text("content.show")}</TextButton>
            )}
            {onRewrite !== undefined && suggestion !== null && (
              <TextButton onClick={() => onRewrite(finding)}>
                <PenLine size={13} aria-hidden />
                {text(at === null ? "content.add" : "content.rewrite", { suggestion })}
              </TextButton>
            )}
          </li>
        );
      })}
    </ul>
  );
}
