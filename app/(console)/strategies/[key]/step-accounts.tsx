"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { StrategyDoc } from "#engine";
import { Badge } from "../../../_ui/badge";
import { Button } from "../../../_ui/button";
import { stepNameIn } from "../../../_ui/engine-words";
import { EmptyState, ErrorState, LoadingRows } from "../../../_ui/states";
import { useTRPCClient } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { useZone } from "../../../_ui/use-zone";

const PAGE_SIZE = 50;
/** People move on while the list is open; it follows a little behind the counts on the chart. */
const REFRESH_MS = 3_000;
type AccountId = `acct_${string}`;
type VersionId = `ver_${string}`;

export type AtStep = { readonly nodeId: string; readonly which: "waiting" | "faulted" };

/** Who stands at a step now, since when and until when; or whose run broke off there. */
export function StepAccounts({
  versionId,
  doc,
  at: { nodeId, which },
  onClose,
}: {
  readonly versionId: VersionId;
  readonly doc: StrategyDoc;
  readonly at: AtStep;
  readonly onClose: () => void;
}) {
  const text = useTranslations("strategy.step");
  const locale = useLocale();
  const formats = useFormats();
  const zone = useZone();
  const client = useTRPCClient();
  const pages = useInfiniteQuery({
    queryKey: ["accounts-at-step", versionId, nodeId, which],
    refetchInterval: REFRESH_MS,
    initialPageParam: null as AccountId | null,
    queryFn: ({ pageParam }) =>
      client.run.accountsAtStep.query({ versionId, nodeId, which, after: pageParam, limit: PAGE_SIZE }),
    getNextPageParam: (page) => (page.length < PAGE_SIZE ? undefined : (page.at(-1)?.accountId ?? undefined)),
  });
  const rows = pages.data?.pages.flat() ?? [];
  const title = text(which === "faulted" ? "brokeOff" : "title", { step: stepNameIn(doc, nodeId, locale) });
  return (
    <aside aria-label={title} className="flex w-[22.5rem] shrink-0 flex-col border-l border-line bg-surface">
      <header className="flex items-center gap-2 border-b border-line px-4 py-3">
        <h2 className="min-w-0 flex-1 truncate text-base">{title}</h2>
        <Button
          look="quiet"
          size="icon"
          aria-label={text("close")}
          icon={<X size={16} aria-hidden />}
          onClick={onClose}
        />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {pages.isPending && <LoadingRows rows={12} height={48} />}
        {pages.isError && (
          <div className="p-4">
            <ErrorState error={pages.error} onRetry={() => pages.refetch()} />
          </div>
        )}
        {pages.isSuccess && rows.length === 0 && <EmptyState>{text("nobody")}</EmptyState>}
        <ul>
          {rows.map((row) => (
            <li key={row.enrollmentId} className="border-b border-line px-4 py-2 hover:bg-sunken/50">
              <div className="flex items-center gap-2">
                <Link href={`/accounts/${row.accountId}`} className="figures font-semibold text-accent hover:underline">
                  {row.accountNo}
                </Link>
                {row.status === "held" && <Badge tone="held">{text("held")}</Badge>}
                <span className="figures ml-auto">{formats.money(row.overdue.minor, row.overdue.currency)}</span>
              </div>
              <p className="figures text-xs text-muted">
                {text("since", { time: formats.instant(row.enteredAtMs, zone) })}
                {row.wakeAtMs !== null && ` · ${text("until", { time: formats.instant(row.wakeAtMs, zone) })}`}
              </p>
            </li>
          ))}
        </ul>
        {pages.hasNextPage && (
          <div className="p-3 text-center">
            <Button size="small" busy={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
              {text("more")}
            </Button>
          </div>
        )}
      </div>
    </aside>
  );
}
