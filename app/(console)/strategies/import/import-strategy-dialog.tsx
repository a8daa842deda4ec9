"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { STRATEGY_LIMITS } from "#engine/model/strategy";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { Field, TextArea } from "../../../_ui/field";
import { IssueList } from "../../../_ui/issue-list";
import { ErrorState } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";
import { detailOfError } from "../../../_ui/use-error-text";
import { ImportReview } from "./import-review";

/**
 * A strategy file is looked at first: what was brought up to date, what is not here and what to put in its place. Then it becomes a
 * draft; one that cannot be read says line by line why. An existing draft of that key is replaced only on request.
 */
export function ImportStrategyDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const text = useTranslations("strategies");
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [source, setSource] = useState("");
  const review = useMutation(trpc.strategy.reviewImport.mutationOptions());
  const bring = useMutation(
    trpc.strategy.importText.mutationOptions({
      onSuccess: async (made) => {
        await queryClient.invalidateQueries(trpc.strategy.list.queryFilter());
        onClose();
        router.push(`/strategies/${made.key}`);
      },
    }),
  );
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
      {review.data === undefined ? (
        <div className="flex flex-col gap-4">
          <Source
            source={source}
            onSource={(next) => {
              setSource(next);
              review.reset();
            }}
          />
          <Refusal error={review.error} />
          <div className="flex justify-end">
            <Button
              look="primary"
              busy={review.isPending}
              disabled={source.trim() === ""}
              onClick={() => review.mutate({ text: source })}
            >
              {text("check")}
            </Button>
          </div>
        </div>
      ) : (
        <ImportReview
          review={review.data}
          busy={bring.isPending}
          problem={<Refusal error={bring.error} />}
          onBack={() => {
            review.reset();
            bring.reset();
          }}
          onImport={(mapping, replace) => bring.mutate({ text: source, replace, mapping: [...mapping] })}
        />
      )}
    </Dialog>
  );
}

function Refusal({ error }: { readonly error: unknown }) {
  if (error === null) return null;
  const issues = detailOfError(error)?.issues ?? [];
  return issues.length > 0 ? <IssueList issues={issues} /> : <ErrorState error={error} />;
}

/** The file, chosen or pasted. */
function Source({ source, onSource }: { readonly source: string; readonly onSource: (source: string) => void }) {
  const text = useTranslations("strategies");
  const fileInput = useRef<HTMLInputElement>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const readFile = async (file: File) => {
    const large = file.size > STRATEGY_LIMITS.fileBytes;
    setTooLarge(large);
    if (!large) onSource(await file.text());
  };
  return (
    <>
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
        <TextArea rows={12} value={source} spellCheck={false} onChange={(event) => onSource(event.target.value)} />
      </Field>
    </>
  );
}
