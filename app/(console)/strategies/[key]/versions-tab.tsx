"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, Download, Eye, GitCompareArrows, Radio, Shuffle } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { StrategyDesigner } from "#designer";
import type { MarketPack, StrategyDoc } from "#engine";
import { Badge } from "../../../_ui/badge";
import { Button, ButtonAnchor } from "../../../_ui/button";
import { Panel } from "../../../_ui/panel";
import { EmptyState, ErrorState, LoadingRows } from "../../../_ui/states";
import { type Column, Table } from "../../../_ui/table";
import { useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { useZone } from "../../../_ui/use-zone";
import { CompareVersions } from "./compare-versions";
import { MoveAccounts } from "./move-accounts";
import { MovesPanel } from "./moves-panel";
import { RestoreButton } from "./restore-button";
import type { StrategyDetail } from "./strategy-detail-view";
import { usePair } from "./use-pair";

type Version = StrategyDetail["versions"][number];

/** Everything that was ever published. A version never changes; accounts inside stay on theirs. */
export function VersionsTab({
  strategy,
  pack,
  draft,
  onRestore,
}: {
  readonly strategy: StrategyDetail;
  readonly pack: MarketPack;
  readonly draft: StrategyDoc;
  /** Makes a document the draft, as a change the author can take back. */
  readonly onRestore: (doc: StrategyDoc) => void;
}) {
  const text = useTranslations("strategy.versions");
  const formats = useFormats();
  const zone = useZone();
  const [looking, setLooking] = useState<Version | null>(null);
  const [moving, setMoving] = useState<Version | null>(null);
  const moveText = useTranslations("strategy.move");
  const [pair, choosePair] = usePair();
  if (pair !== null && strategy.versions.length > 0) {
    const compared = { strategy, draft, pack, pair, onRestore };
    return <CompareVersions {...compared} onPair={choosePair} />;
  }
  if (looking !== null) return <OneVersion version={looking} pack={pack} onBack={() => setLooking(null)} />;
  if (moving !== null) return <MoveAccounts strategy={strategy} from={moving} onBack={() => setMoving(null)} />;
  const columns: readonly Column<Version>[] = [
    {
      key: "number",
      title: text("number"),
      cell: (version) => (
        <span className="flex items-center gap-2 font-semibold">
          v{version.number}
          {version.id === strategy.liveVersionId && (
            <Badge tone="cured" icon={<Radio size={12} aria-hidden />}>
              {text("live")}
            </Badge>
          )}
        </span>
      ),
    },
    {
      key: "published",
      title: text("published"),
      cell: (version) => <span className="figures">{formats.instant(version.publishedAtMs, zone)}</span>,
    },
    { key: "by", title: text("by"), cell: (version) => <span className="text-muted">{version.publishedBy}</span> },
    {
      key: "hash",
      title: text("hash"),
      cell: (version) => (
        <code className="font-mono text-xs text-muted" title={version.hash}>
          {version.hash.slice(0, 16)}
        </code>
      ),
    },
    {
      key: "acts",
      title: <span className="sr-only">{text("acts")}</span>,
      numeric: true,
      cell: (version) => (
        <span className="inline-flex gap-1">
          <Button size="small" icon={<Eye size={14} aria-hidden />} onClick={() => setLooking(version)}>
            {text("look")}
          </Button>
          <Button
            size="small"
            icon={<GitCompareArrows size={14} aria-hidden />}
            onClick={() => choosePair({ before: `${version.number}`, after: "draft" })}
          >
            {text("compare")}
          </Button>
          <RestoreButton strategy={strategy} number={version.number} draft={draft} pack={pack} onRestore={onRestore} />
          {strategy.versions.length > 1 && (
            <Button size="small" icon={<Shuffle size={14} aria-hidden />} onClick={() => setMoving(version)}>
              {moveText("move")}
            </Button>
          )}
          <ButtonAnchor
            size="small"
            href={`/api/strategies/${strategy.key}/export?version=${version.number}`}
            download
            icon={<Download size={14} aria-hidden />}
          >
            {text("download")}
          </ButtonAnchor>
        </span>
      ),
    },
  ];
  return (
    <div className="flex flex-1 flex-col gap-4 overflow-y-auto p-6">
      <MovesPanel strategy={strategy} />
      <Panel title={text("title")} note={text("note")} flush>
        {strategy.versions.length === 0 ? (
          <EmptyState>{text("empty")}</EmptyState>
        ) : (
          <Table label={text("title")} columns={columns} rows={strategy.versions} rowKey={(version) => version.id} />
        )}
      </Panel>
    </div>
  );
}

function OneVersion({
  version,
  pack,
  onBack,
}: {
  readonly version: Version;
  readonly pack: MarketPack;
  readonly onBack: () => void;
}) {
  const text = useTranslations("strategy.versions");
  const locale = useLocale();
  const trpc = useTRPC();
  const document = useQuery(trpc.strategy.version.queryOptions({ versionId: version.id }, { staleTime: Infinity }));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-3 border-b border-line bg-paper px-6 py-2">
        <Button size="small" icon={<ArrowLeft size={14} aria-hidden />} onClick={onBack}>
          {text("back")}
        </Button>
        <span className="text-sm">{text("readOnly", { number: version.number })}</span>
      </div>
      {document.isPending && <LoadingRows rows={8} height={48} />}
      {document.isError && (
        <div className="p-6">
          <ErrorState error={document.error} onRetry={() => document.refetch()} />
        </div>
      )}
      {document.data !== undefined && (
        <StrategyDesigner doc={document.data.doc} pack={pack} locale={locale} readOnly onChange={() => undefined} />
      )}
    </div>
  );
}
