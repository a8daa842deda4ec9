"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonAnchor } from "../../../_ui/button";
import { Panel } from "../../../_ui/panel";
import { EmptyState, ErrorState, LoadingRows } from "../../../_ui/states";
import { type Column, Table } from "../../../_ui/table";
import { type RouterOutputs, useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { useZone } from "../../../_ui/use-zone";

type Batch = RouterOutputs["portfolio"]["imports"][number];

/** What was brought in before, with the rejected rows still to be had. */
export function PreviousImports() {
  const text = useTranslations("import");
  const formats = useFormats();
  const zone = useZone();
  const trpc = useTRPC();
  const imports = useQuery(trpc.portfolio.imports.queryOptions());
  const columns: readonly Column<Batch>[] = [
    { key: "file", title: text("file"), cell: (batch) => <span className="font-semibold">{batch.fileName}</span> },
    {
      key: "at",
      title: text("at"),
      cell: (batch) => <span className="figures text-muted">{formats.instant(batch.createdAtMs, zone)}</span>,
    },
    { key: "mapping", title: text("mapping"), cell: (batch) => batch.mappingName ?? "–" },
    { key: "rows", title: text("rows"), numeric: true, cell: (batch) => formats.count(batch.rows) },
    { key: "accepted", title: text("accepted"), numeric: true, cell: (batch) => formats.count(batch.accepted) },
    { key: "rejected", title: text("rejectedRows"), numeric: true, cell: (batch) => formats.count(batch.rejected) },
    {
      key: "download",
      title: <span className="sr-only">{text("downloadRejected")}</span>,
      cell: (batch) =>
        batch.rejected > 0 && (
          <ButtonAnchor
            look="quiet"
            size="small"
            href={`/api/import/${batch.id}/rejections`}
            download
            icon={<Download size={14} aria-hidden />}
          >
            {text("downloadRejected")}
          </ButtonAnchor>
        ),
    },
  ];
  return (
    <Panel title={text("previous")} flush>
      {imports.isPending && <LoadingRows rows={3} />}
      {imports.isError && (
        <div className="p-4">
          <ErrorState error={imports.error} onRetry={() => imports.refetch()} />
        </div>
      )}
      {imports.data?.length === 0 && <EmptyState>{text("noPrevious")}</EmptyState>}
      {imports.data !== undefined && imports.data.length > 0 && (
        <Table label={text("previous")} columns={columns} rows={imports.data} rowKey={(batch) => batch.id} />
      )}
    </Panel>
  );
}
