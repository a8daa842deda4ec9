"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import type { StrategyDoc } from "#engine";
import { stepNameIn } from "../../../../_ui/engine-words";
import { EmptyState, ErrorState, LoadingRows } from "../../../../_ui/states";
import { useTRPC } from "../../../../_ui/trpc-client";
import { useFormats } from "../../../../_ui/use-formats";
import type { StrategyDetail } from "../strategy-detail-view";

const REFRESH_MS = 5_000;

type Version = StrategyDetail["versions"][number]["id"];

/** Who stands where in the version that runs, and what came back. */
export function PhoneFigures({ strategy, doc }: { readonly strategy: StrategyDetail; readonly doc: StrategyDoc }) {
  const text = useTranslations("strategy.phone");
  const versionId = strategy.liveVersionId;
  if (versionId === null) return <EmptyState>{text("notRunning")}</EmptyState>;
  return <LiveFigures versionId={versionId} doc={doc} />;
}

function LiveFigures({ versionId, doc }: { readonly versionId: Version; readonly doc: StrategyDoc }) {
  const trpc = useTRPC();
  const overview = useQuery(trpc.run.overview.queryOptions({ versionId }, { refetchInterval: REFRESH_MS }));
  const version = useQuery(trpc.strategy.version.queryOptions({ versionId }, { staleTime: Infinity }));
  if (overview.isError) return <ErrorState error={overview.error} onRetry={() => overview.refetch()} />;
  if (overview.data === undefined) return <LoadingRows rows={6} height={44} />;
  return <Steps steps={Object.values(overview.data.steps)} doc={version.data?.doc ?? doc} />;
}

type Counts = {
  readonly nodeId: string;
  readonly entered: number;
  readonly waiting: number;
  readonly recovered: readonly { readonly currency: string; readonly minor: number }[];
};

function Steps({ steps, doc }: { readonly steps: readonly Counts[]; readonly doc: StrategyDoc }) {
  const text = useTranslations("strategy.phone");
  const locale = useLocale();
  const formats = useFormats();
  const { currency } = doc.settings;
  if (steps.length === 0) return <EmptyState>{text("nobodyYet")}</EmptyState>;
  const ordered = steps.toSorted((left, right) => right.waiting - left.waiting || right.entered - left.entered);
  return (
    <ul className="panel divide-y divide-line" aria-label={text("figures")}>
      {ordered.map(({ nodeId, entered, waiting, recovered }) => {
        const money = recovered.find((amount) => amount.currency === currency);
        return (
          <li key={nodeId} className="flex min-w-0 flex-col gap-0.5 px-3 py-2 text-sm">
            <span className="font-semibold [overflow-wrap:anywhere]">{stepNameIn(doc, nodeId, locale)}</span>
            <span className="figures flex flex-wrap gap-x-4 text-xs text-muted">
              <span>{text("waiting", { count: formats.count(waiting) })}</span>
              <span>{text("entered", { count: formats.count(entered) })}</span>
              {money !== undefined && money.minor > 0 && <span>{formats.money(money.minor, currency)}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
