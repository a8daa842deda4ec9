"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pause, Play, UserPlus } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import type { Money } from "#engine/model/money";
import { Badge } from "../../../_ui/badge";
import { Button } from "../../../_ui/button";
import { exitReasonText } from "../../../_ui/engine-words";
import { Figure } from "../../../_ui/figure";
import { type RouterOutputs, useTRPC } from "../../../_ui/trpc-client";
import { useErrorText } from "../../../_ui/use-error-text";
import { useFormats } from "../../../_ui/use-formats";
import { StartRunDialog } from "./start-run-dialog";
import type { StrategyDetail } from "./strategy-detail-view";

type Overview = RouterOutputs["run"]["overview"];

/** How the run stands, and the three things one may do with it: start, pause, go on. */
export function RunBar({
  strategy,
  overview,
  pending,
}: {
  readonly strategy: StrategyDetail;
  readonly overview: Overview | null;
  /** The figures are on their way. A version that does not run has none to wait for. */
  readonly pending: boolean;
}) {
  const text = useTranslations("strategy.run");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const [starting, setStarting] = useState(false);
  const pause = useMutation(
    trpc.run.pause.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.strategy.pathFilter()),
      onError: (error) => toast.error(errorText(error)),
    }),
  );
  const live = strategy.liveVersionId !== null;
  const newer = live && strategy.liveVersionId !== strategy.latestVersionId;
  return (
    <div className="flex flex-wrap items-center gap-x-7 gap-y-2 border-b border-line bg-surface px-6 py-2.5">
      {!live && <p className="text-sm text-muted">{text("notLive")}</p>}
      {live && pending && <span className="skeleton h-10 w-96" aria-hidden />}
      {live && overview?.summary.enrolled === 0 && <p className="text-sm text-muted">{text("nobodyYet")}</p>}
      {live && overview !== null && overview.summary.enrolled > 0 && <RunFigures overview={overview} />}
      <div className="ml-auto flex items-center gap-2">
        {live && (
          <Button
            busy={pause.isPending}
            icon={strategy.paused ? <Play size={15} aria-hidden /> : <Pause size={15} aria-hidden />}
            onClick={() => pause.mutate({ strategyId: strategy.id, paused: !strategy.paused })}
          >
            {strategy.paused ? text("resume") : text("pause")}
          </Button>
        )}
        <Button
          look={live && !newer ? "secondary" : "primary"}
          icon={live && !newer ? <UserPlus size={15} aria-hidden /> : <Play size={15} aria-hidden />}
          onClick={() => setStarting(true)}
        >
          {live
            ? newer
              ? text("startNewer", { number: strategy.latestNumber ?? 0 })
              : text("enrollMore")
            : text("start")}
        </Button>
      </div>
      {starting && <StartRunDialog strategy={strategy} onClose={() => setStarting(false)} />}
    </div>
  );
}

/** Sums of several currencies are never added: the first is shown large, the others beside it. */
function moneyWords(amounts: readonly Money[], format: (minor: number, currency: Money["currency"]) => string): string {
  const byCurrency = new Map<Money["currency"], number>();
  for (const { minor, currency } of amounts) byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + minor);
  return byCurrency.size === 0 ? "–" : [...byCurrency].map(([currency, minor]) => format(minor, currency)).join(" + ");
}

function RunFigures({ overview }: { readonly overview: Overview }) {
  const text = useTranslations("strategy.run");
  const formats = useFormats();
  const locale = useLocale();
  const { summary } = overview;
  const steps = Object.values(overview.steps);
  const inFlight = summary.byStatus.active + summary.byStatus.paused + summary.byStatus.held;
  const exits = Object.entries(summary.exits).sort(([, left], [, right]) => right - left);
  return (
    <>
      <Figure label={text("enrolled")} value={formats.count(summary.enrolled)} />
      <Figure label={text("inFlight")} value={formats.count(inFlight)} />
      {summary.byStatus.held > 0 && <Figure label={text("held")} value={formats.count(summary.byStatus.held)} />}
      {summary.byStatus.faulted > 0 && (
        <Figure label={text("faulted")} value={formats.count(summary.byStatus.faulted)} ink="breach" />
      )}
      <Figure label={text("contacts")} value={formats.count(steps.reduce((sum, step) => sum + step.contacts, 0))} />
      <Figure
        label={text("cost")}
        value={moneyWords(
          steps.flatMap((step) => step.cost),
          formats.money,
        )}
      />
      <Figure
        label={text("recovered")}
        value={moneyWords(
          steps.flatMap((step) => step.recovered),
          formats.money,
        )}
        ink="cured"
      />
      <div className="flex max-w-md flex-wrap gap-1">
        {exits.map(([reason, count]) => (
          <Badge key={reason} tone={reason === "cured" ? "cured" : "neutral"}>
            {exitReasonText(reason, locale)} <span className="figures">{formats.count(count)}</span>
          </Badge>
        ))}
        {overview.demoClock && <Badge tone="simulated">{text("demoClock")}</Badge>}
      </div>
    </>
  );
}
