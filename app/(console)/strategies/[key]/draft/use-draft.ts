"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { canonicalJson, type MarketPack, type MergeChoices, mergeStrategies, type StrategyDoc } from "#engine";
import { useTRPC, useTRPCClient } from "../../../../_ui/trpc-client";
import { detailOfError } from "../../../../_ui/use-error-text";
import { createDraftSaver, type DraftSaver, type SaveAnswer, type SaveState } from "./draft-saver";
import { browserEditStore, type EditStore } from "./kept-edits";

/** A document that was put together, and how any other of this author's documents is put together with the same. */
export type Rebase = { readonly into: StrategyDoc; readonly of: (mine: StrategyDoc) => StrategyDoc };

/** What somebody else made of the draft while it was changed here. */
export type Theirs = { readonly doc: StrategyDoc; readonly revision: number; readonly atMs: number };
export type Meeting = { readonly base: StrategyDoc; readonly theirs: Theirs };

/** What happened to the draft without the author's doing, for a line that says so. */
export type DraftNews =
  | { readonly kind: "merged"; readonly before: StrategyDoc; readonly after: StrategyDoc }
  /** Edits that this device kept are back; `server` is the draft without them. */
  | { readonly kind: "restored"; readonly atMs: number; readonly server: StrategyDoc };

export type Draft = {
  readonly doc: StrategyDoc;
  readonly rebase: Rebase | null;
  readonly state: SaveState;
  readonly change: (doc: StrategyDoc) => void;
  /** Saves what is waiting; the revision to publish, or null when the draft cannot be saved now. */
  readonly settle: () => Promise<number | null>;
  /** While both sides want to be put together: what they are, or null until it is known or when there is nothing to ask. */
  readonly meeting: Meeting | null;
  readonly meet: (choices: MergeChoices) => void;
  readonly news: DraftNews | null;
  readonly dismissNews: () => void;
  /** Goes back to the draft without the edits that were restored. Undo brings them back. */
  readonly dropRestored: () => void;
};

type First = {
  readonly key: string;
  readonly actorId: string;
  readonly doc: StrategyDoc;
  readonly revision: number;
  readonly savedAtMs: number;
};

/** The draft of one strategy, saved as the author works, and put together with what others save. */
export function useDraft(opened: First, { pack, seen }: { readonly pack: MarketPack; readonly seen: Theirs }): Draft {
  const [first] = useState(opened);
  const edits = useMemo(() => browserEditStore(first.key, first.actorId), [first.key, first.actorId]);
  const saver = useSaver(first, edits);
  const state = useSyncExternalStore(saver.subscribe, saver.state, saver.state);
  const [shown, setShown] = useState<{ readonly doc: StrategyDoc; readonly rebase: Rebase | null }>({
    doc: first.doc,
    rebase: null,
  });
  const [news, setNews] = useState<DraftNews | null>(null);
  const latest = useRef(shown.doc);
  const show = useCallback((doc: StrategyDoc, rebase: Rebase | null) => {
    latest.current = doc;
    setShown({ doc, rebase });
  }, []);
  useLeaveGuard(saver);
  useKept({ first, pack, edits, saver, show, setNews });

  const change = useCallback(
    (changed: StrategyDoc) => {
      show(changed, null);
      saver.change(changed);
    },
    [saver, show],
  );
  const settle = useCallback(async () => ((await saver.flush()).kind === "saved" ? saver.revision() : null), [saver]);
  const put = useCallback(
    (meeting: Meeting, choices: MergeChoices) => {
      const { base, theirs } = meeting;
      const of = (mine: StrategyDoc) =>
        mergeStrategies({ base, mine, theirs: theirs.doc }, pack, { choices, otherwise: "theirs" }).doc;
      const before = latest.current;
      const into = of(before);
      show(into, { into, of });
      saver.rebase(into, theirs);
      setNews((known) => (known?.kind === "restored" ? known : { kind: "merged", before, after: into }));
    },
    [pack, saver, show],
  );
  const { meeting, forget } = useMeeting({ strategyKey: first.key, pack, saver, state, latest, put });
  useSeen({ seen, saver, state, latest, put });
  const meet = useCallback(
    (choices: MergeChoices) => {
      if (meeting === null) return;
      put(meeting, choices);
      forget();
    },
    [meeting, put, forget],
  );
  const dismissNews = useCallback(() => setNews(null), []);
  const dropRestored = useCallback(() => {
    if (news?.kind === "restored") change(news.server);
    setNews(null);
  }, [news, change]);

  return useMemo(
    () => ({ ...shown, state, change, settle, meeting, meet, news, dismissNews, dropRestored }),
    [shown, state, change, settle, meeting, meet, news, dismissNews, dropRestored],
  );
}

function useSaver({ key, doc, revision, savedAtMs }: First, edits: EditStore): DraftSaver {
  const client = useTRPCClient();
  const [saver] = useState<DraftSaver>(() =>
    createDraftSaver(
      { doc, revision, savedAtMs },
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
        edits,
        nowMs: Date.now,
      },
    ),
  );
  return saver;
}

type Meet = {
  readonly strategyKey: string;
  readonly pack: MarketPack;
  readonly saver: DraftSaver;
  readonly state: SaveState;
  readonly latest: { readonly current: StrategyDoc };
  readonly put: (meeting: Meeting, choices: MergeChoices) => void;
};

/** Fetches what others made of the draft when a save finds it changed, and puts both together where nothing is to be asked. */
function useMeeting({ strategyKey, pack, saver, state, latest, put }: Meet) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [meeting, setMeeting] = useState<Meeting | null>(null);
  const conflictAt = state.kind === "conflict" ? state.theirRevision : null;
  useEffect(() => {
    if (conflictAt === null) return;
    let current = true;
    const query = trpc.strategy.byKey.queryOptions({ key: strategyKey });
    const meet = async (): Promise<void> => {
      const found = await queryClient.fetchQuery({ ...query, staleTime: 0, retry: true, retryDelay: 2_000 });
      if (!current) return;
      const theirs = { doc: found.draft, revision: found.draftRevision, atMs: found.draftUpdatedAtMs };
      const both = { base: saver.baseFor(theirs.doc), theirs };
      const sides = { base: both.base, mine: latest.current, theirs: theirs.doc };
      if (mergeStrategies(sides, pack).conflicts.length === 0) put(both, {});
      else setMeeting(both);
    };
    void meet();
    return () => {
      current = false;
    };
  }, [conflictAt, strategyKey, pack, saver, latest, put, trpc, queryClient]);
  return { meeting: conflictAt === null ? null : meeting, forget: useCallback(() => setMeeting(null), []) };
}

/** What others saved while nothing was waiting here is taken over as soon as it is seen. */
function useSeen({
  seen,
  saver,
  state,
  latest,
  put,
}: Omit<Meet, "strategyKey" | "pack"> & { readonly seen: Theirs }): void {
  const idle = state.kind === "saved";
  useEffect(() => {
    if (idle && seen.revision > saver.revision()) put({ base: latest.current, theirs: seen }, {});
  }, [idle, seen, saver, latest, put]);
}

type Kept = {
  readonly first: First;
  readonly pack: MarketPack;
  readonly edits: EditStore;
  readonly saver: DraftSaver;
  readonly show: (doc: StrategyDoc, rebase: Rebase | null) => void;
  readonly setNews: (news: DraftNews) => void;
};

/** Edits this device kept from an earlier visit go on: they are on the screen again and on their way to the server. */
function useKept({ first, pack, edits, saver, show, setNews }: Kept): void {
  useEffect(() => {
    let current = true;
    const server = { doc: first.doc, revision: first.revision };
    const restore = async (): Promise<void> => {
      const kept = await edits.read();
      if (!current || kept === null || saver.state().kind !== "saved") return;
      const { doc, conflicts } = mergeStrategies({ base: kept.base, mine: kept.doc, theirs: server.doc }, pack);
      if (conflicts.length === 0 && canonicalJson(doc) === canonicalJson(server.doc)) return edits.clear();
      show(kept.doc, null);
      setNews({ kind: "restored", atMs: kept.atMs, server: server.doc });
      saver.resume(kept, server);
    };
    // A device that keeps nothing has nothing to restore.
    restore().catch(() => undefined);
    return () => {
      current = false;
    };
  }, [first, pack, edits, saver, show, setNews]);
}

/** Leaving the page sends what is waiting, and keeps it; closing the tab before either is done asks first. */
function useLeaveGuard(saver: DraftSaver): void {
  useEffect(() => {
    const keep = () => saver.keep();
    const again = () => void saver.flush();
    const ask = (event: BeforeUnloadEvent) => {
      saver.keep();
      if (!saver.isSafe()) event.preventDefault();
    };
    window.addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", keep);
    window.addEventListener("online", again);
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("pagehide", keep);
      document.removeEventListener("visibilitychange", keep);
      window.removeEventListener("online", again);
      window.removeEventListener("beforeunload", ask);
      void saver.flush();
      saver.dispose();
    };
  }, [saver]);
}
