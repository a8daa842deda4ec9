"use client";

import { RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { FieldCatalogue } from "#engine/model/facts";
import { fieldsOfMapping, type ImportMapping } from "#engine/portfolio/intake/mapping";
import { Button } from "../../../_ui/button";
import { IssueList } from "../../../_ui/issue-list";
import { PageHeader, Panel } from "../../../_ui/panel";
import { ErrorState, LoadingRows } from "../../../_ui/states";
import { detailOfError } from "../../../_ui/use-error-text";
import { FileDrop } from "./file-drop";
import { ImportOptions } from "./import-options";
import { ImportPreview } from "./import-preview";
import { ImportProgress } from "./import-progress";
import { MappingTable } from "./mapping-table";
import { PreviousImports } from "./previous-imports";
import { SavedMappings } from "./saved-mappings";
import { type ImportState, type Preview, useImport } from "./use-import";

/** A file becomes accounts in view: recognised, mended, previewed, and only then written. */
export function ImportRoom({ fields }: { readonly fields: FieldCatalogue }) {
  const text = useTranslations("import");
  const state = useImport();
  const chosen = state.upload.data;
  return (
    <>
      <PageHeader
        title={text("title")}
        note={text("note")}
        actions={
          chosen !== undefined && (
            <Button icon={<RotateCcw size={15} aria-hidden />} onClick={state.startOver}>
              {text("anotherFile")}
            </Button>
          )
        }
      />
      <div className="flex flex-col gap-4 px-6 pb-10">
        {chosen === undefined && (
          <>
            <FileDrop upload={state.upload} />
            <PreviousImports />
          </>
        )}
        {chosen !== undefined && !state.importing && <Desk state={state} fields={fields} />}
        {state.importing && <ImportProgress state={state} />}
      </div>
    </>
  );
}

/** Mapping at the left, what would come of it at the right and below. */
function Desk({ state, fields }: { readonly state: ImportState; readonly fields: FieldCatalogue }) {
  const text = useTranslations("import");
  const { preview } = state;
  const edited = useEdited(state);
  const known = edited.mapping === null ? fields : fieldsOfMapping(fields, edited.mapping);
  const detail = detailOfError(preview.error);
  if (preview.isPending) {
    return (
      <Panel title={text("readingUpload")}>
        <LoadingRows rows={10} />
      </Panel>
    );
  }
  return (
    <>
      {preview.isError && (
        <Panel>
          {detail === null || detail.issues.length === 0 ? (
            <ErrorState error={preview.error} onRetry={() => preview.refetch()} />
          ) : (
            <IssueList issues={detail.issues} />
          )}
        </Panel>
      )}
      {preview.data !== undefined && (
        <>
          <Refusal preview={preview.data} />
          <div className="grid grid-cols-[minmax(0,1fr)_20rem] items-start gap-4 max-xl:grid-cols-1">
            <div className="flex min-w-0 flex-col gap-4">
              {edited.mapping !== null && (
                <MappingTable
                  mapping={edited.mapping}
                  preview={preview.data}
                  fields={known}
                  onChange={edited.change}
                  aside={<SavedMappings mapping={edited.mapping} onLoad={state.setMapping} />}
                />
              )}
              <ImportPreview preview={preview.data} fields={known} stale={preview.isFetching} />
            </div>
            <ImportOptions state={state} preview={preview.data} mapping={edited.mapping} onMapping={edited.change} />
          </div>
        </>
      )}
    </>
  );
}

/** The file or the mapping cannot be used at all: said first and large, because nothing below can help. */
function Refusal({ preview }: { readonly preview: Preview }) {
  const text = useTranslations("import");
  if (!preview.refused) return null;
  return (
    <Panel title={<span className="text-breach">{text("refused")}</span>}>
      <IssueList issues={preview.rejected} />
    </Panel>
  );
}

const PREVIEW_DELAY_MS = 450;

/** Changes show at once in the table and reach the server when the person pauses. */
function useEdited(state: ImportState): {
  readonly mapping: ImportMapping | null;
  readonly change: (mapping: ImportMapping) => void;
} {
  const [edited, setEdited] = useState<ImportMapping | null>(null);
  const { setMapping } = state;
  useEffect(() => {
    if (edited === null) return;
    const timer = window.setTimeout(() => {
      setMapping(edited);
      setEdited(null);
    }, PREVIEW_DELAY_MS);
    return () => window.clearTimeout(timer);
  }, [edited, setMapping]);
  return { mapping: edited ?? state.mapping, change: setEdited };
}
