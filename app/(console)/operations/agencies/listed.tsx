"use client";

import type { ReactNode } from "react";
import { Panel } from "../../../_ui/panel";
import { EmptyState, ErrorState, LoadingRows } from "../../../_ui/states";
import { type Column, Table } from "../../../_ui/table";

/** A panel with a list from the server: coming, missing, empty, or there. */
export function Listed<TRow>({
  title,
  note,
  aside,
  nothing,
  query,
  columns,
  rowKey,
}: {
  readonly title: string;
  readonly note: string;
  readonly aside?: ReactNode;
  readonly nothing: string;
  readonly query: {
    readonly data: readonly TRow[] | undefined;
    readonly error: unknown;
    readonly isPending: boolean;
    readonly refetch: () => unknown;
  };
  readonly columns: readonly Column<TRow>[];
  readonly rowKey: (row: TRow) => string;
}) {
  const { data, error, isPending } = query;
  return (
    <Panel title={title} note={note} aside={aside} flush>
      {isPending && <LoadingRows rows={2} />}
      {error !== null && (
        <div className="p-4">
          <ErrorState error={error} onRetry={() => query.refetch()} />
        </div>
      )}
      {data?.length === 0 && <EmptyState>{nothing}</EmptyState>}
      {data !== undefined && data.length > 0 && <Table label={title} columns={columns} rows={data} rowKey={rowKey} />}
    </Panel>
  );
}
