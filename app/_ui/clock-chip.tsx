"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Clock, FastForward, Pause, Play, RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import { DropdownMenu } from "radix-ui";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { type RouterOutputs, useTRPC } from "./trpc-client";
import { useErrorText } from "./use-error-text";
import { useFormats } from "./use-formats";
import { useZone } from "./use-zone";

/** Demo speeds: engine seconds per real second. An hour a second lets a month pass in twelve minutes. */
const SPEEDS = [3_600, 14_400, 86_400] as const;
const FIRST_SPEED = SPEEDS[0];
const REFRESH_MS = 5_000;
const TICK_MS = 250;

type Reading = RouterOutputs["run"]["clock"];

/** What time it is for the engine. Violet while it is a demo clock: violet always means "not real". */
export function ClockChip() {
  const text = useTranslations("clock");
  const trpc = useTRPC();
  const formats = useFormats();
  const zone = useZone();
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const clock = useQuery(trpc.run.clock.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const change = useMutation(
    trpc.run.setClock.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(),
      onError: (error) => toast.error(errorText(error)),
    }),
  );
  const nowMs = useRunningClock(clock.data, clock.dataUpdatedAt);
  if (clock.data === undefined || nowMs === null) {
    return <span className="skeleton inline-block h-8 w-44" aria-hidden />;
  }
  const demo = clock.data.mode === "demo";
  const running = clock.data.ratio > 0;
  const label = demo
    ? running
      ? text("demoRunning", { speed: speedWords(clock.data.ratio, text) })
      : text("demoPaused")
    : text("real");
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        data-testid="clock"
        aria-label={text("control")}
        className={`inline-flex h-8 items-center gap-2 rounded-md border px-2.5 text-xs transition-colors ${
          demo
            ? "border-simulated/40 bg-simulated-soft text-simulated hover:border-simulated"
            : "border-line text-muted hover:border-line-strong hover:text-ink"
        }`}
      >
        {demo && !running ? <Pause size={14} aria-hidden /> : <Clock size={14} aria-hidden />}
        <span className="figures font-semibold">{formats.instant(nowMs, zone)}</span>
        <span className="max-md:hidden">{label}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="z-50 w-72 rounded-lg border border-line bg-surface p-1.5 text-sm shadow-float"
        >
          <p className="px-2.5 pt-1.5 pb-2 text-xs text-muted">{demo ? text("demoNote") : text("realNote")}</p>
          {(!demo || !running) && (
            <Choice
              icon={<Play size={15} aria-hidden />}
              onSelect={() => change.mutate({ mode: "demo", ratio: FIRST_SPEED })}
            >
              {demo ? text("goOn") : text("startDemo")}
            </Choice>
          )}
          {demo && running && (
            <Choice icon={<Pause size={15} aria-hidden />} onSelect={() => change.mutate({ mode: "demo", ratio: 0 })}>
              {text("pause")}
            </Choice>
          )}
          {demo &&
            SPEEDS.map((speed) => (
              <Choice
                key={speed}
                current={clock.data.ratio === speed}
                icon={<FastForward size={15} aria-hidden />}
                onSelect={() => change.mutate({ mode: "demo", ratio: speed })}
              >
                {text("speed", { speed: speedWords(speed, text) })}
              </Choice>
            ))}
          {demo && (
            <Choice icon={<RotateCcw size={15} aria-hidden />} onSelect={() => change.mutate({ mode: "real" })}>
              {text("backToReal")}
            </Choice>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Choice({
  icon,
  current = false,
  onSelect,
  children,
}: {
  readonly icon: React.ReactNode;
  readonly current?: boolean;
  readonly onSelect: () => void;
  readonly children: React.ReactNode;
}) {
  return (
    <DropdownMenu.Item
      onSelect={onSelect}
      aria-current={current ? "true" : undefined}
      className={`flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 outline-none data-highlighted:bg-sunken ${
        current ? "font-semibold text-simulated" : "text-ink"
      }`}
    >
      {icon}
      {children}
    </DropdownMenu.Item>
  );
}

function speedWords(ratio: number, text: ReturnType<typeof useTranslations<"clock">>): string {
  return text("perSecond", { hours: ratio / 3_600 });
}

/** Runs on between two readings of the server's clock, by the server's own speed. */
function useRunningClock(reading: Reading | undefined, readAtMs: number): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    if (reading === undefined) return;
    const show = () => setNow(reading.nowMs + (Date.now() - readAtMs) * reading.ratio);
    show();
    const timer = window.setInterval(show, TICK_MS);
    return () => window.clearInterval(timer);
  }, [reading, readAtMs]);
  return now;
}
