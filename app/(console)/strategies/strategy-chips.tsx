"use client";

import { Pause, PencilLine, Radio } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "../../_ui/badge";

export type StrategyState = {
  readonly draftRevision: number;
  /** The draft differs from the newest version. */
  readonly draftChanged: boolean;
  readonly latestNumber: number | null;
  readonly liveNumber: number | null;
  readonly paused: boolean;
};

/** Draft and live version in a glance: "draft changed · v7 live". */
export function StrategyChips({ strategy }: { readonly strategy: StrategyState }) {
  const text = useTranslations("strategies");
  return (
    <span className="flex flex-wrap items-center gap-1">
      {strategy.liveNumber !== null && !strategy.paused && (
        <Badge tone="cured" icon={<Radio size={12} aria-hidden />}>
          {text("live", { number: strategy.liveNumber })}
        </Badge>
      )}
      {strategy.liveNumber !== null && strategy.paused && (
        <Badge tone="waiting" icon={<Pause size={12} aria-hidden />}>
          {text("paused", { number: strategy.liveNumber })}
        </Badge>
      )}
      {strategy.latestNumber !== null && strategy.latestNumber !== strategy.liveNumber && (
        <Badge tone="accent">{text("published", { number: strategy.latestNumber })}</Badge>
      )}
      {(strategy.draftChanged || strategy.latestNumber === null) && (
        <Badge icon={<PencilLine size={12} aria-hidden />}>{text("draft")}</Badge>
      )}
    </span>
  );
}
