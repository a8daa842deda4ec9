"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, FileUp, Plus, Search } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { useCallback, useState } from "react";
import { Badge } from "../../_ui/badge";
import { Button, ButtonAnchor } from "../../_ui/button";
import { PageHeader, Panel } from "../../_ui/panel";
import { EmptyState, ErrorState, LoadingRows } from "../../_ui/states";
import { type Column, Table } from "../../_ui/table";
import { type RouterOutputs, useTRPC } from "../../_ui/trpc-client";
import { useFormats } from "../../_ui/use-formats";
import { useZone } from "../../_ui/use-zone";
import { FindDialog, useFindKeys } from "./find/find-dialog";
import { ImportStrategyDialog } from "./import/import-strategy-dialog";
import { NewStrategyDialog } from "./new-strategy-dialog";
import { StrategyChips } from "./strategy-chips";

type Summary = RouterOutputs["strategy"]["list"][number];

/** All strategies with what is drawn, what is live and who is inside. */
export function StrategyList() {
  const text = useTranslations("strategies");
  const trpc = useTRPC();
  const strategies = useQuery(trpc.strategy.list.queryOptions());
  const [dialog, setDialog] = useState<"new" | "import" | "find" | null>(null);
  useFindKeys(useCallback(() => setDialog("find"), []));
  return (
    <>
      <PageHeader
        title={text("title")}
        note={text("note")}
        actions={
          <>
            <Button
              icon={<Search size={15} aria-hidden />}
              onClick={() => setDialog("find")}
              title={`${text("find.title")} (Ctrl Shift F)`}
            >
              {text("find.title")}
            </Button>
            <Button icon={<FileUp size={15} aria-hidden />} onClick={() => setDialog("import")}>
              {text("import")}
            </Button>
            <Button look="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setDialog("new")}>
              {text("new")}
            </Button>
          </>
        }
      />
      <div className="px-6 pb-8">
        <Panel flush>
          {strategies.isPending && <LoadingRows rows={4} height={40} />}
          {strategies.isError && (
            <div className="p-4">
              <ErrorState error={strategies.error} onRetry={() => strategies.refetch()} />
            </div>
          )}
          {strategies.data?.length === 0 && (
            <EmptyState
              action={
                <Button look="primary" onClick={() => setDialog("new")}>
                  {text("new")}
                </Button>
              }
            >
              {text("empty")}
            </EmptyState>
          )}
          {strategies.data !== undefined && strategies.data.length > 0 && <Rows strategies={strategies.data} />}
        </Panel>
      </div>
      <NewStrategyDialog open={dialog === "new"} onClose={() => setDialog(null)} />
      <FindDialog open={dialog === "find"} onClose={() => setDialog(null)} />
      <ImportStrategyDialog open={dialog === "import"} onClose={() => setDialog(null)} />
    </>
  );
}

function Rows({ strategies }: { readonly strategies: readonly Summary[] }) {
  const text = useTranslations("strategies");
  const locale = useLocale();
  const formats = useFormats();
  const zone = useZone();
  const columns: readonly Column<Summary>[] = [
    {
      key: "name",
      title: text("name"),
      cell: (row) => (
        <Link href={`/strategies/${row.key}`} className="block py-1">
          <span className="font-semibold text-accent hover:underline">{row.name[locale] ?? row.key}</span>
          <span className="block font-mono text-xs text-muted">{row.key}</span>
        </Link>
      ),
    },
    { key: "state", title: text("state"), cell: (row) => <StrategyChips strategy={row} /> },
    { key: "inFlight", title: text("inFlight"), numeric: true, cell: (row) => formats.count(row.inFlight) },
    { key: "steps", title: text("steps"), numeric: true, cell: (row) => formats.count(row.steps) },
    {
      key: "problems",
      title: text("problems"),
      cell: (row) =>
        row.errors === 0 ? (
          <span className="text-muted">{text("noProblems")}</span>
        ) : (
          <Badge tone="breach">{text("errors", { count: row.errors })}</Badge>
        ),
    },
    {
      key: "changed",
      title: text("changed"),
      cell: (row) => <span className="figures text-muted">{formats.instant(row.draftUpdatedAtMs, zone)}</span>,
    },
    {
      key: "export",
      title: <span className="sr-only">{text("export")}</span>,
      cell: (row) => (
        <ButtonAnchor
          look="quiet"
          size="icon"
          href={`/api/strategies/${row.key}/export`}
          download
          aria-label={text("exportOf", { name: row.name[locale] ?? row.key })}
          title={text("export")}
          icon={<Download size={15} aria-hidden />}
        />
      ),
    },
  ];
  return <Table label={text("title")} columns={columns} rows={strategies} rowKey={(row) => row.id} />;
}
