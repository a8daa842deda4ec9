"use client";

import { FileInput, RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "../../../_ui/button";
import { Figure } from "../../../_ui/figure";
import { IssueList } from "../../../_ui/issue-list";
import { Panel } from "../../../_ui/panel";
import { ErrorState, LoadingRows } from "../../../_ui/states";
import type { RouterOutputs } from "../../../_ui/trpc-client";
import { detailOfError } from "../../../_ui/use-error-text";
import { useFormats } from "../../../_ui/use-formats";
import { pairOf, type ReturnState, useReturn } from "./use-return";

type Preview = RouterOutputs["agency"]["previewReturn"];

/** A file an agency sends back is looked at first: what it would change, and what is wrong with it. */
export function ReturnDesk() {
  const text = useTranslations("agencies.desk");
  const state = useReturn();
  const { sent, preview, applied } = state;
  const begun = sent.data !== undefined;
  return (
    <Panel
      title={text("title")}
      note={text("note")}
      aside={
        begun && (
          <Button size="small" icon={<RotateCcw size={14} aria-hidden />} onClick={state.startOver}>
            {text("another")}
          </Button>
        )
      }
    >
      {!begun && <Choose state={state} />}
      {begun && applied.data === undefined && (
        <>
          {preview.isPending && <LoadingRows rows={3} />}
          {preview.isError && <Refused error={preview.error} />}
          {preview.data !== undefined && <Looked preview={preview.data} state={state} />}
        </>
      )}
      {applied.data !== undefined && (
        <p role="status" className="text-sm">
          {text(applied.data.already ? "already" : "applied", {
            applied: applied.data.applied,
            repeated: applied.data.repeated,
            rejected: applied.data.rejected,
          })}
        </p>
      )}
    </Panel>
  );
}

function Choose({ state }: { readonly state: ReturnState }) {
  const text = useTranslations("agencies.desk");
  const input = useRef<HTMLInputElement>(null);
  const [notTwo, setNotTwo] = useState(false);
  const take = (files: readonly File[]) => {
    const pair = pairOf(files);
    setNotTwo(pair === null);
    if (pair !== null) state.sent.mutate(pair);
  };
  return (
    <div className="flex flex-wrap items-center gap-3">
      <input
        ref={input}
        type="file"
        multiple
        accept=".csv,.json,text/csv,application/json"
        className="sr-only"
        aria-label={text("choose")}
        onChange={(event) => {
          take([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <Button
        icon={<FileInput size={15} aria-hidden />}
        busy={state.sent.isPending}
        onClick={() => input.current?.click()}
      >
        {text("choose")}
      </Button>
      <span className={`text-sm ${notTwo ? "text-breach" : "text-muted"}`} role={notTwo ? "alert" : undefined}>
        {text(notTwo ? "notTwo" : "hint")}
      </span>
      {state.sent.error !== null && <ErrorState error={state.sent.error} />}
    </div>
  );
}

/** It is not what its manifest says, or nobody of ours sent it. */
function Refused({ error }: { readonly error: unknown }) {
  const issues = detailOfError(error)?.issues ?? [];
  return (
    <div className="flex flex-col gap-3">
      <ErrorState error={error} />
      {issues.length > 0 && <IssueList issues={issues} />}
    </div>
  );
}

function Looked({ preview, state }: { readonly preview: Preview; readonly state: ReturnState }) {
  const text = useTranslations("agencies.desk");
  const kinds = useTranslations("agencies.kind");
  const formats = useFormats();
  const { agency, kind, batch, good, repeated, rejected, issues, more, already } = preview;
  const sums = Object.entries(preview.sums).map(([currency, minor]) => formats.money(minor, currency as "CNY"));
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm">
        {text("about", { agency, kind: kinds(kind), batch })}
        {sums.length > 0 && <span className="figures text-muted"> · {sums.join(" + ")}</span>}
      </p>
      <div className="grid grid-cols-3 gap-4">
        <Figure label={text("good")} value={formats.count(good)} />
        <Figure label={text("repeated")} value={formats.count(repeated)} />
        <Figure label={text("rejected")} value={formats.count(rejected)} ink={rejected > 0 ? "breach" : "ink"} />
      </div>
      {already && <p className="text-sm text-held">{text("wasApplied")}</p>}
      {issues.length > 0 && (
        <IssueList issues={issues} placeOf={({ line, path }) => text("place", { line: line ?? 0, column: path })} />
      )}
      {more > 0 && <p className="text-xs text-muted">{text("more", { count: more })}</p>}
      {state.applied.error !== null && <Refused error={state.applied.error} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          look="primary"
          busy={state.applied.isPending}
          disabled={rejected > 0 || already}
          onClick={() => state.apply("whole")}
        >
          {text("applyWhole")}
        </Button>
        {rejected > 0 && good > 0 && !already && (
          <Button busy={state.applied.isPending} onClick={() => state.apply("partial")}>
            {text("applyPartial", { count: good })}
          </Button>
        )}
      </div>
    </div>
  );
}
