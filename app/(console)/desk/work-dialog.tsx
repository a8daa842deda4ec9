"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { CALL_BACK_OUTCOME } from "#engine/model/contact-result";
import type { MarketPack } from "#engine/model/market-pack";
import { PROMISE_OUTCOMES } from "#engine/model/promise";
import { Badge } from "../../_ui/badge";
import { Button } from "../../_ui/button";
import { Dialog } from "../../_ui/dialog";
import { outcomeText, policyReasonText } from "../../_ui/engine-words";
import { Field, Select, TextArea, TextInput } from "../../_ui/field";
import { ErrorState, LoadingRows } from "../../_ui/states";
import { type RouterOutputs, useTRPC } from "../../_ui/trpc-client";
import { useFormats } from "../../_ui/use-formats";
import { useZone } from "../../_ui/use-zone";
import { useWorkName, type WorkLine } from "./work-line";

type WorkAtHand = RouterOutputs["desk"]["look"];

const NOTE_MAX = 500;
const MINOR_PER_MAJOR = 100;

/** One piece of work in somebody's hands: whether it may be done now, what to say, and how it ended. */
export function WorkDialog({
  line,
  pack,
  onClose,
}: {
  readonly line: WorkLine;
  readonly pack: MarketPack;
  readonly onClose: () => void;
}) {
  const text = useTranslations("desk");
  const nameOf = useWorkName();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const look = useQuery(trpc.desk.look.queryOptions({ key: line.key }, { staleTime: 0, gcTime: 0 }));
  const done = async () => {
    await queries.invalidateQueries({ queryKey: trpc.desk.open.queryKey() });
    onClose();
  };
  const release = useMutation(trpc.desk.release.mutationOptions({ onSuccess: done }));
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={text("workOn", { work: nameOf(line), account: line.accountNo })}
      description={text("workNote")}
    >
      {look.isPending && <LoadingRows rows={3} />}
      {look.isError && <ErrorState error={look.error} />}
      {look.data !== undefined && (
        <div className="flex flex-col gap-4">
          <NowAllowed work={look.data} pack={pack} />
          <Details details={look.data.details} />
          <EndForm
            line={line}
            work={look.data}
            onDone={done}
            onGiveBack={() => release.mutate({ key: line.key })}
            givingBack={release.isPending}
          />
        </div>
      )}
    </Dialog>
  );
}

const TONES = { allowed: "cured", later: "waiting", refused: "breach" } as const;

/** The gate's answer of this moment, and the script where it allows. */
function NowAllowed({ work, pack }: { readonly work: WorkAtHand; readonly pack: MarketPack }) {
  const text = useTranslations("desk");
  const locale = useLocale();
  const formats = useFormats();
  const zone = useZone();
  const { now, contactPoint } = work;
  const reasons = now.kind === "allowed" ? now.warnings : now.reasons;
  return (
    <section className="flex flex-col gap-2 rounded-md border border-line bg-sunken/50 p-3" aria-label={text("now")}>
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <Badge tone={TONES[now.kind]}>{text(`state.${now.kind}`)}</Badge>
        {now.kind === "later" && <span>{text("from", { time: formats.instant(now.untilMs, zone) })}</span>}
        {contactPoint !== null && <span className="tabular-nums">{contactPoint}</span>}
      </p>
      {reasons.length > 0 && (
        <ul className="list-disc pl-5 text-xs text-muted">
          {reasons.map((reason) => (
            <li key={`${reason.rule} ${reason.code}`}>{policyReasonText(reason, { locale, pack })}</li>
          ))}
        </ul>
      )}
      {now.kind === "allowed" && now.script !== null && (
        <p className="whitespace-pre-line text-sm" data-script>
          {now.script}
        </p>
      )}
    </section>
  );
}

function Details({ details }: Pick<WorkAtHand, "details">) {
  const told = Object.entries(details).filter(([, value]) => value !== null);
  if (told.length === 0) return null;
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 text-sm">
      {told.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

type Said = {
  readonly outcome: string;
  readonly amount: string;
  readonly dueDate: string;
  readonly date: string;
  readonly time: string;
  readonly note: string;
};
const NOTHING_SAID: Said = { outcome: "", amount: "", dueDate: "", date: "", time: "", note: "" };

function EndForm({
  line,
  work,
  onDone,
  onGiveBack,
  givingBack,
}: {
  readonly line: WorkLine;
  readonly work: WorkAtHand;
  readonly onDone: () => Promise<void>;
  readonly onGiveBack: () => void;
  readonly givingBack: boolean;
}) {
  const text = useTranslations("desk");
  const locale = useLocale();
  const trpc = useTRPC();
  const [said, setSaid] = useState(NOTHING_SAID);
  const say = (change: Partial<Said>) => setSaid((before) => ({ ...before, ...change }));
  const finish = useMutation(trpc.desk.finish.mutationOptions({ onSuccess: onDone }));
  const isContact = line.channel !== null;
  const promises = isContact && PROMISE_OUTCOMES.has(said.outcome);
  const callsBack = isContact && said.outcome === CALL_BACK_OUTCOME;
  const amountMinor = Math.round(Number(said.amount) * MINOR_PER_MAJOR);
  const isWhole =
    said.outcome !== "" &&
    (!promises || (amountMinor > 0 && said.dueDate !== "")) &&
    (!callsBack || (said.date !== "" && said.time !== ""));
  const options = [
    { value: "", label: text("chooseOutcome") },
    ...work.endings.map((code) => ({ value: code, label: outcomeText(code, line.channel, locale) })),
  ];
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isWhole) return;
        finish.mutate({
          key: line.key,
          outcome: said.outcome,
          promise: promises ? { amountMinor, dueDate: said.dueDate } : null,
          callback: callsBack ? { date: said.date, time: said.time } : null,
          note: said.note.trim() === "" ? null : said.note.trim(),
        });
      }}
    >
      <Field label={text("outcome")}>
        <Select options={options} value={said.outcome} onValue={(outcome) => say({ outcome })} />
      </Field>
      {promises && (
        <div className="grid grid-cols-2 gap-3">
          <Field label={text("promiseAmount")}>
            <TextInput
              inputMode="decimal"
              value={said.amount}
              onChange={({ target }) => say({ amount: target.value })}
            />
          </Field>
          <Field label={text("promiseDue")}>
            <TextInput type="date" value={said.dueDate} onChange={({ target }) => say({ dueDate: target.value })} />
          </Field>
        </div>
      )}
      {callsBack && (
        <div className="grid grid-cols-2 gap-3">
          <Field label={text("callbackDate")}>
            <TextInput type="date" value={said.date} onChange={({ target }) => say({ date: target.value })} />
          </Field>
          <Field label={text("callbackTime")}>
            <TextInput type="time" value={said.time} onChange={({ target }) => say({ time: target.value })} />
          </Field>
        </div>
      )}
      <Field label={text("noteLabel")} hint={text("noteHint")}>
        <TextArea
          rows={2}
          maxLength={NOTE_MAX}
          value={said.note}
          onChange={({ target }) => say({ note: target.value })}
        />
      </Field>
      {finish.error !== null && <ErrorState error={finish.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onGiveBack} busy={givingBack}>
          {text("giveBack")}
        </Button>
        <Button type="submit" look="primary" busy={finish.isPending} disabled={!isWhole}>
          {text("finish")}
        </Button>
      </div>
    </form>
  );
}
