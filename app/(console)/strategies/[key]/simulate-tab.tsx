"use client";

import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { flowsOf, type Overlay, type StepFigures, StrategyDesigner } from "#designer";
import type { MarketPack, StrategyDoc } from "#engine";
import { Badge } from "../../../_ui/badge";
import { Button } from "../../../_ui/button";
import { Field, Select, TextInput } from "../../../_ui/field";
import type { SimulationResult } from "../../../_ui/simulation-figures";
import { SimulationProgress } from "../../../_ui/simulation-progress";
import { useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { DEFAULT_DAYS, DEFAULT_SEED, type SimulationQuestion, useSimulation } from "../../../_ui/use-simulation";
import { SimulationReport } from "./simulation-report";
import type { StrategyDetail } from "./strategy-detail-view";

const SPANS = ["30", "90", "180", "365"] as const;

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

function SimulationForm({
  strategy,
  busy,
  onBegin,
}: {
  readonly strategy: StrategyDetail;
  readonly busy: boolean;
  readonly onBegin: (question: SimulationQuestion) => void;
}) {
  const text = useTranslations("simulation");
  const home = useTranslations("home");
  const formats = useFormats();
  const trpc = useTRPC();
  const portfolios = useQuery(trpc.overview.portfolios.queryOptions());
  const [chosen, setChosen] = useState("0");
  const [what, setWhat] = useState<"draft" | "published">(strategy.latestVersionId === null ? "draft" : "published");
  const [days, setDays] = useState(String(DEFAULT_DAYS));
  const [seed, setSeed] = useState(String(DEFAULT_SEED));
  const portfolio = portfolios.data?.[Number(chosen)];
  const seedIsGood = /^\d{1,9}$/.test(seed);
  return (
    <form
      className="flex flex-wrap items-end gap-3 border-b border-line bg-surface px-6 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (portfolio === undefined || !seedIsGood) return;
        const { synthetic, currency } = portfolio;
        onBegin({ what, portfolio: { synthetic, currency }, days: Number(days), seed: Number(seed) });
      }}
    >
      <Field label={text("portfolio")}>
        <Select
          className="w-52"
          value={chosen}
          options={(portfolios.data ?? []).map((known, index) => ({
            value: String(index),
            label: `${home(known.synthetic ? "synthetic" : "imported")} · ${known.currency} · ${formats.count(known.accounts)}`,
          }))}
          onValue={setChosen}
        />
      </Field>
      <Field label={text("what")}>
        <Select
          className="w-36"
          value={what}
          options={[
            ...(strategy.latestNumber === null
              ? []
              : [{ value: "published" as const, label: text("version", { number: strategy.latestNumber }) }]),
            { value: "draft" as const, label: text("draft") },
          ]}
          onValue={setWhat}
        />
      </Field>
      <Field label={text("span")}>
        <Select
          className="w-28"
          value={days}
          options={SPANS.map((span) => ({ value: span, label: text("days", { days: Number(span) }) }))}
          onValue={setDays}
        />
      </Field>
      <Field label={text("seed")}>
        <TextInput
          className="figures w-28"
          inputMode="numeric"
          value={seed}
          aria-invalid={!seedIsGood}
          onChange={(event) => setSeed(event.target.value)}
        />
      </Field>
      <Button
        look="simulated"
        type="submit"
        busy={busy}
        disabled={portfolio === undefined || !seedIsGood}
        icon={<FlaskConical size={15} aria-hidden />}
      >
        {text("start")}
      </Button>
      <span className="ml-auto self-center">
        <Badge tone="simulated">{text("notReal")}</Badge>
      </span>
    </form>
  );
}
