"use client";

import { useLocale, useTranslations } from "next-intl";
import { Badge } from "../../../_ui/badge";
import { outcomeText } from "../../../_ui/engine-words";
import type { HistoryView } from "./account-view";

type Outside = Extract<HistoryView["entries"][number], { readonly kind: "outside" }>["contact"];

const SOURCE = "agency:";

/** A contact an agency made: it counts under every cap as ours do. */
export function OutsideBody({ contact }: { readonly contact: Outside }) {
  const text = useTranslations("account.outside");
  const channelText = useTranslations("channel");
  const locale = useLocale();
  const { channel, outcome, connected, conversed, source } = contact;
  const reached = conversed ? "conversed" : connected ? "connected" : "attempted";
  return (
    <p className="flex flex-wrap items-center gap-2">
      <span className="font-semibold">{channelText(channel)}</span>
      <Badge tone="held">
        {text("by", { agency: source.startsWith(SOURCE) ? source.slice(SOURCE.length) : source })}
      </Badge>
      <span>{outcome === null ? text(reached) : outcomeText(outcome, channel, locale)}</span>
    </p>
  );
}
