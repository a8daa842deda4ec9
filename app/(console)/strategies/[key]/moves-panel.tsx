"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Badge } from "../../../_ui/badge";
import { Button } from "../../../_ui/button";
import { Panel } from "../../../_ui/panel";
import { ProgressBar } from "../../../_ui/progress-bar";
import { ErrorState } from "../../../_ui/states";
import { type RouterOutputs, useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import type { StrategyDetail } from "./strategy-detail-view";

type Move = RouterOutputs["run"]["moves"][number];

/** While workers are at it, the figures are no older than this. */
const REFRESH_MS = 1500;

/** Moves between versions with how far they are; absent until there is one. */
export function MovesPanel({ strategy }: { readonly strategy: StrategyDetail }) {
  const text = useTranslations("strategy.move");
  const trpc = useTRPC();
  const moves = useQuery(
    trpc.run.moves.queryOptions(
      { strategyId: strategy.id },
      { refetchInterval: ({ state }) => (state.data?.some((move) => move.state === "running") ? REFRESH_MS : false) },
    ),
  );
  if (moves.isError) return <ErrorState error={moves.error} onRetry={() => moves.refetch()} />;
  if (moves.data === undefined || moves.data.length === 0) return null;
  return (
    <Panel title={text("moves")} note={text("movesNote")} flush>
      <ul>
        {moves.data.map((move) => (
          <MoveRow key={move.id} move={move} />
        ))}
      </ul>
    </Panel>
  );
}

function MoveRow({ move }: { readonly move: Move }) {
  const text = useTranslations("strategy.move");
  const formats = useFormats();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const end = useMutation(
    trpc.run.endMove.mutationOptions({ onSuccess: () => queries.invalidateQueries(trpc.run.pathFilter()) }),
  );
  const { fromNumber, toNumber, state, moved, waiting } = move;
  const names = { from: fromNumber, to: toNumber };
  const isRunning = state === "running";
  return (
    <li className="flex flex-col gap-2 border-t border-line px-4 py-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="figures font-semibold">{text("row", names)}</span>
        <Badge tone={isRunning ? "accent" : state === "done" ? "cured" : "neutral"}>{text(`state.${state}`)}</Badge>
        <span className="figures">{text("moved", { count: formats.count(moved) })}</span>
        {waiting !== null && waiting > 0 && (
          <span className="figures text-muted">{text("waiting", { count: formats.count(waiting) })}</span>
        )}
        <span className="min-w-0 flex-1 truncate text-muted" title={move.reason}>
          {move.reason}
        </span>
        {isRunning && (
          <Button size="small" title={text("endNote")} busy={end.isPending} onClick={() => end.mutate({ id: move.id })}>
            {text("end")}
          </Button>
        )}
      </div>
      {isRunning && (
        <ProgressBar
          label={text("progress", names)}
          fraction={moved + move.remaining === 0 ? 1 : moved / (moved + move.remaining)}
          note={`${formats.count(moved)} / ${formats.count(moved + move.remaining)}`}
        />
      )}
      {end.isError && <ErrorState error={end.error} />}
    </li>
  );
}
