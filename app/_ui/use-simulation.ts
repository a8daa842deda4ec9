"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocale } from "next-intl";
import { useEffect, useState } from "react";
import type { Currency } from "#engine/model/money";
import { useTRPC } from "./trpc-client";

const PROGRESS_MS = 350;
/** One seed, so that the same question has the same answer tomorrow. */
export const DEFAULT_SEED = 20_260_301;
export const DEFAULT_DAYS = 90;

export type SimulationQuestion = {
  readonly what: "draft" | "published";
  readonly portfolio: { readonly synthetic: boolean; readonly currency: Currency };
  readonly days: number;
  readonly seed: number;
  readonly preset?: "low" | "base" | "high";
  readonly seeds?: number;
  readonly against?: "draft" | "published" | null;
};

/** Starts a simulation of a strategy and follows it; the screen may be left and the work goes on. */
export function useSimulation(key: string) {
  const trpc = useTRPC();
  const locale = useLocale();
  const queryClient = useQueryClient();
  const [jobId, setJobId] = useState<string | null>(null);
  const start = useMutation(trpc.simulation.start.mutationOptions({ onSuccess: (started) => setJobId(started.jobId) }));
  const job = useQuery(
    trpc.simulation.job.queryOptions(
      { jobId: jobId ?? "" },
      {
        enabled: jobId !== null,
        refetchInterval: ({ state }) =>
          state.error === null && (state.data === undefined || state.data.state === "running") ? PROGRESS_MS : false,
      },
    ),
  );
  const cancel = useMutation(trpc.simulation.cancel.mutationOptions());
  const done = job.data?.state === "done";
  useEffect(() => {
    if (done) void queryClient.invalidateQueries(trpc.simulation.latest.pathFilter());
  }, [done, queryClient, trpc]);
  return {
    job: jobId === null ? null : (job.data ?? null),
    lost: job.isError,
    starting: start.isPending,
    error: start.error,
    running:
      start.isPending || (jobId !== null && !job.isError && (job.data === undefined || job.data.state === "running")),
    begin: (question: SimulationQuestion) => start.mutate({ key, locale, ...question }),
    cancel: () => {
      if (jobId !== null) cancel.mutate({ jobId });
    },
  };
}
export type Simulation = ReturnType<typeof useSimulation>;
