"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { Figure } from "../../../_ui/figure";
import { ProgressBar } from "../../../_ui/progress-bar";
import { ErrorState } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import type { StrategyDetail } from "./strategy-detail-view";
import { useEnrollment } from "./use-enrollment";

/** Enrolling goes on page by page from this tab; closing it half-way is worth a question (what came in stays in). */
function useLeaveQuestion(running: boolean): void {
  useEffect(() => {
    if (!running) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [running]);
}

/** Says what will happen before it happens, then shows who came in and who did not. */
export function StartRunDialog({
  strategy,
  onClose,
}: {
  readonly strategy: StrategyDetail;
  readonly onClose: () => void;
}) {
  const text = useTranslations("strategy.start");
  const formats = useFormats();
  const trpc = useTRPC();
  const { enrollment, begin } = useEnrollment();
  const portfolios = useQuery(trpc.overview.portfolios.queryOptions());
  const accounts = (portfolios.data ?? []).reduce((sum, portfolio) => sum + portfolio.accounts, 0);
  const versionId = strategy.latestVersionId;
  const running = enrollment.kind === "running";
  useLeaveQuestion(running);
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next && !running) onClose();
      }}
      title={text("title", { number: strategy.latestNumber ?? 0 })}
      description={text("note")}
    >
      <div className="flex flex-col gap-4">
        {enrollment.kind === "idle" && (
          <ul className="list-disc pl-5 text-sm text-ink marker:text-line-strong">
            <li>{text("looksAt", { count: formats.count(accounts) })}</li>
            <li>{text("onlyEligible")}</li>
            <li>{text("everyContactChecked")}</li>
            <li>{text("simulatedOnly")}</li>
          </ul>
        )}
        {enrollment.kind !== "idle" && (
          <>
            <ProgressBar
              label={running ? text("running") : text("done")}
              fraction={accounts === 0 ? 1 : enrollment.counts.looked / accounts}
              note={`${formats.count(enrollment.counts.looked)} / ${formats.count(accounts)}`}
            />
            <div className="grid grid-cols-3 gap-x-6 gap-y-3">
              <Figure label={text("enrolled")} value={formats.count(enrollment.counts.enrolled)} ink="cured" />
              <Figure label={text("notEligible")} value={formats.count(enrollment.counts.notEligible)} />
              <Figure label={text("unknown")} value={formats.count(enrollment.counts.unknownEligibility)} />
              <Figure label={text("already")} value={formats.count(enrollment.counts.already)} />
              {enrollment.counts.faulted > 0 && (
                <Figure label={text("faulted")} value={formats.count(enrollment.counts.faulted)} ink="breach" />
              )}
            </div>
          </>
        )}
        {enrollment.kind === "failed" && <ErrorState error={enrollment.error} />}
        <div className="flex justify-end gap-2">
          {enrollment.kind === "done" ? (
            <Button look="primary" onClick={onClose}>
              {text("look")}
            </Button>
          ) : (
            <Button
              look="primary"
              busy={running}
              disabled={versionId === null}
              onClick={() => {
                if (versionId !== null) void begin(versionId);
              }}
            >
              {text("begin")}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
