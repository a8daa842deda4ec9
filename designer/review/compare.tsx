"use client";

import { ChevronDown, ChevronUp } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useState } from "react";
import { diffStrategies, type Locale, type MarketPack, type StrategyChange, type StrategyDoc } from "#engine";
import { useDrawingOf } from "../canvas/use-drawing-of";
import { IconButton } from "../controls/icon-button";
import { DesignerProvider, useText } from "../store/context";
import { useWordsOf } from "../store/use-words-of";
import { ChangeList } from "./change-list";
import { createPairing } from "./pairing";
import { CompareSide, useReadOnlyStore } from "./side";

export type CompareProps = {
  readonly before: StrategyDoc;
  readonly after: StrategyDoc;
  readonly beforeTitle: string;
  readonly afterTitle: string;
  readonly pack: MarketPack;
  readonly locale: Locale;
  /** What the host offers about the pair: which two, and what to do with them. */
  readonly children?: ReactNode;
};

const NEXT_KEYS = ["n", "ArrowDown"];
const BACK_KEYS = ["p", "ArrowUp"];

/** Two strategies side by side: both drawings moved as one, what differs marked in them and told in sentences. */
export function StrategyCompare(props: CompareProps) {
  const { before, after, pack, locale } = props;
  const store = useReadOnlyStore(after, pack, locale);
  const words = useWordsOf(store);
  const drawing = useDrawingOf(after, words);
  const value = useMemo(() => ({ store, onOpenAccounts: undefined }), [store]);
  const diff = useMemo(() => diffStrategies(before, after, pack), [before, after, pack]);
  return (
    <DesignerProvider value={value} drawing={drawing} words={words}>
      <Frame {...props} diff={diff} />
    </DesignerProvider>
  );
}

function Frame({ diff, ...props }: CompareProps & { readonly diff: ReturnType<typeof diffStrategies> }) {
  const text = useText();
  const { before, after, beforeTitle, afterTitle, pack, locale, children } = props;
  const { changes, omitted, logic } = diff;
  const [index, setIndex] = useState(-1);
  const [pairing] = useState(createPairing);
  const current = changes[index];
  const step = useCallback(
    (by: 1 | -1) => {
      if (changes.length > 0)
        setIndex((at) => (at < 0 && by < 0 ? changes.length - 1 : (at + by + changes.length) % changes.length));
    },
    [changes.length],
  );
  const onKeys = (event: KeyboardEvent<HTMLElement>): void => {
    const target = event.target as HTMLElement;
    if (target.closest("select, input, textarea") !== null || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = NEXT_KEYS.includes(event.key) ? 1 : BACK_KEYS.includes(event.key) ? -1 : null;
    if (by === null) return;
    event.preventDefault();
    event.stopPropagation();
    step(by);
  };
  const chooseStep = useCallback(
    (nodeId: string, within: string | null) => {
      setIndex((at) => {
        const isIts = ({ subject }: StrategyChange) =>
          subject.kind === "step" && subject.id === nodeId && subject.within === within;
        const known = changes[at];
        return known !== undefined && isIts(known) ? at : Math.max(changes.findIndex(isIts), -1);
      });
    },
    [changes],
  );
  const sides = { pack, locale, changes, current, pairing, onChoose: chooseStep };
  return (
    <div className="dz dz-compare" onKeyDownCapture={onKeys}>
      <header className="dz-compare-bar">
        {children}
        <p className="dz-compare-sum" role="status" data-logic={logic}>
          {changes.length === 0
            ? text("review.none")
            : text(logic ? "review.sum-logic" : "review.sum-words", { count: changes.length + omitted })}
        </p>
        {changes.length > 0 && (
          <span className="dz-compare-steps">
            <IconButton label={`${text("review.previous")} (P)`} onClick={() => step(-1)}>
              <ChevronUp size={16} aria-hidden />
            </IconButton>
            <span className="dz-compare-at">{text("review.at", { at: index + 1, count: changes.length })}</span>
            <IconButton label={`${text("review.next")} (N)`} onClick={() => step(1)}>
              <ChevronDown size={16} aria-hidden />
            </IconButton>
          </span>
        )}
      </header>
      <CompareSide {...sides} side="before" doc={before} title={beforeTitle} />
      <CompareSide {...sides} side="after" doc={after} title={afterTitle} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <aside className="dz-compare-list" tabIndex={0} aria-label={text("review.list")}>
        {changes.length === 0 ? (
          <p className="dz-hint">{text("review.none-hint")}</p>
        ) : (
          <ChangeList
            changes={changes}
            current={current}
            omitted={omitted}
            onChoose={(change) => setIndex(changes.indexOf(change))}
          />
        )}
      </aside>
    </div>
  );
}
