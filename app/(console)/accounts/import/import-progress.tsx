"use client";

import { CheckCheck, Download, LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonAnchor, ButtonLink } from "../../../_ui/button";
import { Figure } from "../../../_ui/figure";
import { IssueList } from "../../../_ui/issue-list";
import { Panel } from "../../../_ui/panel";
import { ErrorState } from "../../../_ui/states";
import { useFormats } from "../../../_ui/use-formats";
import type { ImportState } from "./use-import";

/** The import while it runs, and what came of it. */
export function ImportProgress({ state }: { readonly state: ImportState }) {
  const text = useTranslations("import");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const { job } = state;
  if (job.isError) return <ErrorState error={job.error} onRetry={() => job.refetch()} />;
  const view = job.data;
  if (view === undefined || view.state === "running") {
    const writing = view?.state === "running" && view.progress.phase === "writing" ? view.progress.accounts : null;
    return (
      <Panel>
        <p role="status" className="flex items-center gap-3 py-6 text-base">
          <LoaderCircle size={20} className="animate-spin text-accent" aria-hidden />
          {writing === null ? text("readingFile") : text("writing", { count: formats.count(writing) })}
        </p>
        <p className="text-sm text-muted">{text("allOrNothing")}</p>
      </Panel>
    );
  }
  if (view.state === "done") return <Done result={view.result} />;
  const code = (view.state === "failed" ? view.code : "job.not-found") as "internal";
  return (
    <Panel title={<span className="text-breach">{text("failed")}</span>}>
      <p className="mb-3 text-sm">{errors.has(code) ? errors(code) : errors("internal")}</p>
      {view.state === "failed" && view.issues.length > 0 && <IssueList issues={view.issues} />}
    </Panel>
  );
}

type Result = Extract<NonNullable<ImportState["job"]["data"]>, { readonly state: "done" }>["result"];

function Done({ result }: { readonly result: Result }) {
  const text = useTranslations("import");
  const formats = useFormats();
  return (
    <Panel
      title={
        <span className="flex items-center gap-2 text-cured">
          <CheckCheck size={18} aria-hidden />
          {text("doneTitle")}
        </span>
      }
    >
      <div className="grid max-w-3xl grid-cols-4 gap-6 py-2" data-testid="import-result">
        <Figure
          label={text("inserted")}
          value={formats.count(result.inserted)}
          ink={result.inserted > 0 ? "cured" : "ink"}
        />
        <Figure label={text("updated")} value={formats.count(result.updated)} />
        <Figure label={text("skipped")} value={formats.count(result.skipped)} />
        <Figure
          label={text("rejectedRows")}
          value={formats.count(result.rejected)}
          ink={result.rejected > 0 ? "breach" : "ink"}
        />
      </div>
      {result.skipped > 0 && <p className="text-sm text-muted">{text("skippedNote")}</p>}
      <div className="mt-4 flex flex-wrap gap-2">
        <ButtonLink look="primary" href="/accounts?origin=imported">
          {text("toAccounts")}
        </ButtonLink>
        <ButtonLink href="/strategies">{text("toStrategies")}</ButtonLink>
        {result.rejected > 0 && (
          <ButtonAnchor
            href={`/api/import/${result.batchId}/rejections`}
            download
            icon={<Download size={15} aria-hidden />}
          >
            {text("downloadRejected")}
          </ButtonAnchor>
        )}
      </div>
    </Panel>
  );
}
