"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { flowsOf, type Overlay, type StepFigures, StrategyDesigner } from "#designer";
import type { Currency, MarketPack } from "#engine";
import { EmptyState, ErrorState, LoadingRows } from "../../../_ui/states";
import { type RouterOutputs, useTRPC } from "../../../_ui/trpc-client";
import { RunBar } from "./run-bar";
import { type AtStep, StepAccounts } from "./step-accounts";
import type { StrategyDetail } from "./strategy-detail-view";

/** The worker moves accounts at least once a second; the screen follows a little behind. */
const LIVE_REFRESH_MS = 1_500;

/** The live version with people and money on it. */
export function RunTab({ strategy, pack }: { readonly strategy: StrategyDetail; readonly pack: MarketPack }) {
  const text = useTranslations("strategy.run");
  if (strategy.latestVersionId === null) {
    return (
      <div className="flex flex-1 items-center justify-center">
        <EmptyState>{text("publishFirst")}</EmptyState>
      </div>
    );
  }
  const versionId = strategy.liveVersionId ?? strategy.latestVersionId;
  return <LiveVersion strategy={strategy} versionId={versionId} pack={pack} />;
}

function LiveVersion({
  strategy,
  versionId,
  pack,
}: {
  readonly strategy: StrategyDetail;
  readonly versionId: StrategyDetail["versions"][number]["id"];
  readonly pack: MarketPack;
}) {
  const locale = useLocale();
  const trpc = useTRPC();
  const [step, setStep] = useState<AtStep | null>(null);
  const live = strategy.liveVersionId !== null;
  const document = useQuery(trpc.strategy.version.queryOptions({ versionId }, { staleTime: Infinity }));
  const overview = useQuery(
    trpc.run.overview.queryOptions({ versionId }, { refetchInterval: LIVE_REFRESH_MS, enabled: live }),
  );
  const overlay = useMemo(() => {
    if (overview.data === undefined || document.data === undefined) return undefined;
    return overlayOf(Object.values(overview.data.steps), document.data.doc.settings.currency);
  }, [overview.data, document.data]);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <RunBar strategy={strategy} overview={overview.data ?? null} pending={overview.isLoading} />
      {overview.isError && (
        <div className="px-6 pt-3">
          <ErrorState error={overview.error} onRetry={() => overview.refetch()} />
        </div>
      )}
      <div className="flex min-h-0 flex-1">
        <div className="follow flex min-w-0 flex-1 flex-col">
          {document.isPending && <LoadingRows rows={8} height={48} />}
          {document.isError && (
            <div className="p-6">
              <ErrorState error={document.error} onRetry={() => document.refetch()} />
            </div>
          )}
          {document.data !== undefined && (
            <StrategyDesigner
              doc={document.data.doc}
              pack={pack}
              locale={locale}
              readOnly
              onChange={() => undefined}
              onOpenAccounts={(nodeId, figure) =>
                setStep({ nodeId, which: figure === "failures" ? "faulted" : "waiting" })
              }
              overlayKind="live"
              overlayPending={live && !overview.isError}
              {...(overlay === undefined ? {} : { overlay })}
            />
          )}
        </div>
        {step !== null && document.data !== undefined && (
          <StepAccounts versionId={versionId} doc={document.data.doc} at={step} onClose={() => setStep(null)} />
        )}
      </div>
    </div>
  );
}

type StepCounts = RouterOutputs["run"]["overview"]["steps"][string];

/** Figures per step and way. Money only in the strategy's own currency, which is the one the drawing names. */
function overlayOf(steps: readonly StepCounts[], currency: Currency): Overlay {
  const inCurrency = (amounts: StepCounts["cost"]): number =>
    amounts.find((amount) => amount.currency === currency)?.minor ?? 0;
  const figures = steps.map((counts): [string, StepFigures] => [
    counts.nodeId,
    {
      entered: counts.entered,
      waiting: counts.waiting,
      passed: counts.leftLately,
      recoveredMinor: inCurrency(counts.recovered),
      costMinor: inCurrency(counts.cost),
      failures: counts.faulted,
    },
  ]);
  const ways = steps.map(({ nodeId, wentTo }) => [
    nodeId,
    Object.fromEntries(Object.entries(wentTo).map(([to, { lately }]) => [to, lately])),
  ]);
  return { steps: Object.fromEntries(figures), flows: flowsOf(Object.fromEntries(ways)) };
}
