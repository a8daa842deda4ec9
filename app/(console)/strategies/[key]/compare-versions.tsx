"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ArrowLeftRight } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { StrategyCompare } from "#designer";
import type { MarketPack, StrategyDoc } from "#engine";
import { Button } from "../../../_ui/button";
import { Select } from "../../../_ui/field";
import { ErrorState, LoadingRows } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";
import { RestoreButton } from "./restore-button";
import type { StrategyDetail } from "./strategy-detail-view";
import type { Pair, Pick } from "./use-pair";

/** Two versions, or a version and the draft, side by side. */
export function CompareVersions({
  strategy,
  draft,
  pack,
  pair,
  onPair,
  onRestore,
}: {
  readonly strategy: StrategyDetail;
  readonly draft: StrategyDoc;
  readonly pack: MarketPack;
  readonly pair: Pair;
  readonly onPair: (pair: Pair | null) => void;
  readonly onRestore: (doc: StrategyDoc) => void;
}) {
  const text = useTranslations("strategy.versions");
  const locale = useLocale();
  const before = usePicked(strategy, pair.before, draft);
  const after = usePicked(strategy, pair.after, draft);
  const failed = [before, after].find(({ error }) => error !== null);
  const titles = usePickTitles(strategy);
  const options = (["draft", ...strategy.versions.map(({ number }) => `${number}` as const)] as const).map((value) => ({
    value,
    label: titles(value),
  }));
  const bar = (
    <>
      <Button size="small" icon={<ArrowLeft size={14} aria-hidden />} onClick={() => onPair(null)}>
        {text("back")}
      </Button>
      <span className="inline-flex items-center gap-2">
        <Select
          aria-label={text("pickBefore")}
          className="w-40"
          value={pair.before}
          options={options}
          onValue={(value: Pick) => onPair({ ...pair, before: value })}
        />
        <Button
          look="quiet"
          size="icon"
          aria-label={text("swap")}
          title={text("swap")}
          icon={<ArrowLeftRight size={15} aria-hidden />}
          onClick={() => onPair({ before: pair.after, after: pair.before })}
        />
        <Select
          aria-label={text("pickAfter")}
          className="w-40"
          value={pair.after}
          options={options}
          onValue={(value: Pick) => onPair({ ...pair, after: value })}
        />
      </span>
      {pair.before !== "draft" && (
        <RestoreButton
          strategy={strategy}
          number={Number(pair.before)}
          draft={draft}
          pack={pack}
          onRestore={onRestore}
        />
      )}
    </>
  );
  if (failed !== undefined || before.doc === null || after.doc === null) {
    return (
      <div className="flex min-h-0 flex-1 flex-col gap-4 p-6">
        <div className="flex flex-wrap items-center gap-3">{bar}</div>
        {failed?.error != null ? (
          <ErrorState error={failed.error} onRetry={failed.retry} />
        ) : (
          <LoadingRows rows={8} height={48} />
        )}
      </div>
    );
  }
  return (
    <div className="min-h-0 flex-1">
      <StrategyCompare
        key={`${pair.before} ${pair.after}`}
        before={before.doc}
        after={after.doc}
        beforeTitle={titles(pair.before)}
        afterTitle={titles(pair.after)}
        pack={pack}
        locale={locale}
      >
        {bar}
      </StrategyCompare>
    </div>
  );
}

function usePickTitles(strategy: StrategyDetail): (pick: Pick) => string {
  const text = useTranslations("strategy.versions");
  const live = strategy.versions.find(({ id }) => id === strategy.liveVersionId)?.number;
  return (pick) => {
    if (pick === "draft") return text("draft");
    return text(Number(pick) === live ? "versionLive" : "versionNamed", { number: Number(pick) });
  };
}

/** The document of a pick; a version is asked for once, because it never changes. */
function usePicked(strategy: StrategyDetail, pick: Pick, draft: StrategyDoc) {
  const trpc = useTRPC();
  const version = strategy.versions.find(({ number }) => `${number}` === pick) ?? strategy.versions[0];
  const isDraft = pick === "draft" || version === undefined;
  const asked = useQuery(
    trpc.strategy.version.queryOptions({ versionId: version?.id ?? "" }, { enabled: !isDraft, staleTime: Infinity }),
  );
  const doc = isDraft ? draft : (asked.data?.doc ?? null);
  return { doc, error: isDraft ? null : asked.error, retry: () => void asked.refetch() };
}
