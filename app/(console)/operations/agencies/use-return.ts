"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../../../_ui/trpc-client";
import { uploadFile } from "../../../_ui/upload-file";

type Uploaded = { readonly manifestId: string; readonly fileId: string };

/** Of the chosen files the manifest and the one it speaks of; null = these are not the two. */
export function pairOf(files: readonly File[]): { readonly manifest: File; readonly file: File } | null {
  const [manifest, ...otherManifests] = files.filter(({ name }) => name.endsWith(".json"));
  const [file, ...others] = files.filter(({ name }) => !name.endsWith(".json"));
  if (manifest === undefined || file === undefined || otherManifests.length + others.length > 0) return null;
  return { manifest, file };
}

/** The way of one return: sent, looked at, applied. */
export function useReturn() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const sent = useMutation({
    mutationFn: async ({ manifest, file }: NonNullable<ReturnType<typeof pairOf>>): Promise<Uploaded> => {
      const [first, second] = await Promise.all([uploadFile(manifest), uploadFile(file)]);
      return { manifestId: first.uploadId, fileId: second.uploadId };
    },
  });
  const applied = useMutation(
    trpc.agency.applyReturn.mutationOptions({
      // The lists alone: the files are gone now, and the preview must not ask for them again.
      onSuccess: () =>
        Promise.all(
          [trpc.agency.batches, trpc.agency.returns].map((list) =>
            queries.invalidateQueries({ queryKey: list.pathKey() }),
          ),
        ),
    }),
  );
  const preview = useQuery(
    trpc.agency.previewReturn.queryOptions(sent.data ?? { manifestId: "", fileId: "" }, {
      enabled: sent.data !== undefined && applied.data === undefined,
      retry: false,
      staleTime: Infinity,
    }),
  );
  return {
    sent,
    preview,
    applied,
    apply: (mode: "whole" | "partial") => {
      if (sent.data !== undefined) applied.mutate({ ...sent.data, mode });
    },
    startOver: () => {
      sent.reset();
      applied.reset();
    },
  };
}
export type ReturnState = ReturnType<typeof useReturn>;
