"use client";

import { useLocale, useTranslations } from "next-intl";
import { FIGURES, type FigureName, type StrategyDoc } from "#engine";
import { Badge } from "../../../_ui/badge";
import { stepNameIn } from "../../../_ui/engine-words";
import type { SimulationResult } from "../../../_ui/simulation-figures";
import type { RouterOutputs } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";

type Done = Extract<RouterOutputs["simulation"]["job"], { readonly state: "done" }>["result"];
type Interval = Done["figures"]["net"];
type Comparison = NonNullable<Done["comparison"]>;

const MONEY: readonly FigureName[] = ["recovered", "cost", "net", "smsSpendPerDay"];
const RATES: readonly FigureName[] = ["cureRate", "rollRate"];
const PARTS_SHOWN = 5;

type Props = {
  readonly result: SimulationResult;
  readonly doc: StrategyDoc;
  readonly figures: Done["figures"];
  readonly comparison: Comparison | null;
};

/** Figures over the seeds with their intervals, the other version beside them, and where a difference comes from. */
export function SimulationStudy({ result, doc, figures, comparison }: Props) {
  const text = useTranslations("simulation");
  const show = useShown(result);
  const oneCurrency = result.recovered.currency === result.cost.currency;
  const shown = FIGURES.filter((name) => name !== "net" || oneCurrency);
  return (
    <section className="flex flex-col gap-4 border-b border-line p-4" data-testid="simulation-study">
      <header className="flex flex-wrap items-center gap-2">
        <h2 className="text-sm">{text("study.title")}</h2>
        <Badge tone="simulated">{text(`study.label.${result.assumptions.label}`)}</Badge>
        <span className="text-xs text-muted">{text("study.seeds", { seeds: figures.recovered.seeds })}</span>
      </header>
      <table className="w-full text-xs">
        <thead>
          <tr className="text-muted">
            <th scope="col" className="text-left font-normal">
              <span className="sr-only">{text("study.title")}</span>
            </th>
            <th scope="col" className="text-right font-normal">
              {text("study.own")}
            </th>
            {comparison !== null && (
              <th scope="col" className="text-right font-normal" title={text("study.differenceWhy")}>
                {text("study.difference")}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map((name) => (
            <tr key={name} className="border-t border-line/70 align-top">
              <th scope="row" className="py-1 text-left font-normal text-muted">
                {text(`study.figures.${name}`)}
              </th>
              <Cell name={name} of={figures[name]} show={show} />
              {comparison !== null && <Cell name={name} of={comparison.difference[name]} show={show} signed />}
            </tr>
          ))}
        </tbody>
      </table>
      {comparison !== null && <Origins comparison={comparison} doc={doc} show={show} />}
      <DailyLoad result={result} />
    </section>
  );
}

type Show = (name: FigureName, value: number) => string;

function useShown({ recovered, cost }: SimulationResult): Show {
  const formats = useFormats();
  return (name, value) => {
    if (MONEY.includes(name)) {
      return formats.money(Math.round(value), name === "recovered" ? recovered.currency : cost.currency);
    }
    return RATES.includes(name) ? formats.percent(value) : formats.count(Math.round(value * 10) / 10);
  };
}

function Cell({
  name,
  of,
  show,
  signed = false,
}: {
  readonly name: FigureName;
  readonly of: Interval;
  readonly show: Show;
  readonly signed?: boolean;
}) {
  const { mean, low, high } = of;
  // An interval that leaves nought out says that luck alone does not make the difference.
  const clear = signed && low !== null && high !== null && (low > 0 || high < 0);
  return (
    <td className="figures py-1 text-right">
      <span className={clear ? "font-semibold" : undefined}>
        {signed && mean > 0 ? "+" : ""}
        {show(name, mean)}
      </span>
      {low !== null && high !== null && (
        <span className="block text-muted">
          {show(name, low)} … {show(name, high)}
        </span>
      )}
    </td>
  );
}

function Origins({
  comparison,
  doc,
  show,
}: {
  readonly comparison: Comparison;
  readonly doc: StrategyDoc;
  readonly show: Show;
}) {
  const text = useTranslations("simulation");
  const locale = useLocale();
  const lists = [
    { key: "byStep", parts: comparison.byStep, nameOf: (id: string) => stepNameIn(doc, id, locale) },
    {
      key: "bySegment",
      parts: comparison.bySegment,
      nameOf: (id: string) => (text.has(`study.segments.${id}` as never) ? text(`study.segments.${id}` as never) : id),
    },
    { key: "byBucket", parts: comparison.byBucket, nameOf: (id: string) => id },
  ] as const;
  return (
    <div className="flex flex-col gap-3">
      <h3 className="text-xs font-semibold">{text("study.origin")}</h3>
      {lists.map(({ key, parts, nameOf }) => (
        <div key={key}>
          <p className="text-xs text-muted">{text(`study.${key}`)}</p>
          <ul className="flex flex-col gap-0.5 text-xs">
            {parts
              .filter(({ net }) => net.mean !== 0)
              .slice(0, PARTS_SHOWN)
              .map((part) => (
                <li key={part.key} className="flex gap-3">
                  <span className="min-w-0 flex-1 truncate">{nameOf(part.key)}</span>
                  <span className="figures">
                    {part.net.mean > 0 ? "+" : ""}
                    {show("net", part.net.mean)}
                  </span>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

const POOLS = ["agent", "robot", "sms"] as const;

/** Contacts of each day by what carries them; what had to wait stands above in another ink. */
function DailyLoad({ result }: { readonly result: SimulationResult }) {
  const text = useTranslations("simulation");
  const formats = useFormats();
  return (
    <div className="flex flex-col gap-2">
      {POOLS.map((pool) => {
        const days = result.perDay.map(({ pools }) => pools[pool]);
        const most = Math.max(...days.map(({ done, putOff, notDone }) => done + putOff + notDone), 0);
        if (most === 0) return null;
        const waited = days.reduce((sum, { putOff, notDone }) => sum + putOff + notDone, 0);
        const note = text("study.loadNote", { most: formats.count(most), waited: formats.count(waited) });
        return (
          <figure key={pool} className="flex flex-col gap-1">
            <figcaption className="flex justify-between text-xs text-muted">
              <span>{text(`study.pools.${pool}`)}</span>
              <span className="figures">{note}</span>
            </figcaption>
            <svg
              viewBox={`0 0 ${days.length} 24`}
              preserveAspectRatio="none"
              className="h-8 w-full"
              role="img"
              aria-label={`${text(`study.pools.${pool}`)}: ${note}`}
            >
              {days.map(({ done, putOff, notDone }, day) => {
                const height = (done / most) * 24;
                const over = ((putOff + notDone) / most) * 24;
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a day of the run is its number
                  <g key={day}>
                    <rect x={day} y={24 - height} width={0.8} height={height} className="fill-simulated" />
                    <rect x={day} y={24 - height - over} width={0.8} height={over} className="fill-breach" />
                  </g>
                );
              })}
            </svg>
          </figure>
        );
      })}
    </div>
  );
}
