"use client";

import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Issue, IssueSeverity } from "#engine/model/issue";
import { useIssueText } from "./use-issue-text";

/** More than this is never read; the rest is counted. */
const SHOWN_MAX = 200;

const LOOKS = {
  error: { icon: CircleAlert, ink: "text-breach" },
  warning: { icon: TriangleAlert, ink: "text-waiting" },
  info: { icon: Info, ink: "text-held" },
} satisfies Record<IssueSeverity, { icon: typeof Info; ink: string }>;

type Props = {
  readonly issues: readonly Issue[];
  /** Where an issue stands, in words; its line or its path where this is missing. */
  readonly placeOf?: (found: Issue) => string | null;
  /** Goes to the place of an issue. */
  readonly onOpen?: (found: Issue) => void;
};

/** Located problems, one line each: what was expected, and where. */
export function IssueList({ issues, placeOf, onOpen }: Props) {
  const text = useTranslations("issues");
  const shown = issues.slice(0, SHOWN_MAX).map((found, index) => ({ found, key: `${index}:${found.code}` }));
  const words = (found: Issue) => {
    const said = placeOf?.(found) ?? null;
    if (said !== null) return said;
    return found.line === undefined ? found.path : text("place", { line: found.line, column: found.column ?? 1 });
  };
  return (
    <ul className="flex max-h-72 flex-col divide-y divide-line overflow-y-auto rounded-md border border-line">
      {shown.map(({ found, key }) => (
        <li key={key}>
          {onOpen === undefined ? (
            <div className={ROW}>
              <IssueLine found={found} place={words(found)} />
            </div>
          ) : (
            <button
              type="button"
              onClick={() => onOpen(found)}
              className={`${ROW} w-full text-left hover:bg-sunken/60`}
            >
              <IssueLine found={found} place={words(found)} />
            </button>
          )}
        </li>
      ))}
      {issues.length > SHOWN_MAX && (
        <li className="px-3 py-1.5 text-xs text-muted">{text("more", { count: issues.length - SHOWN_MAX })}</li>
      )}
    </ul>
  );
}

const ROW = "flex items-start gap-2 px-3 py-1.5 text-sm";

function IssueLine({ found, place }: { readonly found: Issue; readonly place: string }) {
  const text = useTranslations("issues");
  const issueText = useIssueText();
  const look = LOOKS[found.severity];
  return (
    <>
      <look.icon size={15} className={`mt-1 shrink-0 ${look.ink}`} aria-label={text(found.severity)} />
      <span className="min-w-0 flex-1">{issueText(found)}</span>
      <span className="max-w-[40%] truncate text-xs leading-6 text-muted" title={found.path}>
        {place}
      </span>
    </>
  );
}
