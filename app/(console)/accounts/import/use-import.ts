"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { ImportMapping } from "#engine/portfolio/intake/mapping";
import { type RouterOutputs, useTRPC, useTRPCClient } from "../../../_ui/trpc-client";
import { uploadFile } from "../../../_ui/upload-file";

export type Preview = RouterOutputs["portfolio"]["inspectUpload"];
export type Options = { readonly contacts: "none" | "simulated"; readonly asOf: "today" | "file" };

/** A preview is asked for when the person stops changing the mapping. */
const PROGRESS_MS = 400;

/** The way of one file: sent, recognised, mended, imported. */
export function useImport() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [mapping, setMapping] = useState<ImportMapping | null>(null);
  const [options, setOptions] = useState<Options>({ contacts: "none", asOf: "today" });
  const [jobId, setJobId] = useState<string | null>(null);
  const sent = useMutation({ mutationFn: uploadFile });

  const request = { uploadId: sent.data?.uploadId ?? "", mapping, ...options };
  const preview = useQuery(
    trpc.portfolio.inspectUpload.queryOptions(request, {
      enabled: sent.data !== undefined && jobId === null,
      placeholderData: keepPreviousData,
      staleTime: Infinity,
    }),
  );
  const job = useQuery(
    trpc.portfolio.importJob.queryOptions(
      { jobId: jobId ?? "" },
      {
        enabled: jobId !== null,
        refetchInterval: ({ state }) =>
          state.data === undefined || state.data.state === "running" ? PROGRESS_MS : false,
      },
    ),
  );
  const begin = useMutation({
    mutationFn: async () => {
      if (sent.data === undefined) return;
      const { fileName, sha256, uploadId } = sent.data;
      const chosen = mapping ?? preview.data?.mapping ?? null;
      const started = await client.portfolio.importAccounts.mutate({
        uploadId,
        fileName,
        sha256,
        mapping: chosen,
        ...options,
      });
      setJobId(started.jobId);
    },
  });
  const startOver = useCallback(() => {
    sent.reset();
    begin.reset();
    setMapping(null);
    setJobId(null);
    void queryClient.invalidateQueries();
  }, [sent, begin, queryClient]);

  return {
    upload: sent,
    preview,
    job,
    begin,
    startOver,
    options,
    setOptions,
    setMapping,
    /** The mapping on the table: the one that was mended, else the one the server recognised. */
    mapping: mapping ?? preview.data?.mapping ?? null,
    mended: mapping !== null,
    importing: jobId !== null,
  };
}
export type ImportState = ReturnType<typeof useImport>;
