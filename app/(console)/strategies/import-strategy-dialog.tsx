"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { STRATEGY_LIMITS } from "#engine/model/strategy";
import { Button } from "../../_ui/button";
import { Dialog } from "../../_ui/dialog";
import { Field, TextArea } from "../../_ui/field";
import { IssueList } from "../../_ui/issue-list";
import { ErrorState } from "../../_ui/states";
import { useTRPC } from "../../_ui/trpc-client";
import { detailOfError } from "../../_ui/use-error-text";

/** A strategy file becomes a draft, or says line by line why it cannot. An existing one of that key is replaced only on request. */
export function ImportStrategyDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const text = useTranslations("strategies");
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const fileInput = useRef<HTMLInputElement>(null);
  const [source, setSource] = useState("");
  const [tooLarge, setTooLarge] = useState(false);
  const bring = useMutation(
    trpc.strategy.importText.mutationOptions({
      onSuccess: async (made) => {
        await queryClient.invalidateQueries(trpc.strategy.list.queryFilter());
        onClose();
        router.push(`/strategies/${made.key}`);
      },
    }),
  );
  const detail = detailOfError(bring.error);
  const exists = detail?.code === "strategy.key-taken";
  const readFile = async (file: File) => {
    const large = file.size > STRATEGY_LIMITS.fileBytes;
    setTooLarge(large);
    if (!large) setSource(await file.text());
    bring.reset();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={text("importTitle")}
      description={text("importNote")}
      wide
    >
      <div className="flex flex-col gap-4">
        <div className="flex items-center gap-3">
          <input
            ref={fileInput}
            type="file"
            accept=".json,application/json"
            className="sr-only"
            aria-label={text("chooseFile")}
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file !== undefined) void readFile(file);
            }}
          />
          <Button onClick={() => fileInput.current?.click()}>{text("chooseFile")}</Button>
          <span className="text-xs text-muted">{text("orPaste")}</span>
        </div>
        {tooLarge && (
          <p role="alert" className="text-sm text-breach">
            {text("fileTooLarge", { megabytes: STRATEGY_LIMITS.fileBytes / 1024 / 1024 })}
          </p>
        )}
        <Field label={text("json")}>
          <TextArea
            rows={12}
            value={source}
            spellCheck={false}
            onChange={(event) => {
              setSource(event.target.value);
              bring.reset();
            }}
          />
        </Field>
        {detail !== null && detail.issues.length > 0 && <IssueList issues={detail.issues} />}
        {bring.isError && (detail === null || detail.issues.length === 0) && <ErrorState error={bring.error} />}
        <div className="flex justify-end gap-2">
          {exists && (
            <Button look="danger" busy={bring.isPending} onClick={() => bring.mutate({ text: source, replace: true })}>
              {text("replaceDraft")}
            </Button>
          )}
          <Button
            look="primary"
            busy={bring.isPending}
            disabled={source.trim() === ""}
            onClick={() => bring.mutate({ text: source, replace: false })}
          >
            {text("import")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
