"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { channelOf } from "#engine/channels/index";
import { inLocale } from "#engine/model/locale";
import type { MarketPack } from "#engine/model/market-pack";
import { Badge } from "../../../_ui/badge";
import { Button, ButtonLink } from "../../../_ui/button";
import { outcomeText } from "../../../_ui/engine-words";
import { PageHeader, Panel } from "../../../_ui/panel";
import { EmptyState, ErrorState, LoadingRows } from "../../../_ui/states";
import { type Column, Table } from "../../../_ui/table";
import { type RouterOutputs, useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { useZone } from "../../../_ui/use-zone";
import { AccountLink } from "../../accounts/account-link";
import { ReviewDialog } from "./review-dialog";

type ReviewLine = RouterOutputs["qa"]["reviews"]["lines"][number];

const REFRESH_MS = 10_000;
const TONES = { fail: "breach", doubt: "waiting", sample: "neutral" } as const;

/** Conversations a person looks at: those that failed, those in doubt, and a sample of those that passed. */
export function Reviews({ pack }: { readonly pack: MarketPack }) {
  const text = useTranslations("reviews");
  const trpc = useTRPC();
  const reviews = useQuery(trpc.qa.reviews.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const [reading, setReading] = useState<ReviewLine | null>(null);
  const columns = useColumns(setReading);
  return (
    <>
      <PageHeader
        title={text("title")}
        note={text("note")}
        actions={
          <ButtonLink href="/desk" icon={<ArrowLeft size={15} aria-hidden />}>
            {text("desk")}
          </ButtonLink>
        }
      />
      <div className="flex min-w-0 flex-col gap-4 px-6 pb-8">
        <Panel
          id="reviews"
          title={text("waiting")}
          note={text("waitingNote", { count: reviews.data?.total ?? 0 })}
          flush
        >
          {reviews.isPending && <LoadingRows rows={4} />}
          {reviews.isError && (
            <div className="p-4">
              <ErrorState error={reviews.error} onRetry={() => reviews.refetch()} />
            </div>
          )}
          {reviews.data?.lines.length === 0 && <EmptyState>{text("nothing")}</EmptyState>}
          {reviews.data !== undefined && reviews.data.lines.length > 0 && (
            <Table label={text("waiting")} columns={columns} rows={reviews.data.lines} rowKey={({ id }) => id} />
          )}
        </Panel>
      </div>
      {reading !== null && <ReviewDialog line={reading} pack={pack} onClose={() => setReading(null)} />}
    </>
  );
}

function useColumns(read: (line: ReviewLine) => void): readonly Column<ReviewLine>[] {
  const text = useTranslations("reviews");
  const locale = useLocale();
  const formats = useFormats();
  const zone = useZone();
  return [
    {
      key: "account",
      title: text("account"),
      cell: ({ accountId, accountNo }) => <AccountLink accountId={accountId} accountNo={accountNo} />,
    },
    {
      key: "why",
      title: text("why"),
      cell: ({ why, state }) => (
        <span className="inline-flex items-center gap-1.5">
          <Badge tone={TONES[why]}>{text(`reason.${why}`)}</Badge>
          {state === "follow-up" && <Badge tone="waiting">{text("state.follow-up")}</Badge>}
        </span>
      ),
    },
    {
      key: "score",
      title: text("score"),
      cell: ({ score }) => (score === null ? "–" : formats.count(score)),
      numeric: true,
    },
    { key: "findings", title: text("findings"), cell: ({ findings }) => formats.count(findings), numeric: true },
    {
      key: "contact",
      title: text("contact"),
      cell: ({ channel, kind }) => `${inLocale(channelOf(channel).title, locale)} · ${text(`kind.${kind}`)}`,
    },
    {
      key: "outcome",
      title: text("outcome"),
      cell: ({ outcome, channel }) => (outcome === null ? "–" : outcomeText(outcome, channel, locale)),
    },
    { key: "strategy", title: text("strategy"), cell: ({ strategyKey }) => strategyKey },
    { key: "at", title: text("at"), cell: ({ atMs }) => formats.instant(atMs, zone), numeric: true },
    {
      key: "read",
      title: "",
      cell: (line) => (
        <span className="flex justify-end">
          <Button size="small" onClick={() => read(line)} aria-label={text("readNamed", { account: line.accountNo })}>
            {text("read")}
          </Button>
        </span>
      ),
    },
  ];
}
