"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { MarketPack, StrategyDoc } from "#engine";
import { Segmented } from "../../../../_ui/segmented";
import { StrategyChips } from "../../strategy-chips";
import { VersionChanges } from "../publish-changes";
import type { StrategyDetail } from "../strategy-detail-view";
import { PhoneFigures } from "./phone-figures";
import { PhoneOutline } from "./phone-outline";
import { PhoneProblems } from "./phone-problems";

const VIEWS = ["outline", "figures", "problems", "changes"] as const;
type View = (typeof VIEWS)[number];

export type PhoneProps = { readonly strategy: StrategyDetail; readonly pack: MarketPack; readonly doc: StrategyDoc };

/** A strategy on a phone: to read, to see how it goes, what is wrong and what changed. It is drawn on a larger screen. */
export function PhoneStrategy({ strategy, pack, doc, title }: PhoneProps & { readonly title: string }) {
  const text = useTranslations("strategy.phone");
  const [view, setView] = useState<View>("outline");
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-3 p-3">
      <header className="flex min-w-0 flex-col gap-1.5">
        <h1 className="text-lg [overflow-wrap:anywhere]">{title}</h1>
        <div className="flex flex-wrap gap-2">
          <StrategyChips strategy={strategy} />
        </div>
        <p className="text-xs text-muted">{text("note")}</p>
      </header>
      <Segmented
        label={text("views")}
        segments={VIEWS.map((value) => ({ value, label: text(value) }))}
        value={view}
        onValue={setView}
      />
      {view === "outline" && <PhoneOutline doc={doc} pack={pack} />}
      {view === "figures" && <PhoneFigures strategy={strategy} doc={doc} />}
      {view === "problems" && <PhoneProblems doc={doc} pack={pack} />}
      {view === "changes" && (
        <div className="min-w-0 text-sm [overflow-wrap:anywhere]">
          <VersionChanges strategy={strategy} pack={pack} draft={doc} />
        </div>
      )}
    </div>
  );
}
