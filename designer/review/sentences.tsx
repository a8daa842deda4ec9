"use client";

import { useMemo } from "react";
import { diffStrategies, type Locale, type MarketPack, type StrategyDoc } from "#engine";
import { textOf } from "../texts/text";

/** What changed between two strategies, in sentences alone: for a dialog that asks whether that is what was meant. */
export function ChangeSentences({
  before,
  after,
  pack,
  locale,
  maximum,
}: {
  readonly before: StrategyDoc;
  readonly after: StrategyDoc;
  readonly pack: MarketPack;
  readonly locale: Locale;
  /** Sentences shown; the rest is counted. */
  readonly maximum: number;
}) {
  const { changes, omitted, logic } = useMemo(() => diffStrategies(before, after, pack), [before, after, pack]);
  if (changes.length === 0) return <p className="dz-hint">{textOf(locale, "review.none")}</p>;
  const rest = changes.length + omitted - maximum;
  return (
    <div className="dz-sentences">
      <p>{textOf(locale, logic ? "review.sum-logic" : "review.sum-words", { count: changes.length + omitted })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <ul tabIndex={0} aria-label={textOf(locale, "review.list")}>
        {changes.slice(0, maximum).map((change) => {
          const { subject, path, kind } = change;
          return (
            <li
              key={`${subject.kind} ${subject.within} ${subject.id} ${kind} ${path.join("/")}`}
              data-logic={change.logic}
            >
              {change.words[locale].sentence}
            </li>
          );
        })}
        {rest > 0 && <li>{textOf(locale, "review.omitted", { count: rest })}</li>}
      </ul>
    </div>
  );
}
