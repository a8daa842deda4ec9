"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { HOLD_KINDS, type HoldKind } from "#engine/model/policy";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { holdText } from "../../../_ui/engine-words";
import { Field, Select, TextInput } from "../../../_ui/field";
import { ErrorState } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";

const TEXT_MAX = 500;
/** Days a hold may be given from the start; `0` = until somebody releases it. Reviews of thirty and sixty days: domain.md 0.1. */
const DAYS = ["0", "7", "30", "60"] as const;

type PlaceHoldProps = { readonly accountId: `acct_${string}`; readonly onClose: () => void };

/** Freezes everything this person has under way. Says why, and where that can be seen. */
export function PlaceHoldDialog({ accountId, onClose }: PlaceHoldProps) {
  const text = useTranslations("account");
  const locale = useLocale();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [kind, setKind] = useState<HoldKind>("manual");
  const [days, setDays] = useState<(typeof DAYS)[number]>("0");
  const [reason, setReason] = useState("");
  const [evidence, setEvidence] = useState("");
  const place = useMutation(
    trpc.run.placeHold.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries(trpc.run.pathFilter());
        onClose();
      },
    }),
  );
  const given = { reason: reason.trim(), evidence: evidence.trim() };
  const submit = () =>
    place.mutate({
      accountId,
      kind,
      forDays: days === "0" ? null : Number(days),
      reason: given.reason,
      evidence: given.evidence === "" ? null : given.evidence,
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={text("placeHold")}
      description={text("placeHoldNote")}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (given.reason !== "") submit();
        }}
      >
        <div className="grid grid-cols-2 gap-4">
          <Field label={text("holdKind")}>
            <Select
              value={kind}
              onValue={setKind}
              options={HOLD_KINDS.map((value) => ({ value, label: holdText(value, locale) }))}
            />
          </Field>
          <Field label={text("holdLasts")}>
            <Select
              value={days}
              onValue={setDays}
              options={DAYS.map((value) => ({
                value,
                label: value === "0" ? text("untilReleased") : text("forDays", { days: Number(value) }),
              }))}
            />
          </Field>
        </div>
        <Field label={text("holdReason")}>
          <TextInput
            autoFocus
            value={reason}
            maxLength={TEXT_MAX}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <Field label={text("holdEvidence")} hint={text("holdEvidenceHint")}>
          <TextInput value={evidence} maxLength={TEXT_MAX} onChange={(event) => setEvidence(event.target.value)} />
        </Field>
        {place.isError && <ErrorState error={place.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text("cancel")}</Button>
          <Button type="submit" look="primary" busy={place.isPending} disabled={given.reason === ""}>
            {text("placeHold")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
