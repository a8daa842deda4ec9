"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import type { Draft } from "./use-draft";

/** Two people changed one draft. Nothing is overwritten before the author has said whose goes on. */
export function ConflictDialog({ draft }: { readonly draft: Draft }) {
  const text = useTranslations("strategy.conflict");
  const [busy, setBusy] = useState(false);
  const [putOff, setPutOff] = useState<number | null>(null);
  if (draft.state.kind !== "conflict") return null;
  const { theirRevision } = draft.state;
  if (putOff === theirRevision) {
    return (
      <div role="alert" className="flex items-center gap-3 border-b border-breach/30 bg-breach-soft px-6 py-2 text-sm">
        <span>{text("frozen")}</span>
        <Button size="small" onClick={() => setPutOff(null)}>
          {text("decide")}
        </Button>
      </div>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) setPutOff(theirRevision);
      }}
      title={text("title")}
      description={text("note")}
    >
      <div className="flex flex-wrap justify-end gap-2">
        <Button
          busy={busy}
          onClick={async () => {
            setBusy(true);
            await draft.takeTheirs().finally(() => setBusy(false));
          }}
        >
          {text("theirs")}
        </Button>
        <Button look="danger" onClick={() => draft.keepMine(theirRevision)}>
          {text("mine")}
        </Button>
      </div>
    </Dialog>
  );
}
