"use client";

import type { UseMutationResult } from "@tanstack/react-query";
import { FileSpreadsheet, LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { INTAKE_LIMITS } from "#engine/portfolio/intake/limits";
import { Button } from "../../../_ui/button";
import { type Upload, UploadRefused } from "../../../_ui/upload-file";

const BYTES_PER_MEGABYTE = 1024 * 1024;

/** Where a file is dropped or chosen. Says beforehand what is taken and how much. */
export function FileDrop({ upload }: { readonly upload: UseMutationResult<Upload, Error, File> }) {
  const text = useTranslations("import");
  const errors = useTranslations("errors");
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const refused = upload.error instanceof UploadRefused ? upload.error.detail : null;
  const code = (refused?.code ?? "unreachable") as "internal";
  const take = (file: File | undefined) => {
    if (file !== undefined) upload.mutate(file);
  };
  return (
    <section
      aria-label={text("dropHere")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
      className={`flex flex-col items-center gap-3 rounded-lg border border-dashed px-6 py-14 text-center transition-colors ${
        over ? "border-accent bg-accent-soft" : "border-line-strong bg-surface"
      }`}
    >
      {upload.isPending ? (
        <LoaderCircle size={28} className="animate-spin text-accent" aria-hidden />
      ) : (
        <FileSpreadsheet size={28} className="text-line-strong" aria-hidden />
      )}
      <p className="text-base font-semibold">{upload.isPending ? text("sending") : text("dropHere")}</p>
      <p className="max-w-[60ch] text-sm text-muted">
        {text("limits", {
          megabytes: INTAKE_LIMITS.fileBytes / BYTES_PER_MEGABYTE,
          rows: INTAKE_LIMITS.rows,
          columns: INTAKE_LIMITS.columns,
        })}
      </p>
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,.tsv,text/csv,text/plain"
        className="sr-only"
        aria-label={text("choose")}
        onChange={(event) => take(event.target.files?.[0])}
      />
      <Button look="primary" busy={upload.isPending} onClick={() => input.current?.click()}>
        {text("choose")}
      </Button>
      {upload.isError && (
        <p role="alert" className="text-sm text-breach">
          {errors.has(code) ? errors(code, refused?.params as never) : errors("internal")}
        </p>
      )}
    </section>
  );
}
