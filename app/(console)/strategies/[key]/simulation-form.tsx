"use client";

import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Badge } from "../../../_ui/badge";
import { Button } from "../../../_ui/button";
import { Field, Select, TextInput } from "../../../_ui/field";
import { useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { DEFAULT_DAYS, DEFAULT_SEED, type SimulationQuestion } from "../../../_ui/use-simulation";
import type { StrategyDetail } from "./strategy-detail-view";

const SPANS = ["30", "90", "180", "365"] as const;
const SEED_COUNTS = ["1", "3", "5", "10"] as const;
const PRESETS = ["low", "base", "high"] as const;

/** What is to be simulated on whom, under which assumptions, how often, and against what. */
export function SimulationForm({
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
  const [preset, setPreset] = useState<"low" | "base" | "high">("base");
  const [seeds, setSeeds] = useState("1");
  const [compared, setCompared] = useState<"no" | "yes">("no");
  const other = what === "draft" ? "published" : "draft";
  const canCompare = strategy.latestNumber !== null;
  const seedIsGood = /^\d{1,9}$/.test(seed);
  return (
    <form
      className="flex flex-wrap items-end gap-3 border-b border-line bg-surface px-6 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (portfolio === undefined || !seedIsGood) return;
        const { synthetic, currency } = portfolio;
        onBegin({
          what,
          portfolio: { synthetic, currency },
          days: Number(days),
          seed: Number(seed),
          preset,
          seeds: Number(seeds),
          against: canCompare && compared === "yes" ? other : null,
        });
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
      <Field label={text("seeds")}>
        <Select
          className="w-20"
          value={seeds}
          options={SEED_COUNTS.map((count) => ({ value: count, label: count }))}
          onValue={setSeeds}
        />
      </Field>
      <Field label={text("preset")}>
        <Select
          className="w-28"
          value={preset}
          options={PRESETS.map((known) => ({ value: known, label: text(`presets.${known}`) }))}
          onValue={setPreset}
        />
      </Field>
      {canCompare && (
        <Field label={text("against")}>
          <Select
            className="w-36"
            value={compared}
            options={[
              { value: "no" as const, label: text("againstNothing") },
              {
                value: "yes" as const,
                label: other === "draft" ? text("draft") : text("version", { number: strategy.latestNumber ?? 0 }),
              },
            ]}
            onValue={setCompared}
          />
        </Field>
      )}
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
