"use client";

import { useTranslations } from "next-intl";
import type { ConversationFinding, Turn } from "#engine/model/conversation";
import type { Locale } from "#engine/model/locale";
import { qaTexts } from "#engine/qa/texts";
import { markedParts } from "./marked-parts";

const MARKS = {
  fatal: "bg-breach-soft text-breach",
  high: "bg-breach-soft text-breach",
  medium: "bg-waiting-soft text-waiting",
  low: "bg-sunken text-ink",
} as const;

/** What was said, turn by turn, with everything a check found marked where it stands. */
export function MarkedTurns({
  turns,
  findings,
  locale,
}: {
  readonly turns: readonly Turn[];
  readonly findings: readonly ConversationFinding[];
  readonly locale: Locale;
}) {
  const text = useTranslations("reviews");
  return (
    <ol
      className="flex max-h-80 flex-col gap-2 overflow-y-auto rounded-md border border-line bg-sunken/50 p-3 text-sm"
      aria-label={text("said")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a long conversation is read by keyboard, too
      tabIndex={0}
    >
      {markedParts(turns, findings).map(({ start, speaker, parts }) => (
        <li key={start} className="grid grid-cols-[5rem_1fr] gap-3">
          <span className="text-muted">{text(`speaker.${speaker}`)}</span>
          <p className="whitespace-pre-line break-words">
            {parts.map((part) =>
              part.finding === null ? (
                <span key={part.start}>{part.text}</span>
              ) : (
                <mark
                  key={part.start}
                  className={`rounded-sm px-0.5 font-medium ${MARKS[part.finding.severity]}`}
                  title={qaTexts[locale][`category.${part.finding.rule}`] ?? part.finding.rule}
                >
                  {part.text}
                </mark>
              ),
            )}
          </p>
        </li>
      ))}
    </ol>
  );
}
