"use client";

import { CalendarClock } from "lucide-react";
import { useMemo } from "react";
import { type StrategyNode, waitEnds } from "#engine";
import { useDesigner, useText } from "../store/context";

/** The account of the example: in the middle of its first stage. */
const DAYS_PAST_DUE = 12;
const MINUTE_MS = 60_000;

/** Of a waiting step, when an account that comes to it now goes on by itself: what "2 working days" means today. */
export function WaitExample({ node }: { readonly node: StrategyNode }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const settings = useDesigner((state) => state.doc.settings);
  const pack = useDesigner((state) => state.pack);
  const nowMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const endMs = useMemo(
    () => waitEnds(node, { settings, pack, facts: { dpd: DAYS_PAST_DUE }, nowMs }),
    [node, settings, pack, nowMs],
  );
  if (endMs === null) return null;
  const format = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: settings.timeZone,
  });
  return (
    <p className="dz-hint dz-wait-example">
      <CalendarClock size={13} aria-hidden />
      {text("duration.example", { dpd: DAYS_PAST_DUE, now: format.format(nowMs), end: format.format(endMs) })}
    </p>
  );
}
