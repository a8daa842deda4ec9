"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "./button";
import { IssueList } from "./issue-list";
import { ProgressBar } from "./progress-bar";
import { ErrorState } from "./states";
import { useFormats } from "./use-formats";
import type { Simulation } from "./use-simulation";

/** How far the simulation is, its rate and the time left; or why there is no answer. */
export function SimulationProgress({ simulation }: { readonly simulation: Simulation }) {
  const text = useTranslations("simulation");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const { job } = simulation;
  const running = job?.state === "running" ? job : null;
  const elapsedMs = useElapsed(running?.startedAtMs ?? null);
  if (simulation.error !== null) return <ErrorState error={simulation.error} />;
  if (simulation.lost) return <p className="text-sm text-breach">{errors("job.not-found")}</p>;
  if (job?.state === "cancelled") return <p className="text-sm text-muted">{text("cancelled")}</p>;
  if (job?.state === "failed") {
    const code = job.code as "internal";
    return (
      <div className="flex flex-col gap-2">
        <p role="alert" className="text-sm text-breach">
          {errors.has(code) ? errors(code, job.params as never) : errors("internal")}
        </p>
        {job.issues.length > 0 && <IssueList issues={job.issues} />}
      </div>
    );
  }
  if (!simulation.running) return null;
  const progress = running?.progress.phase === "simulating" ? running.progress : null;
  const fraction = progress === null || progress.allAccounts === 0 ? 0 : progress.doneAccounts / progress.allAccounts;
  const perSecond = progress === null || elapsedMs === 0 ? 0 : (progress.doneAccounts * 1000) / elapsedMs;
  const secondsLeft =
    progress === null || perSecond === 0 ? null : (progress.allAccounts - progress.doneAccounts) / perSecond;
  return (
    <div className="flex items-center gap-4">
      <div className="min-w-64 flex-1">
        <ProgressBar
          simulated
          fraction={fraction}
          label={progress === null ? text("loading") : text("running")}
          note={
            progress === null
              ? ""
              : `${formats.count(progress.doneAccounts)} / ${formats.count(progress.allAccounts)}${
                  secondsLeft === null ? "" : ` · ${text("secondsLeft", { seconds: Math.ceil(secondsLeft) })}`
                }`
          }
        />
      </div>
      <Button size="small" onClick={simulation.cancel}>
        {text("cancel")}
      </Button>
    </div>
  );
}

const TICK_MS = 250;

function useElapsed(startedAtMs: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (startedAtMs === null) return;
    const timer = window.setInterval(() => setNow(Date.now()), TICK_MS);
    return () => window.clearInterval(timer);
  }, [startedAtMs]);
  return startedAtMs === null ? 0 : Math.max(0, now - startedAtMs);
}
