"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../_ui/button";
import { Dialog } from "../../_ui/dialog";
import { Field, TextInput } from "../../_ui/field";
import { ErrorState } from "../../_ui/states";
import { useTRPC } from "../../_ui/trpc-client";

const EVIDENCE_MAX = 500;

/** Somebody has found out whether a request left; asks from what, and says what follows. */
export function ReconcileDialog({
  requestKey,
  left,
  onClose,
}: {
  readonly requestKey: string;
  readonly left: boolean;
  readonly onClose: () => void;
}) {
  const text = useTranslations("operations.unknown");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [evidence, setEvidence] = useState("");
  const given = evidence.trim();
  const reconcile = useMutation(
    trpc.operations.reconcile.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.operations.pathKey() });
        onClose();
      },
    }),
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={text(left ? "left" : "notLeft")}
      description={text(left ? "leftNote" : "notLeftNote")}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (given !== "") reconcile.mutate({ key: requestKey, left, evidence: given });
        }}
      >
        <Field label={text("evidence")} hint={text("evidenceHint")}>
          <TextInput
            autoFocus
            value={evidence}
            maxLength={EVIDENCE_MAX}
            onChange={(event) => setEvidence(event.target.value)}
          />
        </Field>
        {reconcile.error !== null && <ErrorState error={reconcile.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text("cancel")}</Button>
          <Button type="submit" look="primary" busy={reconcile.isPending} disabled={given === ""}>
            {text(left ? "left" : "notLeft")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
