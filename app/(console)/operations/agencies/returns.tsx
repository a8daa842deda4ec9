"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { Column } from "../../../_ui/table";
import { type RouterOutputs, useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { useZone } from "../../../_ui/use-zone";
import { Listed } from "./listed";

type Return = RouterOutputs["agency"]["returns"][number];

/** Files agencies sent back and that were applied. */
export function Returns() {
  const text = useTranslations("agencies.returns");
  const kinds = useTranslations("agencies.kind");
  const formats = useFormats();
  const zone = useZone();
  const trpc = useTRPC();
  const returns = useQuery(trpc.agency.returns.queryOptions());
  const columns: readonly Column<Return>[] = [
    { key: "kind", title: text("kind"), cell: ({ kind }) => kinds(kind) },
    {
      key: "batch",
      title: text("batch"),
      cell: ({ agency, batch }) => (
        <span className="block max-w-[20ch] truncate font-mono text-xs" title={`${agency} / ${batch}`}>
          {agency} / {batch}
        </span>
      ),
    },
    {
      key: "at",
      title: text("at"),
      cell: ({ appliedAtMs }) => <span className="figures text-muted">{formats.instant(appliedAtMs, zone)}</span>,
    },
    { key: "applied", title: text("applied"), numeric: true, cell: ({ applied }) => formats.count(applied) },
    { key: "repeated", title: text("repeated"), numeric: true, cell: ({ repeated }) => formats.count(repeated) },
    { key: "rejected", title: text("rejected"), numeric: true, cell: ({ rejected }) => formats.count(rejected) },
  ];
  return (
    <Listed
      title={text("title")}
      note={text("note")}
      nothing={text("nothing")}
      query={returns}
      columns={columns}
      rowKey={({ id }) => id}
    />
  );
}
