"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, RotateCcw } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { ChangeSentences } from "#designer";
import type { MarketPack, StrategyDoc } from "#engine";
import { Button, ButtonAnchor } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { ErrorState, LoadingRows } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";
import type { StrategyDetail } from "./strategy-detail-view";

/** Changes listed before somebody decides; the compare view has them all. */
const SENTENCES_MAX = 40;

/** Makes a version the draft again, after saying what that changes. The author can take it back like any other change. */
export function RestoreButton({
  strategy,
  number,
  draft,
  pack,
  onRestore,
}: {
  readonly strategy: StrategyDetail;
  readonly number: number;
  readonly draft: StrategyDoc;
  readonly pack: MarketPack;
  readonly onRestore: (doc: StrategyDoc) => void;
}) {
  const text = useTranslations("strategy.versions");
  const locale = useLocale();
  const trpc = useTRPC();
  const [open, setOpen] = useState(false);
  const version = strategy.versions.find((known) => known.number === number);
  const asked = useQuery(
    trpc.strategy.version.queryOptions(
      { versionId: version?.id ?? "" },
      { enabled: open && version !== undefined, staleTime: Infinity },
    ),
  );
  const doc = asked.data?.doc;
  return (
    <>
      <Button size="small" icon={<RotateCcw size={14} aria-hidden />} onClick={() => setOpen(true)}>
        {text("restore")}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={text("restoreTitle", { number })}
        description={text("restoreNote")}
        wide
      >
        {asked.isError && <ErrorState error={asked.error} onRetry={() => asked.refetch()} />}
        {doc === undefined && !asked.isError && <LoadingRows rows={3} height={32} />}
        {doc !== undefined && (
          <div className="flex flex-col gap-4">
            <ChangeSentences before={draft} after={doc} pack={pack} locale={locale} maximum={SENTENCES_MAX} />
            <div className="flex flex-wrap justify-end gap-2">
              <ButtonAnchor
                href={`/api/strategies/${strategy.key}/export`}
                download
                icon={<Download size={14} aria-hidden />}
              >
                {text("restoreDraftFile")}
              </ButtonAnchor>
              <Button onClick={() => setOpen(false)}>{text("restoreCancel")}</Button>
              <Button
                look="primary"
                onClick={() => {
                  setOpen(false);
                  onRestore(doc);
                }}
              >
                {text("restore")}
              </Button>
            </div>
          </div>
        )}
      </Dialog>
    </>
  );
}
