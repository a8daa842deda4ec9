"use client";

import { useQuery } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Badge } from "../_ui/badge";
import { BucketBars } from "../_ui/bucket-bars";
import { ButtonLink } from "../_ui/button";
import { Figure } from "../_ui/figure";
import { PageHeader, Panel } from "../_ui/panel";
import { Segmented } from "../_ui/segmented";
import { EmptyState, ErrorState, LoadingRows } from "../_ui/states";
import { type RouterOutputs, useTRPC } from "../_ui/trpc-client";
import { useFormats } from "../_ui/use-formats";
import { HomeAttention } from "./home-attention";
import { HomeMovement } from "./home-movement";
import { HomeStrategies } from "./home-strategies";

type Portfolio = RouterOutputs["overview"]["portfolios"][number];

const BUCKET_ROWS = 8;

/** How much is where, what needs me, which strategies run and what they would do: one screen, no scrolling on a desk. */
export function Home() {
  const text = useTranslations("home");
  return (
    <>
      <PageHeader
        title={text("title")}
        note={text("note")}
        actions={
          <ButtonLink look="primary" href="/accounts/import" icon={<FileUp size={15} aria-hidden />}>
            {text("import")}
          </ButtonLink>
        }
      />
      <div className="grid grid-cols-[minmax(0,1fr)_20rem] gap-4 px-6 pb-8 max-lg:grid-cols-1">
        <Portfolios />
        <div className="flex min-w-0 flex-col gap-4">
          <HomeAttention />
          <HomeMovement />
        </div>
        <div className="col-span-full">
          <HomeStrategies />
        </div>
      </div>
    </>
  );
}

function Portfolios() {
  const text = useTranslations("home");
  const trpc = useTRPC();
  const portfolios = useQuery(trpc.overview.portfolios.queryOptions());
  const [chosen, setChosen] = useState(0);
  const shown = portfolios.data?.[chosen] ?? portfolios.data?.[0];
  return (
    <Panel
      title={text("where")}
      note={shown === undefined ? undefined : <PortfolioNote portfolio={shown} />}
      flush
      aside={
        portfolios.data !== undefined &&
        portfolios.data.length > 1 && (
          <Segmented
            label={text("choosePortfolio")}
            segments={portfolios.data.map((portfolio, index) => ({
              value: String(index),
              label: `${text(portfolio.synthetic ? "synthetic" : "imported")} · ${portfolio.currency}`,
            }))}
            value={String(chosen)}
            onValue={(index) => setChosen(Number(index))}
          />
        )
      }
    >
      {portfolios.isPending && <LoadingRows rows={BUCKET_ROWS} height={36} />}
      {portfolios.isError && (
        <div className="p-4">
          <ErrorState error={portfolios.error} onRetry={() => portfolios.refetch()} />
        </div>
      )}
      {portfolios.data?.length === 0 && (
        <EmptyState
          action={
            <ButtonLink look="primary" href="/accounts/import">
              {text("import")}
            </ButtonLink>
          }
        >
          {text("noAccounts")}
        </EmptyState>
      )}
      {shown !== undefined && <PortfolioBody portfolio={shown} />}
    </Panel>
  );
}

function PortfolioNote({ portfolio }: { readonly portfolio: Portfolio }) {
  const text = useTranslations("home");
  const formats = useFormats();
  return (
    <span className="inline-flex items-center gap-2">
      {portfolio.synthetic && <Badge tone="simulated">{text("syntheticLabel")}</Badge>}
      {text("dataDate", { date: formats.date(portfolio.dataDate) })}
    </span>
  );
}

function PortfolioBody({ portfolio }: { readonly portfolio: Portfolio }) {
  const text = useTranslations("home");
  const formats = useFormats();
  const overdue = portfolio.buckets.filter((bucket) => bucket.bucket !== "M0" && bucket.bucket !== "cured");
  const sum = (pick: (bucket: Portfolio["buckets"][number]) => number, of: Portfolio["buckets"] = overdue) =>
    of.reduce((total, bucket) => total + pick(bucket), 0);
  const outstanding = sum((bucket) => bucket.outstandingMinor, portfolio.buckets);
  return (
    <div className="flex flex-col gap-3 pb-2">
      <div className="grid grid-cols-4 gap-4 px-4 pt-1">
        <Figure
          label={text("accounts")}
          value={formats.count(portfolio.accounts)}
          note={text("people", { count: formats.count(portfolio.parties) })}
        />
        <Figure label={text("overdueAccounts")} value={formats.count(sum((bucket) => bucket.accounts))} />
        <Figure
          label={text("overdueAmount")}
          value={formats.money(
            sum((bucket) => bucket.overdueMinor),
            portfolio.currency,
          )}
        />
        <Figure label={text("outstanding")} value={formats.money(outstanding, portfolio.currency)} />
      </div>
      <BucketBars
        buckets={portfolio.buckets}
        currency={portfolio.currency}
        hrefOf={(bucket) =>
          `/accounts?origin=${portfolio.synthetic ? "synthetic" : "imported"}${bucket === "cured" ? "" : `&bucket=${encodeURIComponent(bucket)}`}`
        }
      />
    </div>
  );
}
