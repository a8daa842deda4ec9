"use client";

import { X } from "lucide-react";
import { useDesigner, useDesignerContext, useText } from "../store/context";
import { useIssueText } from "./problems";

const UNWIRED = "graph.dangling-handle";
/** Problems told with what was pasted; the rest stands in the list. */
const TOLD_MAX = 2;

/** What came of the last act on the clipboard; after pasting, what the steps need and do not find here. */
export function NoticeLine() {
  const text = useText();
  const { store } = useDesignerContext();
  const notice = useDesigner((state) => state.notice);
  const issues = useDesigner((state) => state.issues);
  const say = useIssueText();
  if (notice === null) return <span className="dz-notice" role="status" />;
  const own = new Set("nodeIds" in notice ? notice.nodeIds : []);
  const missing = issues.filter(
    ({ nodeId, severity, code }) => nodeId !== undefined && own.has(nodeId) && severity === "error" && code !== UNWIRED,
  );
  const told = [...new Set(missing.map((issue) => say(issue)))];
  const what = `${told.slice(0, TOLD_MAX).join(" ")}${told.length > TOLD_MAX ? " …" : ""}`;
  return (
    <span className="dz-notice" role="status" data-missing={told.length > 0}>
      {text(`notice.${notice.code}`, "count" in notice ? { count: notice.count } : {})}
      {told.length > 0 && <span title={told.join("\n")}>{text("notice.missing", { what })}</span>}
      <button
        type="button"
        className="dz-icon-button"
        aria-label={text("notice.dismiss")}
        onClick={() => store.getState().notify(null)}
      >
        <X size={13} aria-hidden />
      </button>
    </span>
  );
}
