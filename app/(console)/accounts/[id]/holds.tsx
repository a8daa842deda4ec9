"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Hand } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { holdText } from "../../../_ui/engine-words";
import { ErrorState } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { useZone } from "../../../_ui/use-zone";
import type { HistoryView } from "./account-view";

type Hold = HistoryView["holds"][number];

/** Holds in force, large and first: they win over everything that is drawn. Releasing one says what happens then. */
export function Holds({ holds, nowMs }: { readonly holds: readonly Hold[]; readonly nowMs: number }) {
  const text = useTranslations("account");
  const formats = useFormats();
  const zone = useZone();
  const locale = useLocale();
  const [releasing, setReleasing] = useState<Hold | null>(null);
  const inForce = holds.filter((hold) => hold.untilMs === null || hold.untilMs > nowMs);
  if (inForce.length === 0) return null;
  return (
    <section aria-label={text("holds")} className="flex flex-col gap-2">
      {inForce.map((hold) => (
        <div
          key={hold.id}
          className="flex items-center gap-3 rounded-lg border border-held/30 bg-held-soft px-4 py-3 text-sm"
        >
          <Hand size={18} className="text-held" aria-hidden />
          <div className="min-w-0 flex-1">
            <p className="font-semibold">{text("holdInForce", { kind: holdText(hold.kind, locale) })}</p>
            <p className="figures text-xs text-muted">
              {text("holdSince", { time: formats.instant(hold.fromMs, zone) })}
            </p>
          </div>
          <Button onClick={() => setReleasing(hold)}>{text("release")}</Button>
        </div>
      ))}
      {releasing !== null && <ReleaseDialog hold={releasing} onClose={() => setReleasing(null)} />}
    </section>
  );
}

function ReleaseDialog({ hold, onClose }: { readonly hold: Hold; readonly onClose: () => void }) {
  const text = useTranslations("account");
  const locale = useLocale();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const release = useMutation(
    trpc.run.releaseHold.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.run.pathFilter());
        onClose();
      },
    }),
  );
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={text("releaseTitle", { kind: holdText(hold.kind, locale) })}
      description={text("releaseNote")}
    >
      {release.isError && <ErrorState error={release.error} />}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{text("keepHold")}</Button>
        <Button look="danger" busy={release.isPending} onClick={() => release.mutate({ holdId: hold.id })}>
          {text("release")}
        </Button>
      </div>
    </Dialog>
  );
}
