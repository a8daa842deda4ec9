"use client";

import { Hand } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../../_ui/button";
import { holdText } from "../../../_ui/engine-words";
import { useFormats } from "../../../_ui/use-formats";
import { useZone } from "../../../_ui/use-zone";
import type { HistoryView } from "./account-view";
import { PlaceHoldDialog } from "./place-hold-dialog";
import { ReleaseDialog } from "./release-dialog";

export type Hold = HistoryView["holds"][number];

type HoldsProps = {
  readonly accountId: `acct_${string}`;
  readonly holds: readonly Hold[];
  readonly nowMs: number;
};

/** Holds in force, large and first: they win over everything that is drawn. Placed and released here, by hand and with a reason. */
export function Holds({ accountId, holds, nowMs }: HoldsProps) {
  const text = useTranslations("account");
  const [releasing, setReleasing] = useState<Hold | null>(null);
  const [placing, setPlacing] = useState(false);
  const inForce = holds.filter((hold) => hold.untilMs === null || hold.untilMs > nowMs);
  return (
    <section aria-label={text("holds")} className="flex flex-col gap-2">
      {inForce.map((hold) => (
        <HoldBand key={hold.id} hold={hold} onRelease={() => setReleasing(hold)} />
      ))}
      <div className="flex justify-end">
        <Button size="small" icon={<Hand size={14} aria-hidden />} onClick={() => setPlacing(true)}>
          {text("placeHold")}
        </Button>
      </div>
      {releasing !== null && <ReleaseDialog hold={releasing} onClose={() => setReleasing(null)} />}
      {placing && <PlaceHoldDialog accountId={accountId} onClose={() => setPlacing(false)} />}
    </section>
  );
}

function HoldBand({ hold, onRelease }: { readonly hold: Hold; readonly onRelease: () => void }) {
  const text = useTranslations("account");
  const formats = useFormats();
  const zone = useZone();
  const locale = useLocale();
  return (
    <div className="flex items-center gap-3 rounded-lg border border-held/30 bg-held-soft px-4 py-3 text-sm">
      <Hand size={18} className="shrink-0 text-held" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{text("holdInForce", { kind: holdText(hold.kind, locale) })}</p>
        <p className="figures text-xs text-muted">
          {text("holdSince", { time: formats.instant(hold.fromMs, zone) })}
          {hold.untilMs !== null && ` · ${text("holdUntil", { time: formats.instant(hold.untilMs, zone) })}`}
        </p>
        {hold.reason !== null && (
          <p className="mt-1 text-xs break-words">
            {hold.reason}
            {hold.evidence !== null && (
              <span className="text-muted">{` · ${text("evidenceIs", { evidence: hold.evidence })}`}</span>
            )}
          </p>
        )}
      </div>
      <Button onClick={onRelease}>{text("release")}</Button>
    </div>
  );
}
