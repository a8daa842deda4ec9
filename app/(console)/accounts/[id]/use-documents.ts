"use client";

import { useQueries } from "@tanstack/react-query";
import type { StrategyDoc } from "#engine";
import { useTRPC } from "../../../_ui/trpc-client";

type VersionId = `ver_${string}`;

/** Documents of the versions an account was in, by version: names of steps and ways on are read from them. */
export function useDocuments(versionIds: readonly VersionId[]): ReadonlyMap<string, StrategyDoc> {
  const trpc = useTRPC();
  const wanted = [...new Set(versionIds)];
  const found = useQueries({
    queries: wanted.map((versionId) => trpc.strategy.version.queryOptions({ versionId }, { staleTime: Infinity })),
  });
  return new Map(
    wanted.flatMap((versionId, index) => {
      const doc = found[index]?.data?.doc;
      return doc === undefined ? [] : [[versionId, doc] as const];
    }),
  );
}
