"use client";

import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { inLocale } from "#engine/model/locale";
import { Badge } from "../_ui/badge";
import { Button, ButtonLink } from "../_ui/button";
import { Panel } from "../_ui/panel";
import { SimulationExits, SimulationHeadline } from "../_ui/simulation-figures";
import { SimulationProgress } from "../_ui/simulation-progress";
import { EmptyState, ErrorState, LoadingRows } from "../_ui/states";
import { type RouterOutputs, useTRPC } from "../_ui/trpc-client";
import { useFormats } from "../_ui/use-formats";
import { DEFAULT_DAYS, DEFAULT_SEED, useSimulation } from "../_ui/use-simulation";
import { StrategyChips } from "./strategies/strategy-chips";

const REFRESH_MS = 5_000;

type Strategy = RouterOutputs["strategy"]["list"][number];
type Latest = RouterOutputs["simulation"]["latest"][number];
type Portfolio = RouterOutputs["overview"]["portfolios"][number];

/** Every strategy with its live state, and what it would do to the portfolio if it were let. */
export function HomeStrategies() {
  const text = useTranslations("home");
  const trpc = useTRPC();
  const strategies = useQuery(trpc.strategy.list.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const results = useQuery(trpc.simulation.latest.queryOptions({ key: null }));
  const portfolios = useQuery(trpc.overview.portfolios.queryOptions());
  if (strategies.isPending) {
    return (
      <Panel title={text("strategies")}>
        <LoadingRows rows={6} height={36} />
      </Panel>
    );
  }
  if (strategies.isError) {
    return (
      <Panel title={text("strategies")}>
        <ErrorState error={strategies.error} onRetry={() => strategies.refetch()} />
      </Panel>
    );
  }
  if (strategies.data.length === 0) {
    return (
      <Panel title={text("strategies")}>
        <EmptyState
          action={
            <ButtonLink look="primary" href="/strategies">
              {text("toStrategies")}
            </ButtonLink>
          }
        >
          {text("noStrategies")}
        </EmptyState>
      </Panel>
    );
  }
  const portfolio = portfolios.data?.find((known) => known.accounts > 0) ?? null;
  const resultsOf = (key: string) => (results.data ?? []).filter((result) => result.strategyKey === key);
  const first = strategies.data.find(({ key, latestNumber }) => latestNumber !== null && resultsOf(key).length === 0);
  return (
    <section aria-label={text("strategies")} className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
      {strategies.data.map((strategy) => (
        <StrategyCard
          key={strategy.key}
          strategy={strategy}
          results={resultsOf(strategy.key)}
          resultsKnown={results.isSuccess}
          portfolio={portfolio}
          byItself={results.isSuccess && portfolio?.synthetic === true && strategy === first}
        />
      ))}
    </section>
  );
}

/** Does something when a wish first comes true, and never again while the card is on screen. */
function useOnce(wished: boolean, act: () => void): void {
  const done = useRef(false);
  useEffect(() => {
    if (!wished || done.current) return;
    done.current = true;
    act();
  });
}

function StrategyCard({
  strategy,
  results,
  resultsKnown,
  portfolio,
  byItself,
}: {
  readonly strategy: Strategy;
  readonly results: readonly Latest[];
  readonly resultsKnown: boolean;
  readonly portfolio: Portfolio | null;
  /**
   * Simulate without being asked: a new house shows on its sample what the shipped strategies would do, one after the other.
   * Never on imported accounts, which belong to somebody.
   */
  readonly byItself: boolean;
}) {
  const text = useTranslations("home");
  const formats = useFormats();
  const locale = useLocale();
  const simulation = useSimulation(strategy.key);
  const shown =
    results.find((one) => one.synthetic === portfolio?.synthetic && one.currency === portfolio.currency) ?? results[0];
  const begin = () => {
    if (portfolio === null) return;
    const { synthetic, currency } = portfolio;
    simulation.begin({
      what: strategy.latestNumber === null ? "draft" : "published",
      portfolio: { synthetic, currency },
      days: DEFAULT_DAYS,
      seed: DEFAULT_SEED,
    });
  };
  useOnce(byItself, begin);
  const again = (
    <Button
      look="simulated"
      size="small"
      busy={simulation.running}
      disabled={portfolio === null}
      icon={<FlaskConical size={14} aria-hidden />}
      onClick={begin}
    >
      {text("simulate", { days: DEFAULT_DAYS })}
    </Button>
  );
  return (
    <article className="panel flex flex-col gap-3 p-4" aria-label={inLocale(strategy.name, locale)}>
      <header className="flex flex-wrap items-center gap-2">
        <Link href={`/strategies/${strategy.key}`} className="text-base font-semibold text-accent hover:underline">
          {inLocale(strategy.name, locale)}
        </Link>
        <StrategyChips strategy={strategy} />
        <span className="figures ml-auto text-xs text-muted">
          {strategy.liveNumber === null
            ? text("notRunning")
            : text("inFlight", { count: formats.count(strategy.inFlight), cured: formats.count(strategy.cured) })}
        </span>
      </header>
      <div className="rounded-md border border-simulated/25 bg-simulated-soft/50 p-3">
        {shown === undefined ? (
          <div className="flex flex-wrap items-center gap-3">
            <p className="min-w-0 flex-1 text-sm text-muted">
              {resultsKnown ? text("notSimulated") : text("loadingResult")}
            </p>
            {again}
          </div>
        ) : (
          <div className="flex flex-col gap-3">
            <div className="flex flex-wrap items-center gap-2 text-xs text-muted">
              <Badge tone="simulated">{text("simulated")}</Badge>
              <span className="figures">
                {text("simulatedOn", {
                  number: shown.versionNumber,
                  days: shown.result.days,
                  portfolio: `${text(shown.synthetic ? "synthetic" : "imported")} ${shown.currency}`,
                  accounts: formats.count(shown.result.accounts),
                })}
              </span>
              <span className="ml-auto">{again}</span>
            </div>
            <SimulationHeadline result={shown.result} />
            <SimulationExits result={shown.result} />
          </div>
        )}
        <div
          className={
            simulation.running || simulation.error !== null || simulation.job !== null ? "mt-3 empty:mt-0" : ""
          }
        >
          <SimulationProgress simulation={simulation} />
        </div>
      </div>
    </article>
  );
}
