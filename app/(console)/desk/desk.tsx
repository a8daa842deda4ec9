"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { AudioLines } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { MarketPack } from "#engine/model/market-pack";
import { Badge } from "../../_ui/badge";
import { Button, ButtonLink } from "../../_ui/button";
import { PageHeader, Panel } from "../../_ui/panel";
import { EmptyState, ErrorState, LoadingRows } from "../../_ui/states";
import { type Column, Table } from "../../_ui/table";
import { type RouterOutputs, useTRPC } from "../../_ui/trpc-client";
import { useFormats } from "../../_ui/use-formats";
import { useZone } from "../../_ui/use-zone";
import { AccountLink } from "../accounts/account-link";
import { WorkDialog } from "./work-dialog";
import { useWorkName, type WorkLine } from "./work-line";

type OpenWork = RouterOutputs["desk"]["open"];

const REFRESH_MS = 10_000;

/** What waits for people: calls, visits, approvals and cases, the most overdue first. One takes it up, looks, does it, ends it. */
export function Desk({ pack }: { readonly pack: MarketPack }) {
  const text = useTranslations("desk");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const open = useQuery(trpc.desk.open.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const [working, setWorking] = useState<WorkLine | null>(null);
  const claim = useMutation(
    trpc.desk.claim.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.desk.open.queryKey() }),
    }),
  );
  const takeUp = (line: WorkLine) => claim.mutate({ key: line.key }, { onSuccess: () => setWorking(line) });
  const columns = useColumns(open.data, takeUp);
  return (
    <>
      <PageHeader
        title={text("title")}
        note={text("note")}
        actions={
          <ButtonLink href="/desk/reviews" icon={<AudioLines size={15} aria-hidden />}>
            {text("reviews")}
          </ButtonLink>
        }
      />
      <div className="flex min-w-0 flex-col gap-4 px-6 pb-8">
        {claim.error !== null && <ErrorState error={claim.error} />}
        <Panel id="open-work" title={text("open")} note={text("openNote", { count: open.data?.total ?? 0 })} flush>
          {open.isPending && <LoadingRows rows={4} />}
          {open.isError && (
            <div className="p-4">
              <ErrorState error={open.error} onRetry={() => open.refetch()} />
            </div>
          )}
          {open.data?.lines.length === 0 && <EmptyState>{text("nothing")}</EmptyState>}
          {open.data !== undefined && open.data.lines.length > 0 && (
            <Table label={text("open")} columns={columns} rows={open.data.lines} rowKey={({ key }) => key} />
          )}
        </Panel>
      </div>
      {working !== null && <WorkDialog line={working} pack={pack} onClose={() => setWorking(null)} />}
    </>
  );
}

function useColumns(open: OpenWork | undefined, takeUp: (line: WorkLine) => void): readonly Column<WorkLine>[] {
  const text = useTranslations("desk");
  const formats = useFormats();
  const zone = useZone();
  const nameOf = useWorkName();
  const instant = (ms: number | null) => (ms === null ? "–" : formats.instant(ms, zone));
  return [
    {
      key: "account",
      title: text("account"),
      cell: ({ accountId, accountNo }) => <AccountLink accountId={accountId} accountNo={accountNo} />,
    },
    { key: "work", title: text("work"), cell: nameOf },
    { key: "queue", title: text("queue"), cell: ({ queue }) => queue ?? "–" },
    { key: "strategy", title: text("strategy"), cell: ({ strategyKey }) => strategyKey },
    {
      key: "due",
      title: text("due"),
      cell: ({ dueAtMs }) => (
        <span className="inline-flex items-center justify-end gap-2">
          {dueAtMs !== null && dueAtMs < (open?.nowMs ?? 0) && <Badge tone="breach">{text("late")}</Badge>}
          {instant(dueAtMs)}
        </span>
      ),
      numeric: true,
    },
    { key: "end", title: text("givenUp"), cell: ({ notAfterMs }) => instant(notAfterMs), numeric: true },
    {
      key: "take",
      title: "",
      cell: (line) => <TakeUp line={line} me={open?.me ?? null} onTake={() => takeUp(line)} />,
    },
  ];
}

function TakeUp({
  line,
  me,
  onTake,
}: {
  readonly line: WorkLine;
  readonly me: string | null;
  readonly onTake: () => void;
}) {
  const text = useTranslations("desk");
  const nameOf = useWorkName();
  const others = line.claimedBy !== null && line.claimedBy !== me;
  const word = line.claimedBy === me ? "goOn" : "take";
  return (
    <span className="flex items-center justify-end gap-2">
      {others && <Badge tone="waiting">{text("taken")}</Badge>}
      {!others && (
        <Button
          size="small"
          onClick={onTake}
          aria-label={text(`${word}Named`, { work: nameOf(line), account: line.accountNo })}
        >
          {text(word)}
        </Button>
      )}
    </span>
  );
}
