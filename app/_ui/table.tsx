"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "./button";
import { useFormats } from "./use-formats";

export type Column<TRow> = {
  readonly key: string;
  readonly title: ReactNode;
  readonly cell: (row: TRow) => ReactNode;
  /** Numbers stand right, in tabular figures. */
  readonly numeric?: boolean;
  readonly width?: string;
};

/** Rows of 32 px under a sticky head. Sideways it scrolls inside itself, never the page. */
export function Table<TRow>({
  columns,
  rows,
  rowKey,
  label,
}: {
  readonly columns: readonly Column<TRow>[];
  readonly rows: readonly TRow[];
  readonly rowKey: (row: TRow) => string;
  readonly label: string;
}) {
  return (
    <div className="max-w-full overflow-x-auto">
      <table className="w-full border-collapse text-sm" aria-label={label}>
        <thead>
          <tr className="border-y border-line bg-sunken/60 text-xs text-muted">
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                style={{ width: column.width }}
                className={`h-8 whitespace-nowrap px-3 first:pl-4 last:pr-4 ${column.numeric ? "text-right" : "text-left"}`}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-b border-line last:border-b-0 hover:bg-sunken/50">
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={`h-8 px-3 py-1 first:pl-4 last:pr-4 ${column.numeric ? "figures whitespace-nowrap text-right" : ""}`}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where in a long list we are, and the way on. */
export function Pager({
  page,
  pageSize,
  total,
  onPage,
}: {
  readonly page: number;
  readonly pageSize: number;
  readonly total: number;
  readonly onPage: (page: number) => void;
}) {
  const text = useTranslations("table");
  const { count } = useFormats();
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const first = total === 0 ? 0 : page * pageSize + 1;
  return (
    <nav
      aria-label={text("pages")}
      className="flex items-center gap-3 border-t border-line px-4 py-2 text-xs text-muted"
    >
      <span className="figures">
        {text("range", {
          first: count(first),
          last: count(Math.min(total, (page + 1) * pageSize)),
          total: count(total),
        })}
      </span>
      <div className="ml-auto flex items-center gap-1">
        <Button
          look="quiet"
          size="icon"
          aria-label={text("previous")}
          disabled={page === 0}
          onClick={() => onPage(page - 1)}
          icon={<ChevronLeft size={16} aria-hidden />}
        />
        <span className="figures px-1">{text("page", { page: count(page + 1), pages: count(pages) })}</span>
        <Button
          look="quiet"
          size="icon"
          aria-label={text("next")}
          disabled={page + 1 >= pages}
          onClick={() => onPage(page + 1)}
          icon={<ChevronRight size={16} aria-hidden />}
        />
      </div>
    </nav>
  );
}
