"use client";

import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { inLocale, type MarketPack, type StrategyDoc } from "#engine";
import { channelOf } from "#engine/channels/index";
import { CHANNELS, type Channel } from "#engine/model/content";
import { Badge } from "../../../_ui/badge";
import { ruleTitle, stepNameIn } from "../../../_ui/engine-words";
import { Figure } from "../../../_ui/figure";
import { SimulationExits, type SimulationResult } from "../../../_ui/simulation-figures";
import { useFormats } from "../../../_ui/use-formats";

const STEPS_SHOWN = 6;

type Props = {
  readonly result: SimulationResult;
  readonly doc: StrategyDoc;
  readonly pack: MarketPack;
  readonly label: string;
  readonly stored: boolean;
};

/** What would have happened, from the money down to the rule that stood in the way. */
export function SimulationReport({ result, doc, pack, label, stored }: Props) {
  const text = useTranslations("simulation");
  const formats = useFormats();
  // Costs are in the strategy's currency, recoveries in the portfolio's: a ratio of two currencies would mean nothing.
  const comparable = result.recovered.minor > 0 && result.recovered.currency === result.cost.currency;
  const perHundred = comparable ? (result.cost.minor / result.recovered.minor) * 100 : null;
  return (
    <div className="flex flex-col gap-5 p-4" data-testid="simulation-report">
      <header className="flex flex-col gap-1.5">
        <div className="flex flex-wrap items-center gap-2">
          <Badge tone="simulated">{text("simulated")}</Badge>
          <span className="text-sm font-semibold">{label}</span>
          {stored && <span className="text-xs text-muted">{text("stored")}</span>}
        </div>
        <p className="figures text-xs text-muted">
          {text("frame", {
            from: formats.date(result.from),
            days: result.days,
            accounts: formats.count(result.accounts),
            seed: String(result.seed),
          })}
        </p>
      </header>
      <div className="grid grid-cols-2 gap-x-4 gap-y-3">
        <Figure
          label={text("recovered")}
          value={formats.money(result.recovered.minor, result.recovered.currency)}
          ink="simulated"
        />
        <Figure
          label={text("cost")}
          value={formats.money(result.cost.minor, result.cost.currency)}
          note={perHundred === null ? undefined : text("perHundred", { cost: perHundred.toFixed(2) })}
          ink="simulated"
        />
        <Figure
          label={text("enrolled")}
          value={formats.count(result.enrolled)}
          note={text("notEligible", { count: formats.count(result.notEligible) })}
        />
        <Figure
          label={text("cured")}
          value={formats.count(result.exits.cured ?? 0)}
          note={result.enrolled === 0 ? undefined : formats.percent((result.exits.cured ?? 0) / result.enrolled)}
        />
      </div>
      <Part title={text("exits")}>
        <SimulationExits result={result} />
      </Part>
      <Contacts result={result} />
      <Blocked result={result} pack={pack} />
      <BestSteps result={result} doc={doc} />
      <footer className="border-t border-line pt-3 text-xs text-muted">
        <p>{text("assumptions", { version: `${result.assumptions.key} ${result.assumptions.version}` })}</p>
        <p className="mt-1 truncate font-mono" title={result.traceHash}>
          {text("trace", { hash: result.traceHash.slice(0, 16) })}
        </p>
      </footer>
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-sm">{title}</h2>
      {children}
    </section>
  );
}

const CONTACT_COUNTS = ["requested", "sent", "connected", "conversed", "deferred", "denied"] as const;

function Contacts({ result }: { readonly result: SimulationResult }) {
  const text = useTranslations("simulation");
  const formats = useFormats();
  const locale = useLocale();
  // Channels the strategy never asks for would be columns of noughts.
  const channels = CHANNELS.filter((channel) => result.contacts[channel].requested > 0);
  if (channels.length === 0) return null;
  return (
    <Part title={text("contacts")}>
      <table className="w-full text-sm">
        <thead>
          <tr className="text-xs text-muted">
            <th scope="col" className="text-left">
              <span className="sr-only">{text("contacts")}</span>
            </th>
            {channels.map((channel) => (
              <th key={channel} scope="col" className="text-right">
                {inLocale(channelOf(channel).title, locale)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {CONTACT_COUNTS.map((counted) => (
            <tr key={counted} className="border-t border-line/70">
              <th scope="row" className="py-1 text-left font-normal text-muted">
                {text(`counts.${counted}`)}
              </th>
              {channels.map((channel) => (
                <td key={channel} className="figures text-right">
                  {happens(channel, counted) ? formats.count(result.contacts[channel][counted]) : "–"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {channels.map((channel) => (
        <Outcomes key={channel} channel={channel} counts={result.contacts[channel].outcomes} />
      ))}
    </Part>
  );
}

/** A message is not picked up and holds no conversation: where a channel knows no such answer there is no figure, not a nought. */
function happens(channel: Channel, counted: (typeof CONTACT_COUNTS)[number]): boolean {
  if (counted !== "connected" && counted !== "conversed") return true;
  return Object.values(channelOf(channel).outcomes).some((outcome) => outcome[counted]);
}

/** How the contacts of a channel were answered, the most frequent first. */
function Outcomes({
  channel,
  counts,
}: {
  readonly channel: Channel;
  readonly counts: { readonly [outcome: string]: number };
}) {
  const formats = useFormats();
  const locale = useLocale();
  const { title, outcomes } = channelOf(channel);
  const seen = Object.entries(counts)
    .sort(([, left], [, right]) => right - left)
    .map(([code, count]) => {
      const outcome = Object.hasOwn(outcomes, code) ? outcomes[code] : undefined;
      return `${outcome === undefined ? code : inLocale(outcome.label, locale)} ${formats.count(count)}`;
    });
  if (seen.length === 0) return null;
  return (
    <p className="figures text-xs text-muted">
      <span className="font-semibold text-ink">{inLocale(title, locale)}</span> {seen.join(" · ")}
    </p>
  );
}

/** Which rule stopped or put off how many contacts: the law is a part of the plan, not a surprise. */
function Blocked({ result, pack }: { readonly result: SimulationResult; readonly pack: MarketPack }) {
  const text = useTranslations("simulation");
  const formats = useFormats();
  const locale = useLocale();
  const blocked = Object.entries(result.blockedBy).sort(([, left], [, right]) => right - left);
  return (
    <Part title={text("blockedBy")}>
      {blocked.length === 0 && <p className="text-sm text-muted">{text("nothingBlocked")}</p>}
      <ul className="flex flex-col gap-1 text-sm">
        {blocked.map(([rule, count]) => (
          <li key={rule} className="flex gap-3">
            <span className="min-w-0 flex-1 truncate" title={ruleTitle(rule, { locale, pack })}>
              {ruleTitle(rule, { locale, pack })}
            </span>
            <span className="figures">{formats.count(count)}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function BestSteps({ result, doc }: { readonly result: SimulationResult; readonly doc: StrategyDoc }) {
  const text = useTranslations("simulation");
  const formats = useFormats();
  const locale = useLocale();
  const best = Object.entries(result.nodes)
    .filter(([, counts]) => counts.recoveredMinor > 0)
    .sort(([, left], [, right]) => right.recoveredMinor - left.recoveredMinor)
    .slice(0, STEPS_SHOWN);
  const most = best[0]?.[1].recoveredMinor ?? 1;
  if (best.length === 0) return null;
  return (
    <Part title={text("byStep", { currency: result.recovered.currency })}>
      <ul className="flex flex-col gap-1.5 text-sm">
        {best.map(([nodeId, counts]) => (
          <li key={nodeId}>
            <div className="flex gap-3">
              <span className="min-w-0 flex-1 truncate">{stepNameIn(doc, nodeId, locale)}</span>
              <span className="figures">{formats.amount(counts.recoveredMinor)}</span>
            </div>
            <div
              className="h-1 rounded-full bg-simulated/70"
              style={{ width: `${(counts.recoveredMinor / most) * 100}%` }}
              aria-hidden
            />
          </li>
        ))}
      </ul>
    </Part>
  );
}
