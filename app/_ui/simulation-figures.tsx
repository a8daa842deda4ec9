"use client";

import { useLocale, useTranslations } from "next-intl";
import { CHANNELS } from "#engine/model/content";
import { Badge } from "./badge";
import { exitReasonText } from "./engine-words";
import { Figure } from "./figure";
import type { RouterOutputs } from "./trpc-client";
import { useFormats } from "./use-formats";

export type SimulationResult = RouterOutputs["simulation"]["latest"][number]["result"];

export function contactsSent(result: SimulationResult): number {
  return CHANNELS.reduce((sum, channel) => sum + result.contacts[channel].sent, 0);
}

/** The four numbers people compare strategies by. Violet, with the word: they are not real. */
export function SimulationHeadline({ result }: { readonly result: SimulationResult }) {
  const text = useTranslations("simulation");
  const formats = useFormats();
  return (
    <div className="grid grid-cols-4 gap-4">
      <Figure
        label={text("recovered")}
        value={formats.money(result.recovered.minor, result.recovered.currency)}
        ink="simulated"
      />
      <Figure label={text("cost")} value={formats.money(result.cost.minor, result.cost.currency)} ink="simulated" />
      <Figure label={text("contacts")} value={formats.count(contactsSent(result))} ink="simulated" />
      <Figure
        label={text("cured")}
        value={formats.count(result.exits.cured ?? 0)}
        note={text("ofEnrolled", { count: formats.count(result.enrolled) })}
        ink="simulated"
      />
    </div>
  );
}

/** How accounts ended, in words. */
export function SimulationExits({ result }: { readonly result: SimulationResult }) {
  const text = useTranslations("simulation");
  const locale = useLocale();
  const formats = useFormats();
  const exits = Object.entries(result.exits).sort(([, left], [, right]) => (right ?? 0) - (left ?? 0));
  return (
    <ul className="flex flex-wrap gap-1.5">
      {exits.map(([reason, count]) => (
        <li key={reason}>
          <Badge tone={reason === "cured" ? "cured" : "neutral"}>
            {exitReasonText(reason, locale)} <span className="figures">{formats.count(count ?? 0)}</span>
          </Badge>
        </li>
      ))}
      {result.waiting > 0 && (
        <li>
          <Badge tone="waiting">
            {text("stillInside")} <span className="figures">{formats.count(result.waiting)}</span>
          </Badge>
        </li>
      )}
      {result.held > 0 && (
        <li>
          <Badge tone="held">
            {text("held")} <span className="figures">{formats.count(result.held)}</span>
          </Badge>
        </li>
      )}
    </ul>
  );
}
