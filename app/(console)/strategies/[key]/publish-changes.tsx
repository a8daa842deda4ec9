"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { ChangeSentences } from "#designer";
import type { MarketPack, StrategyDoc } from "#engine";
import { Button } from "../../../_ui/button";
import { ErrorState } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";
import { PublishAffected } from "./publish-affected";
import type { StrategyDetail } from "./strategy-detail-view";

const SENTENCES_MAX = 60;

type ChangesProps = { readonly strategy: StrategyDetail; readonly pack: MarketPack; readonly draft: StrategyDoc };

/** What the draft changes, against what runs now or was published last. */
export function VersionChanges({ strategy, pack, draft }: ChangesProps) {
  const text = useTranslations("strategy.publish");
  const locale = useLocale();
  const trpc = useTRPC();
  const versionId = strategy.liveVersionId ?? strategy.latestVersionId;
  const version = useQuery(
    trpc.strategy.version.queryOptions(
      { versionId: versionId ?? "" },
      { enabled: versionId !== null, staleTime: Infinity },
    ),
  );
  const number = strategy.versions.find(({ id }) => id === versionId)?.number ?? 0;
  return (
    <>
      {versionId === null && <p>{text("first")}</p>}
      {version.isLoading && <p className="text-muted">{text("confirmLoading", { number })}</p>}
      {version.isError && <ErrorState error={version.error} onRetry={() => version.refetch()} />}
      {version.data !== undefined && (
        <div>
          <p className="mb-1 text-muted">{text("changes", { number })}</p>
          <ChangeSentences
            before={version.data.doc}
            after={draft}
            pack={pack}
            locale={locale}
            maximum={SENTENCES_MAX}
          />
        </div>
      )}
    </>
  );
}

/** What publishing would change and whom it finds inside, before it is confirmed. */
export function PublishChanges({
  strategy,
  pack,
  draft,
  saved,
  onConfirm,
}: ChangesProps & {
  /** Whether the server has the draft as it is on the screen: it counts by its own. */
  readonly saved: boolean;
  readonly onConfirm: () => void;
}) {
  const text = useTranslations("strategy.publish");
  return (
    <div className="flex flex-col gap-4 text-sm">
      <VersionChanges strategy={strategy} pack={pack} draft={draft} />
      <PublishAffected strategyKey={strategy.key} saved={saved} />
      <div className="flex justify-end">
        <Button look="primary" autoFocus onClick={onConfirm}>
          {text("confirm")}
        </Button>
      </div>
    </div>
  );
}
