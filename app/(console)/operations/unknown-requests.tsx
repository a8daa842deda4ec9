"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { channelOf } from "#engine/channels/index";
import { inLocale } from "#engine/model/locale";
import { Button } from "../../_ui/button";
import { Panel } from "../../_ui/panel";
import { EmptyState, ErrorState, LoadingRows } from "../../_ui/states";
import { type Column, Table } from "../../_ui/table";
import { type RouterOutputs, useTRPC } from "../../_ui/trpc-client";
import { useFormats } from "../../_ui/use-formats";
import { useZone } from "../../_ui/use-zone";
import { AccountLink } from "../accounts/account-link";
import { ReconcileDialog } from "./reconcile-dialog";

type Unknown = RouterOutputs["operations"]["unknownRequests"][number];

type Finding = { readonly requestKey: string; readonly left: boolean };

const REFRESH_MS = 10_000;

/** Requests of which nobody knows whether they left. They count under every cap until somebody finds out. */
export function UnknownRequests() {
  const text = useTranslations("operations.unknown");
  const trpc = useTRPC();
  const unknown = useQuery(trpc.operations.unknownRequests.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const [finding, setFinding] = useState<Finding | null>(null);
  const columns = useColumns(setFinding);
  return (
    <Panel id="unknown" title={text("title")} note={text("note")} flush>
      {unknown.isPending && <LoadingRows rows={2} />}
      {unknown.isError && (
        <div className="p-4">
          <ErrorState error={unknown.error} onRetry={() => unknown.refetch()} />
        </div>
      )}
      {unknown.data?.length === 0 && <EmptyState>{text("nothing")}</EmptyState>}
      {unknown.data !== undefined && unknown.data.length > 0 && (
        <Table label={text("title")} columns={columns} rows={unknown.data} rowKey={({ key }) => key} />
      )}
      {finding !== null && <ReconcileDialog {...finding} onClose={() => setFinding(null)} />}
    </Panel>
  );
}

function useColumns(find: (finding: Finding) => void): readonly Column<Unknown>[] {
  const text = useTranslations("operations.unknown");
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
      key: "channel",
      title: text("channel"),
      cell: ({ channel }) => (channel === null ? text("work") : inLocale(channelOf(channel).title, locale)),
    },
    { key: "provider", title: text("provider"), cell: ({ provider }) => provider ?? "–" },
    { key: "strategy", title: text("strategy"), cell: ({ strategyKey }) => strategyKey },
    { key: "since", title: text("since"), cell: ({ sinceMs }) => formats.instant(sinceMs, zone), numeric: true },
    {
      key: "reconcile",
      title: "",
      cell: ({ key }) => (
        <span className="flex justify-end gap-1.5">
          <Button size="small" onClick={() => find({ requestKey: key, left: true })}>
            {text("left")}
          </Button>
          <Button size="small" onClick={() => find({ requestKey: key, left: false })}>
            {text("notLeft")}
          </Button>
        </span>
      ),
    },
  ];
}
