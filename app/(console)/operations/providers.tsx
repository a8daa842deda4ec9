"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { channelOf } from "#engine/channels/index";
import { inLocale } from "#engine/model/locale";
import { SECOND_MS } from "#engine/model/time";
import { Badge, type Tone } from "../../_ui/badge";
import { Button } from "../../_ui/button";
import { Panel } from "../../_ui/panel";
import { EmptyState, ErrorState, LoadingRows } from "../../_ui/states";
import { type Column, Table } from "../../_ui/table";
import { type RouterOutputs, useTRPC } from "../../_ui/trpc-client";
import { useFormats } from "../../_ui/use-formats";
import { useZone } from "../../_ui/use-zone";
import { type StopAction, StopDialog } from "./stop-dialog";
import type { Stoppable } from "./stops";

type Provider = RouterOutputs["operations"]["providers"][number];
type StopRecord = RouterOutputs["operations"]["stops"][number];
type Switch = { readonly on: Stoppable; readonly action: StopAction };

const REFRESH_MS = 5000;

/** How every provider stands over all workers, with the switch of its channel beside it. */
export function Providers() {
  const text = useTranslations("operations.providers");
  const trpc = useTRPC();
  const providers = useQuery(trpc.operations.providers.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const stops = useQuery(trpc.operations.stops.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const [asked, setAsked] = useState<Switch | null>(null);
  const columns = useColumns(stops.data ?? [], setAsked);
  const rows = providers.data ?? [];
  return (
    <Panel id="providers" title={text("title")} note={text("note")} flush>
      {providers.isPending && <LoadingRows rows={4} />}
      {providers.isError && (
        <div className="p-4">
          <ErrorState error={providers.error} onRetry={() => providers.refetch()} />
        </div>
      )}
      {providers.data?.length === 0 && <EmptyState>{text("nothing")}</EmptyState>}
      {rows.length > 0 && (
        <Table label={text("title")} columns={columns} rows={rows} rowKey={({ adapter }) => adapter} />
      )}
      {asked !== null && <StopDialog {...asked} onClose={() => setAsked(null)} />}
    </Panel>
  );
}

function useColumns(stops: readonly StopRecord[], ask: (asked: Switch) => void): readonly Column<Provider>[] {
  const text = useTranslations("operations.providers");
  const locale = useLocale();
  const formats = useFormats();
  const duration = useDuration();
  const time = (ms: number | null | undefined) => (ms === null || ms === undefined ? "–" : duration(ms));
  return [
    {
      key: "provider",
      title: text("provider"),
      cell: ({ adapter, simulated }) => (
        <span className="flex items-center gap-1.5 whitespace-nowrap">
          {adapter}
          {simulated && <Badge tone="simulated">{text("simulated")}</Badge>}
        </span>
      ),
    },
    { key: "channel", title: text("channel"), cell: ({ channel }) => inLocale(channelOf(channel).title, locale) },
    { key: "state", title: text("state"), cell: (provider) => <State provider={provider} /> },
    {
      key: "sends",
      title: text("sends"),
      numeric: true,
      cell: ({ accepted, rejected, keptBack }) => [accepted, rejected, keptBack].map(formats.count).join(" / "),
    },
    {
      key: "unknown",
      title: text("unknown"),
      numeric: true,
      cell: ({ unknown }) => (
        <span className={unknown > 0 ? "font-semibold text-breach" : ""}>{formats.count(unknown)}</span>
      ),
    },
    { key: "latency", title: text("latency"), numeric: true, cell: ({ p95Ms }) => time(p95Ms) },
    { key: "lag", title: text("lag"), numeric: true, cell: ({ lag }) => time(lag?.p95Ms) },
    { key: "cost", title: text("cost"), numeric: true, cell: (provider) => <Cost provider={provider} /> },
    {
      key: "switch",
      title: "",
      cell: (provider) => <ChannelSwitch provider={provider} stops={stops} ask={ask} />,
    },
  ];
}

const TONES: { readonly [state in "fine" | "wait" | "halfOpen" | "open" | "unwell"]: Tone } = {
  fine: "cured",
  wait: "waiting",
  halfOpen: "waiting",
  open: "breach",
  unwell: "breach",
};

function stateOf({ breaker, health, waitMs }: Provider): keyof typeof TONES {
  if (breaker === "open") return "open";
  if (breaker === "half-open") return "halfOpen";
  if (health?.ok === false) return "unwell";
  return waitMs > 0 ? "wait" : "fine";
}

/** Whether contacts get through, and what the provider said when it was last asked. */
function State({ provider }: { readonly provider: Provider }) {
  const text = useTranslations("operations.providers");
  const formats = useFormats();
  const zone = useZone();
  const duration = useDuration();
  const { health, waitMs, workers, workersShutOut } = provider;
  const state = stateOf(provider);
  const at = health === null ? "" : formats.instant(health.atMs, zone);
  const checked =
    health === null
      ? text("unchecked")
      : health.ok
        ? text("checked", { at })
        : text("problem", { problems: health.problems.join(", "), at });
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      <Badge tone={TONES[state]}>{text(`states.${state}`)}</Badge>
      <span className="text-xs text-muted">
        {[
          ...(workersShutOut > 0 ? [text("shutOut", { count: workersShutOut, total: workers })] : []),
          ...(waitMs > 0 ? [text("waits", { time: duration(waitMs) })] : []),
          checked,
        ].join(" · ")}
      </span>
    </span>
  );
}

function Cost({ provider }: { readonly provider: Provider }) {
  const text = useTranslations("operations.providers");
  const formats = useFormats();
  const { costThisHourMinor, costPerHourMinor, currency } = provider;
  const cost = formats.money(costThisHourMinor, currency);
  return costPerHourMinor === null ? cost : text("costOf", { cost, limit: formats.money(costPerHourMinor, currency) });
}

type SwitchProps = {
  readonly provider: Provider;
  readonly stops: readonly StopRecord[];
  readonly ask: (asked: Switch) => void;
};

/** Pauses the provider's channel: at most one provider carries a channel, so that is the provider's switch. */
function ChannelSwitch({ provider: { channel }, stops, ask }: SwitchProps) {
  const text = useTranslations("operations.providers");
  const named = useTranslations("operations.stops");
  const locale = useLocale();
  const name = inLocale(channelOf(channel).title, locale);
  const stop =
    stops.find(({ scope, subject, phase }) => scope === "channel" && subject === channel && phase !== "over") ?? null;
  const on: Stoppable = { about: { scope: "channel", subject: channel }, name, stop };
  if (stop?.phase === "lifting") return null;
  return (
    <span className="flex items-center justify-end gap-1.5">
      {stop !== null && <Badge tone="waiting">{text(stop.kind === "stop" ? "stopped" : "paused")}</Badge>}
      <Button
        size="small"
        onClick={() => ask({ on, action: stop === null ? "pause" : "resume" })}
        aria-label={named(stop === null ? "pauseNamed" : "resumeNamed", { name })}
      >
        {text(stop === null ? "pause" : "resume")}
      </Button>
    </span>
  );
}

/** A short time, `120 毫秒` or `3.4 秒`. */
function useDuration(): (ms: number) => string {
  const text = useTranslations("operations.providers");
  return (ms) =>
    ms < SECOND_MS ? text("ms", { ms: Math.round(ms) }) : text("s", { s: Math.round((ms / SECOND_MS) * 10) / 10 });
}
