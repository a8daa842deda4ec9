"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CheckCheck, ShieldCheck } from "lucide-react";
import dynamic from "next/dynamic";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import type { MarketPack } from "#engine";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { stepNameIn } from "../../../_ui/engine-words";
import { IssueList } from "../../../_ui/issue-list";
import { ErrorState } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";
import { detailOfError } from "../../../_ui/use-error-text";
import type { Draft } from "./draft/use-draft";
import type { StrategyDetail } from "./strategy-detail-view";

/** Comparing documents is loaded when somebody wants to publish. */
const PublishChanges = dynamic(() => import("./publish-changes").then((part) => part.PublishChanges));

/** Publishes the draft as a version, or says precisely what is missing. Nobody is contacted by publishing. */
export function PublishButton({
  strategy,
  pack,
  draft,
  onPublished,
  onOpenStep,
}: {
  readonly strategy: StrategyDetail;
  readonly pack: MarketPack;
  readonly draft: Draft;
  readonly onPublished: () => void;
  /** Shows the step a problem is about. */
  readonly onOpenStep: (nodeId: string) => void;
}) {
  const text = useTranslations("strategy.publish");
  const locale = useLocale();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [unsaved, setUnsaved] = useState(false);
  const publish = useMutation(
    trpc.strategy.publish.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.strategy.pathFilter()),
    }),
  );
  const ask = () => {
    publish.reset();
    setUnsaved(false);
    setOpen(true);
  };
  const begin = async () => {
    const revision = await draft.settle();
    setUnsaved(revision === null);
    if (revision !== null) publish.mutate({ key: strategy.key, revision });
  };
  const detail = detailOfError(publish.error);
  return (
    <>
      <Button look="primary" icon={<ShieldCheck size={15} aria-hidden />} busy={publish.isPending} onClick={ask}>
        {text("button")}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={text("title")}
        description={text("note")}
        wide={detail !== null || publish.isIdle}
      >
        {publish.isIdle && !unsaved && (
          <PublishChanges
            strategy={strategy}
            pack={pack}
            draft={draft.doc}
            saved={draft.state.kind === "saved"}
            onConfirm={begin}
          />
        )}
        {publish.isPending && <p className="text-sm text-muted">{text("checking")}</p>}
        {unsaved && <p className="text-sm text-breach">{text("unsaved")}</p>}
        {detail !== null && detail.issues.length > 0 && (
          <div className="flex flex-col gap-3">
            <p className="text-sm font-semibold text-breach">{text("refused", { count: detail.issues.length })}</p>
            <IssueList
              issues={detail.issues}
              placeOf={(found) => (found.nodeId === undefined ? null : stepNameIn(draft.doc, found.nodeId, locale))}
              onOpen={(found) => {
                setOpen(false);
                if (found.nodeId !== undefined) onOpenStep(found.nodeId);
              }}
            />
          </div>
        )}
        {publish.isError && (detail === null || detail.issues.length === 0) && <ErrorState error={publish.error} />}
        {publish.data !== undefined && (
          <div className="flex flex-col gap-4">
            <p className="flex items-center gap-2 text-sm text-cured">
              <CheckCheck size={18} aria-hidden />
              {publish.data.unchanged
                ? text("unchanged", { number: publish.data.number })
                : text("done", { number: publish.data.number })}
            </p>
            <p className="break-all rounded-md bg-sunken px-3 py-2 font-mono text-xs text-muted">
              sha256 {publish.data.hash}
            </p>
            <div className="flex justify-end gap-2">
              <Button onClick={() => setOpen(false)}>{text("close")}</Button>
              <Button
                look="primary"
                onClick={() => {
                  setOpen(false);
                  onPublished();
                }}
              >
                {text("toRun")}
              </Button>
            </div>
          </div>
        )}
      </Dialog>
    </>
  );
}
