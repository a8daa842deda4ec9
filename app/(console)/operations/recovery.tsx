"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../_ui/button";
import { Dialog } from "../../_ui/dialog";
import { Field, TextInput } from "../../_ui/field";
import { Figure } from "../../_ui/figure";
import { ErrorState } from "../../_ui/states";
import { type RouterOutputs, useTRPC } from "../../_ui/trpc-client";
import { useFormats } from "../../_ui/use-formats";
import { useZone } from "../../_ui/use-zone";

type Standing = NonNullable<RouterOutputs["operations"]["recovery"]>;

const REFRESH_MS = 5000;
const REASON_MAX = 500;

/** After a restore: says that nothing leaves unasked, what is left to find out, and lets a person lift it. Nothing otherwise. */
export function Recovery() {
  const trpc = useTRPC();
  const recovery = useQuery(trpc.operations.recovery.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  return recovery.data === undefined || recovery.data === null ? null : <Banner standing={recovery.data} />;
}

function Banner({ standing }: { readonly standing: Standing }) {
  const text = useTranslations("operations.recovery");
  const formats = useFormats();
  const zone = useZone();
  const [lifting, setLifting] = useState(false);
  const { asking, forPeople, behind, coveredFromMs, nowMs } = standing;
  return (
    <section
      aria-label={text("title")}
      className="flex flex-col gap-3 rounded-lg border border-waiting/40 bg-waiting-soft px-4 py-3"
    >
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <h2 className="text-base text-waiting">{text("title")}</h2>
          <p className="mt-0.5 max-w-[80ch] text-sm text-ink">
            {text("note", { at: formats.instant(standing.backupAtMs, zone) })}
          </p>
        </div>
        <Button look={standing.done ? "primary" : "secondary"} onClick={() => setLifting(true)}>
          {text("lift")}
        </Button>
      </div>
      <div className="grid grid-cols-4 gap-4 max-lg:grid-cols-2">
        <Figure label={text("asking")} value={formats.count(asking)} note={text("askingNote")} />
        <Figure
          label={text("forPeople")}
          value={formats.count(forPeople)}
          note={<a href="#unknown">{text("forPeopleNote")}</a>}
        />
        <Figure label={text("behind")} value={formats.count(behind)} />
        <Figure
          label={text("covered")}
          value={nowMs >= coveredFromMs ? text("coveredDone") : formats.instant(coveredFromMs, zone)}
          note={text("coveredNote")}
        />
      </div>
      {lifting && <LiftDialog done={standing.done} onClose={() => setLifting(false)} />}
    </section>
  );
}

function LiftDialog({ done, onClose }: { readonly done: boolean; readonly onClose: () => void }) {
  const text = useTranslations("operations.recovery");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [anyway, setAnyway] = useState(false);
  const given = reason.trim();
  const lift = useMutation(
    trpc.operations.liftRecovery.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.operations.pathKey() });
        onClose();
      },
    }),
  );
  const may = given !== "" && (done || anyway);
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={text("lift")}
      description={text(done ? "liftNote" : "liftEarlyNote")}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (may) lift.mutate({ reason: given, anyway });
        }}
      >
        {!done && (
          <label className="flex items-start gap-2 text-sm">
            <input
              type="checkbox"
              className="mt-0.5 size-4"
              checked={anyway}
              onChange={(event) => setAnyway(event.target.checked)}
            />
            {text("anyway")}
          </label>
        )}
        <Field label={text("reason")} hint={text("reasonHint")}>
          <TextInput value={reason} maxLength={REASON_MAX} onChange={(event) => setReason(event.target.value)} />
        </Field>
        {lift.error !== null && <ErrorState error={lift.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text("cancel")}</Button>
          <Button type="submit" look={done ? "primary" : "danger"} busy={lift.isPending} disabled={!may}>
            {text("lift")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
