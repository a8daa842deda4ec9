"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { flowsOf, type Overlay, type StepFigures, StrategyDesigner } from "#designer";
import type { MarketPack, StrategyDoc } from "#engine";
import type { SimulationResult } from "../../../_ui/simulation-figures";
import { SimulationProgress } from "../../../_ui/simulation-progress";
import { useTRPC } from "../../../_ui/trpc-client";
import { type SimulationQuestion, useSimulation } from "../../../_ui/use-simulation";
import { SimulationForm } from "./simulation-form";
import { SimulationReport } from "./simulation-report";
import { SimulationStudy } from "./simulation-study";
import type { StrategyDetail } from "./strategy-detail-view";

type Props = {
  readonly strategy: StrategyDetail;
  readonly draft: StrategyDoc;
  readonly pack: MarketPack;
  /** Saves what is waiting, so that the draft that is simulated is the one on the screen. */
  readonly onBefore: () => Promise<unknown>;
};

/** The strategy over the portfolio, on a virtual clock: nobody is contacted, and everything on this screen says so. */
export function SimulateTab({ strategy, draft, pack, onBefore }: Props) {
  const text = useTranslations("simulation");
  const locale = useLocale();
  const trpc = useTRPC();
  const simulation = useSimulation(strategy.key);
  const [asked, setAsked] = useState<SimulationQuestion | null>(null);
  const latest = useQuery(trpc.simulation.latest.queryOptions({ key: strategy.key }));
  const finished = simulation.job?.state === "done" ? simulation.job : null;
  const stored = latest.data?.[0] ?? null;
  const result: SimulationResult | null = finished?.result.result ?? stored?.result ?? null;
  const ofDraft = finished !== null && asked?.what === "draft";
  const version = useQuery(
    trpc.strategy.version.queryOptions(
      { versionId: strategy.latestVersionId ?? "" },
      { enabled: strategy.latestVersionId !== null && !ofDraft, staleTime: Infinity },
    ),
  );
  const doc = ofDraft || strategy.latestVersionId === null ? draft : version.data?.doc;
  const overlay = useMemo(
    () => (result === null || doc === undefined ? undefined : overlayOf(result, doc)),
    [result, doc],
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <SimulationForm
        strategy={strategy}
        busy={simulation.running}
        onBegin={async (question) => {
          await onBefore();
          setAsked(question);
          simulation.begin(question);
        }}
      />
      {(simulation.running ||
        simulation.error !== null ||
        simulation.lost ||
        simulation.job?.state === "failed" ||
        simulation.job?.state === "cancelled") && (
        <div className="border-b border-line bg-surface px-6 py-3">
          <SimulationProgress simulation={simulation} />
        </div>
      )}
      <div className="flex min-h-0 flex-1">
        <div className="follow flex min-w-0 flex-1 flex-col">
          {doc !== undefined && (
            <StrategyDesigner
              doc={doc}
              pack={pack}
              locale={locale}
              readOnly
              onChange={() => undefined}
              overlayKind="simulated"
              overlay={overlay}
            />
          )}
        </div>
        <aside
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="w-[22.5rem] shrink-0 overflow-y-auto border-l border-line bg-surface"
          aria-label={text("result")}
        >
          {result === null || doc === undefined ? (
            <p className="p-6 text-sm text-muted">{text("nothingYet")}</p>
          ) : (
            <>
              {finished !== null && (
                <SimulationStudy
                  result={result}
                  doc={doc}
                  figures={finished.result.figures}
                  comparison={finished.result.comparison}
                />
              )}
              <SimulationReport
                result={result}
                doc={doc}
                pack={pack}
                label={
                  ofDraft
                    ? text("ofDraft")
                    : text("ofVersion", { number: finished?.result.versionNumber ?? stored?.versionNumber ?? 0 })
                }
                stored={finished?.result.stored ?? true}
              />
            </>
          )}
        </aside>
      </div>
    </div>
  );
}

/** Figures per step and way. Money only where it is in the strategy's own currency, which is the one the drawing names. */
function overlayOf(result: SimulationResult, doc: StrategyDoc): Overlay {
  const { currency } = doc.settings;
  const nodes = Object.entries(result.nodes);
  const figures = nodes.map(([nodeId, counts]): [string, StepFigures] => [
    nodeId,
    {
      entered: counts.entered,
      waiting: counts.waiting,
      passed: passedOf(counts),
      ...(result.recovered.currency === currency ? { recoveredMinor: counts.recoveredMinor } : {}),
      ...(result.cost.currency === currency ? { costMinor: counts.costMinor } : {}),
    },
  ]);
  const ways = nodes.map(([nodeId, { wentTo = {} }]) => [nodeId, wentTo]);
  return { steps: Object.fromEntries(figures), flows: flowsOf(Object.fromEntries(ways)) };
}

/** Whoever went on from a step; an exit is passed by whoever came to it. */
function passedOf({ entered, waiting, wentTo = {} }: SimulationResult["nodes"][string]): number {
  const went = Object.values(wentTo);
  return went.length === 0 ? entered - waiting : went.reduce((sum, times) => sum + times, 0);
}
