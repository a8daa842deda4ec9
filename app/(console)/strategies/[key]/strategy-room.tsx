"use client";

import { useQuery } from "@tanstack/react-query";
import { BookText } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { StrategyDesigner } from "#designer";
import { inLocale, type MarketPack, type StrategyDoc, strategyContentHash } from "#engine";
import { ButtonAnchor } from "../../../_ui/button";
import { useTRPC } from "../../../_ui/trpc-client";
import { FindDialog } from "../find/find-dialog";
import { StrategyChips } from "../strategy-chips";
import { ConflictDialog } from "./draft/conflict-dialog";
import { NewsBar } from "./draft/news-bar";
import { SaveChip } from "./draft/save-chip";
import { type Draft, useDraft } from "./draft/use-draft";
import { ExportLink } from "./export-link";
import { loadOtherTabs, RunTab, SimulateTab, VersionsTab, WalkTab } from "./later-tabs";
import { PhoneStrategy } from "./phone/phone-strategy";
import { useIsPhone } from "./phone/use-is-phone";
import { PublishButton } from "./publish-button";
import type { StrategyDetail } from "./strategy-detail-view";
import { TABS, type Tab } from "./tabs";
import { useAccountDesk } from "./use-account-desk";

/** A step, and the key of the strategy inside that holds it (null = it is drawn at the top). */
type StepPlace = { readonly nodeId: string; readonly strategy: string | null };

/** One strategy: draw it, simulate it, run it, look at what was published. The drawing fills the screen. */
export function StrategyRoom({
  initial,
  pack,
  firstTab,
  firstStep,
  actorId,
}: {
  readonly initial: StrategyDetail;
  readonly pack: MarketPack;
  readonly firstTab: Tab;
  /** Step to begin at, as somebody found it. */
  readonly firstStep: StepPlace | null;
  readonly actorId: string;
}) {
  const book = useTranslations("book");
  const locale = useLocale();
  const trpc = useTRPC();
  const [tab, setTab] = useState<Tab>(firstTab);
  const [opened, setOpened] = useState<StepPlace | null>(firstStep);
  const [finding, setFinding] = useState(false);
  const detail = useQuery({ ...trpc.strategy.byKey.queryOptions({ key: initial.key }), initialData: initial });
  const draft = useDraftOf(initial, { actorId, pack, seen: detail.data });
  const accounts = useAccountDesk(detail.data);
  const draftChanged = useDraftChanged(draft, detail.data);
  const phone = useIsPhone();
  const choose = (next: Tab) => {
    setTab(next);
    const address = next === "design" ? window.location.pathname : `?tab=${next}`;
    window.history.replaceState(null, "", address);
  };
  useEffect(loadOtherTabs, []);
  const restore = useRestore(draft, tab, () => choose("design"));
  useFirstStep(firstStep, (place) => {
    choose("design");
    setOpened(place);
  });
  const find = useCallback(() => setFinding(true), []);
  const openStep = (nodeId: string) => {
    choose("design");
    setOpened({ nodeId, strategy: null });
  };
  if (phone) {
    return (
      <PhoneStrategy
        strategy={{ ...detail.data, draftChanged }}
        pack={pack}
        doc={draft.doc}
        title={inLocale(draft.doc.name, locale)}
      />
    );
  }
  return (
    <div className="flex h-[calc(100dvh-3rem)] min-h-[36rem] flex-col">
      <header className="flex min-h-13 shrink-0 flex-wrap items-center gap-3 border-b border-line bg-surface px-6 py-2">
        <h1 className="min-w-0 truncate text-lg">{inLocale(draft.doc.name, locale)}</h1>
        <StrategyChips strategy={{ ...detail.data, draftChanged }} />
        <div className="ml-auto flex items-center gap-2">
          <ExportLink strategyKey={initial.key} draft={draft} />
          <ButtonAnchor
            look="quiet"
            size="icon"
            href={`/strategies/${initial.key}/book`}
            target="_blank"
            aria-label={book("open")}
            title={book("open")}
            icon={<BookText size={16} aria-hidden />}
          />
          <PublishButton
            strategy={detail.data}
            pack={pack}
            draft={draft}
            onPublished={() => choose("run")}
            onOpenStep={openStep}
          />
        </div>
      </header>
      <FindDialog open={finding} onClose={() => setFinding(false)} />
      <ConflictDialog draft={draft} pack={pack} />
      <NewsBar draft={draft} pack={pack} />
      <div id="strategy-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className="flex min-h-0 flex-1 flex-col">
        {tab === "design" && (
          <StrategyDesigner
            doc={draft.doc}
            rebase={draft.rebase}
            pack={pack}
            locale={locale}
            onChange={draft.change}
            selectNodeId={opened?.nodeId}
            selectInside={opened?.strategy}
            onFindEverywhere={find}
            accounts={accounts}
          />
        )}
        {tab === "walk" && <WalkTab doc={draft.doc} pack={pack} onChange={draft.change} />}
        {tab === "simulate" && (
          <SimulateTab strategy={detail.data} draft={draft.doc} pack={pack} onBefore={draft.settle} />
        )}
        {tab === "run" && <RunTab strategy={detail.data} pack={pack} />}
        {tab === "versions" && <VersionsTab strategy={detail.data} pack={pack} draft={draft.doc} onRestore={restore} />}
      </div>
      <TabBar tab={tab} onTab={choose}>
        <SaveChip state={draft.state} />
      </TabBar>
    </div>
  );
}

type DraftOf = { readonly actorId: string; readonly pack: MarketPack; readonly seen: StrategyDetail };

/** The draft of a strategy, from what the server told first and what it tells by now. */
function useDraftOf(initial: StrategyDetail, { actorId, pack, seen: detail }: DraftOf): Draft {
  const seen = useMemo(
    () => ({ doc: detail.draft, revision: detail.draftRevision, atMs: detail.draftUpdatedAtMs }),
    [detail],
  );
  const { key, draft: doc, draftRevision: revision, draftUpdatedAtMs: savedAtMs } = initial;
  return useDraft({ key, actorId, doc, revision, savedAtMs }, { pack, seen });
}

/** Goes to the step an address names, also when another one is named while the strategy is open. */
function useFirstStep(step: StepPlace | null, go: (place: StepPlace) => void): void {
  const named = step === null ? "" : `${step.strategy ?? ""} ${step.nodeId}`;
  const seen = useRef(named);
  useEffect(() => {
    if (step === null || named === seen.current) return;
    seen.current = named;
    go(step);
  });
}

/**
 * Makes a document the draft. The designer is shown first, so that it takes the document over as a change of the draft it had: undo
 * gives that back.
 */
function useRestore(draft: Draft, tab: Tab, showDesigner: () => void): (doc: StrategyDoc) => void {
  const [waiting, setWaiting] = useState<StrategyDoc | null>(null);
  useEffect(() => {
    if (waiting === null || tab !== "design") return;
    setWaiting(null);
    draft.change(waiting);
  }, [waiting, tab, draft]);
  return (doc) => {
    setWaiting(doc);
    showDesigner();
  };
}

/**
 * Whether the draft on the screen differs from the newest version. While a change is on its way to the server it does; once it
 * is saved the contents are compared, because a change that was taken back, or a box that was moved, makes no new version.
 */
function useDraftChanged({ doc, state }: Draft, { versions }: StrategyDetail): boolean {
  const saved = state.kind === "saved";
  const published = versions[0]?.contentHash;
  return useMemo(() => !saved || strategyContentHash(doc) !== published, [saved, doc, published]);
}

function TabBar({
  tab,
  onTab,
  children,
}: {
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  readonly children: React.ReactNode;
}) {
  const text = useTranslations("strategy.tab");
  return (
    <div className="flex h-10 shrink-0 items-center gap-1 border-t border-line bg-surface px-4">
      <div role="tablist" aria-label={text("label")} className="flex h-full items-stretch">
        {TABS.map((known, index) => (
          <button
            key={known}
            id={`tab-${known}`}
            type="button"
            role="tab"
            aria-selected={tab === known}
            aria-controls="strategy-panel"
            tabIndex={tab === known ? 0 : -1}
            onClick={() => onTab(known)}
            onKeyDown={(event) => {
              const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
              const next = TABS[(index + step + TABS.length) % TABS.length];
              if (step === 0 || next === undefined) return;
              onTab(next);
              document.getElementById(`tab-${next}`)?.focus();
            }}
            className={`-mt-px border-t-2 px-3.5 text-sm transition-colors ${
              tab === known ? "border-accent font-semibold text-ink" : "border-transparent text-muted hover:text-ink"
            }`}
          >
            {text(known)}
          </button>
        ))}
      </div>
      <div className="ml-auto flex items-center gap-4 pr-2">{children}</div>
    </div>
  );
}
