"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { StrategyDoc } from "#engine";
import { useTRPC, useTRPCClient } from "../../../_ui/trpc-client";
import { detailOfError } from "../../../_ui/use-error-text";
import { createDraftSaver, type DraftSaver, type SaveAnswer, type SaveState } from "./draft-saver";

export type Draft = {
  readonly doc: StrategyDoc;
  readonly state: SaveState;
  readonly change: (doc: StrategyDoc) => void;
  /** Saves what is waiting; the revision to publish, or null when the draft cannot be saved now. */
  readonly settle: () => Promise<number | null>;
  readonly keepMine: (theirRevision: number) => void;
  readonly takeTheirs: () => Promise<void>;
};

type First = { readonly key: string; readonly doc: StrategyDoc; readonly revision: number; readonly savedAtMs: number };

/** The draft of one strategy, saved as the author works. */
export function useDraft(first: First): Draft {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [doc, setDoc] = useState(first.doc);
  const { key } = first;
  const [saver] = useState<DraftSaver>(() =>
    createDraftSaver(
      { revision: first.revision, savedAtMs: first.savedAtMs },
      {
        save: async (changed, baseRevision): Promise<SaveAnswer> => {
          try {
            const saved = await client.strategy.saveDraft.mutate({ key, baseRevision, doc: changed });
            return { kind: "saved", ...saved };
          } catch (error) {
            const detail = detailOfError(error);
            if (detail?.code !== "strategy.draft-conflict") throw error;
            return { kind: "conflict", revision: Number(detail.params.revision) };
          }
        },
        schedule: (run, delayMs) => {
          const timer = window.setTimeout(run, delayMs);
          return () => window.clearTimeout(timer);
        },
      },
    ),
  );
  const state = useSyncExternalStore(saver.subscribe, saver.state, saver.state);
  useLeaveGuard(saver, state);

  const change = useCallback(
    (changed: StrategyDoc) => {
      setDoc(changed);
      saver.change(changed);
    },
    [saver],
  );
  const settle = useCallback(async () => ((await saver.flush()).kind === "saved" ? saver.revision() : null), [saver]);
  const keepMine = useCallback((theirRevision: number) => saver.resolve("mine", theirRevision), [saver]);
  const takeTheirs = useCallback(async () => {
    const theirs = await queryClient.fetchQuery({ ...trpc.strategy.byKey.queryOptions({ key }), staleTime: 0 });
    saver.resolve("theirs", theirs.draftRevision);
    setDoc(theirs.draft);
  }, [key, queryClient, saver, trpc]);

  return useMemo(
    () => ({ doc, state, change, settle, keepMine, takeTheirs }),
    [doc, state, change, settle, keepMine, takeTheirs],
  );
}

/** Leaving the page sends what is waiting; closing the tab while something is unsaved asks first. */
function useLeaveGuard(saver: DraftSaver, state: SaveState): void {
  useEffect(
    () => () => {
      void saver.flush();
      saver.dispose();
    },
    [saver],
  );
  const clean = state.kind === "saved";
  useEffect(() => {
    if (clean) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [clean]);
}
