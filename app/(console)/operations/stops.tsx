"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { CHANNELS } from "#engine";
import { channelOf } from "#engine/channels/index";
import { inLocale } from "#engine/model/locale";
import { type StopScope, StopScopeSchema } from "#engine/model/stop";
import { Badge, type Tone } from "../../_ui/badge";
import { Button } from "../../_ui/button";
import { Panel } from "../../_ui/panel";
import { ErrorState, LoadingRows } from "../../_ui/states";
import { type RouterOutputs, useTRPC } from "../../_ui/trpc-client";
import { useFormats } from "../../_ui/use-formats";
import { useZone } from "../../_ui/use-zone";
import { type StopAction, StopDialog } from "./stop-dialog";

type StopRecord = RouterOutputs["operations"]["stops"][number];
/** Something that can be paused, with the pause or stop in force. */
export type Stoppable = { readonly about: StopScope; readonly name: string; readonly stop: StopRecord | null };

const REFRESH_MS = 3000;

/** Everything, every channel, every strategy: what runs, what is paused, and the switch for it. */
export function Stops() {
  const text = useTranslations("operations.stops");
  const trpc = useTRPC();
  const stops = useQuery(trpc.operations.stops.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const strategies = useQuery(trpc.strategy.list.queryOptions());
  const [asked, setAsked] = useState<{ readonly on: Stoppable; readonly action: StopAction } | null>(null);
  const rows = useStoppable(stops.data ?? [], strategies.data ?? []);
  const failed = stops.error ?? strategies.error;
  return (
    <Panel title={text("title")} note={text("note")} flush>
      {(stops.isPending || strategies.isPending) && <LoadingRows rows={6} height={40} />}
      {failed !== null && (
        <div className="p-4">
          <ErrorState error={failed} onRetry={() => Promise.all([stops.refetch(), strategies.refetch()])} />
        </div>
      )}
      {stops.data !== undefined && strategies.data !== undefined && (
        <ul className="flex flex-col">
          {rows.map((on) => (
            <StopRow
              key={`${on.about.scope}:${on.about.subject}`}
              on={on}
              onAsk={(action) => setAsked({ on, action })}
            />
          ))}
        </ul>
      )}
      {asked !== null && <StopDialog {...asked} onClose={() => setAsked(null)} />}
    </Panel>
  );
}

function useStoppable(
  stops: readonly StopRecord[],
  strategies: RouterOutputs["strategy"]["list"],
): readonly Stoppable[] {
  const text = useTranslations("operations.stops");
  const locale = useLocale();
  const live = strategies.filter(({ liveVersionId }) => liveVersionId !== null);
  const known: readonly Omit<Stoppable, "stop">[] = [
    { about: { scope: "everything", subject: "" } as const, name: text("everything") },
    ...CHANNELS.map((subject) => ({
      about: { scope: "channel", subject } as const,
      name: inLocale(channelOf(subject).title, locale),
    })),
    ...live.map(({ id: subject, name }) => ({
      about: StopScopeSchema.parse({ scope: "strategy", subject }),
      name: inLocale(name, locale),
    })),
  ];
  const inForce = stops.filter(({ phase }) => phase !== "over");
  return known.map(({ about, name }) => ({
    about,
    name,
    stop: inForce.find(({ scope, subject }) => scope === about.scope && subject === about.subject) ?? null,
  }));
}

const TONES: { readonly [state in "running" | "pause" | "stop" | "lifting"]: Tone } = {
  running: "cured",
  pause: "waiting",
  stop: "breach",
  lifting: "neutral",
};

function StopRow({ on, onAsk }: { readonly on: Stoppable; readonly onAsk: (action: StopAction) => void }) {
  const text = useTranslations("operations.stops");
  const formats = useFormats();
  const zone = useZone();
  const { about, name, stop } = on;
  const state = stop === null ? "running" : stop.phase === "lifting" ? "lifting" : stop.kind;
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-1.5 text-sm">
      <span className={`w-56 min-w-0 truncate max-lg:w-40 ${about.scope === "everything" ? "font-semibold" : ""}`}>
        {name}
      </span>
      <Badge tone={TONES[state]}>{text(`state.${state}`)}</Badge>
      <span className="min-w-0 flex-1 truncate text-xs text-muted" title={stop?.reason}>
        {stop !== null && text("since", { at: formats.instant(stop.placedAtMs, zone), reason: stop.reason })}
      </span>
      <span className="ml-auto flex gap-1.5">
        {stop === null && (
          <Button size="small" onClick={() => onAsk("pause")} aria-label={text("pauseNamed", { name })}>
            {text("pause")}
          </Button>
        )}
        {stop?.kind !== "stop" && state !== "lifting" && (
          <Button size="small" look="danger" onClick={() => onAsk("stop")} aria-label={text("stopNamed", { name })}>
            {text("stop")}
          </Button>
        )}
        {stop !== null && state !== "lifting" && (
          <Button size="small" onClick={() => onAsk("resume")} aria-label={text("resumeNamed", { name })}>
            {text("resume")}
          </Button>
        )}
      </span>
    </li>
  );
}
