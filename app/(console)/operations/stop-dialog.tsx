"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../_ui/button";
import { Dialog } from "../../_ui/dialog";
import { Field, TextInput } from "../../_ui/field";
import { ErrorState } from "../../_ui/states";
import { useTRPC } from "../../_ui/trpc-client";
import type { Stoppable } from "./stops";

export type StopAction = "pause" | "stop" | "resume";

const REASON_MAX = 500;

/** Says what the switch will do before it does it, and asks for the reason that the audit keeps. */
export function StopDialog({
  on,
  action,
  onClose,
}: {
  readonly on: Stoppable;
  readonly action: StopAction;
  readonly onClose: () => void;
}) {
  const text = useTranslations("operations.stops");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const done = async () => {
    await queries.invalidateQueries({ queryKey: trpc.operations.pathKey() });
    onClose();
  };
  const place = useMutation(trpc.operations.placeStop.mutationOptions({ onSuccess: done }));
  const lift = useMutation(trpc.operations.resume.mutationOptions({ onSuccess: done }));
  const failed = place.error ?? lift.error;
  const given = reason.trim();
  const consequence = action === "resume" && on.stop?.kind === "stop" ? "resumeStopped" : action;
  const submit = () => {
    if (action === "resume") lift.mutate({ about: on.about, reason: given });
    else place.mutate({ about: on.about, kind: action, reason: given });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={text(`${action}Named`, { name: on.name })}
      description={text(`consequence.${consequence}`)}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (given !== "") submit();
        }}
      >
        <Field label={text("reason")} hint={text("reasonHint")}>
          <TextInput
            autoFocus
            value={reason}
            maxLength={REASON_MAX}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        {failed !== null && <ErrorState error={failed} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text("cancel")}</Button>
          <Button
            type="submit"
            look={action === "stop" ? "danger" : "primary"}
            busy={place.isPending || lift.isPending}
            disabled={given === ""}
          >
            {text(action)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
