"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { channelOf } from "#engine/channels/index";
import { CHANNELS, type Channel } from "#engine/model/content";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { Field, Select, TextInput } from "../../../_ui/field";
import { ErrorState } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";
import type { AccountView } from "./account-view";

const EVIDENCE_MAX = 300;
const WORDS = ["given", "refused"] as const;

/** What the person said about being contacted here, when, and where it can be heard or read. Their latest word holds. */
export function ConsentDialog({
  point,
  shown,
  onClose,
}: {
  readonly point: AccountView["contactPoints"][number];
  /** The address, as much of it as may be seen. */
  readonly shown: string;
  readonly onClose: () => void;
}) {
  const text = useTranslations("account");
  const name = useTranslations("channel");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const channels = CHANNELS.filter((known) => channelOf(known).contactPoint === point.kind);
  const [channel, setChannel] = useState<Channel>(channels[0] ?? "sms");
  const [word, setWord] = useState<(typeof WORDS)[number]>("given");
  const [date, setDate] = useState("");
  const [time, setTime] = useState("");
  const [evidence, setEvidence] = useState("");
  const record = useMutation(
    trpc.portfolio.recordConsent.mutationOptions({
      onSuccess: async ({ holds }) => {
        await queries.invalidateQueries(trpc.portfolio.pathFilter());
        // An older word than the last one is kept and changes nothing: then the dialog says so.
        if (holds === (word === "given" ? "granted" : "refused")) onClose();
      },
    }),
  );
  const isWhole = date !== "" && time !== "" && evidence.trim() !== "";
  const submit = () =>
    record.mutate({
      contactPointId: point.id,
      channel,
      given: word === "given",
      date,
      time,
      evidence: evidence.trim(),
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={text("recordConsentOf", { point: shown })}
      description={text("recordConsentNote")}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) submit();
        }}
      >
        <div className="grid grid-cols-2 gap-4">
          <Field label={text("consentChannel")}>
            <Select
              value={channel}
              onValue={setChannel}
              options={channels.map((value) => ({ value, label: name(value) }))}
            />
          </Field>
          <Field label={text("consentWord")}>
            <Select
              value={word}
              onValue={setWord}
              options={WORDS.map((value) => ({ value, label: text(`consentSaid.${value}`) }))}
            />
          </Field>
          <Field label={text("consentDate")}>
            <TextInput type="date" value={date} onChange={({ target }) => setDate(target.value)} />
          </Field>
          <Field label={text("consentTime")}>
            <TextInput type="time" value={time} onChange={({ target }) => setTime(target.value)} />
          </Field>
        </div>
        <Field label={text("consentEvidence")} hint={text("consentEvidenceHint")}>
          <TextInput value={evidence} maxLength={EVIDENCE_MAX} onChange={({ target }) => setEvidence(target.value)} />
        </Field>
        {record.isError && <ErrorState error={record.error} />}
        {record.data !== undefined && <p className="text-sm">{text(`consentHolds.${record.data.holds}`)}</p>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text("cancel")}</Button>
          <Button type="submit" look="primary" busy={record.isPending} disabled={!isWhole}>
            {text("recordConsent")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
