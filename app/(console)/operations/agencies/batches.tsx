"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Badge } from "../../../_ui/badge";
import type { Column } from "../../../_ui/table";
import { type RouterOutputs, useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { useZone } from "../../../_ui/use-zone";
import { Listed } from "./listed";

type Batch = RouterOutputs["agency"]["batches"][number];

const REFRESH_MS = 10_000;

/** What was given out and called back, and where the accounts are now. */
export function Batches() {
  const text = useTranslations("agencies.batches");
  const trpc = useTRPC();
  const batches = useQuery(trpc.agency.batches.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const columns = useColumns();
  return (
    <Listed
      title={text("title")}
      note={text("note")}
      nothing={text("nothing")}
      query={batches}
      columns={columns}
      rowKey={({ id }) => id}
    />
  );
}

function useColumns(): readonly Column<Batch>[] {
  const text = useTranslations("agencies.batches");
  const formats = useFormats();
  const zone = useZone();
  return [
    {
      key: "batch",
      title: text("batch"),
      cell: ({ id, kind, written }) => (
        <span className="flex items-center gap-2">
          <Badge tone={kind === "recall" ? "breach" : "accent"}>{text(`kind.${kind}`)}</Badge>
          <span className="max-w-[16ch] truncate font-mono text-xs" title={id}>
            {id}
          </span>
          {!written && <Badge tone="waiting">{text("unwritten")}</Badge>}
        </span>
      ),
    },
    { key: "agency", title: text("agency"), cell: ({ agency }) => agency },
    {
      key: "at",
      title: text("at"),
      cell: ({ createdAtMs }) => <span className="figures text-muted">{formats.instant(createdAtMs, zone)}</span>,
    },
    { key: "lines", title: text("lines"), numeric: true, cell: ({ lines }) => formats.count(lines) },
    { key: "out", title: text("out"), numeric: true, cell: ({ out }) => formats.count(out) },
    { key: "recalled", title: text("recalled"), numeric: true, cell: ({ recalled }) => formats.count(recalled) },
    { key: "back", title: text("back"), numeric: true, cell: ({ back }) => formats.count(back) },
  ];
}
