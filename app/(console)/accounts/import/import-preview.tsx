"use client";

import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import type { FieldCatalogue } from "#engine/model/facts";
import type { Issue } from "#engine/model/issue";
import { inLocale } from "#engine/model/locale";
import { bucketOf } from "#engine/model/party";
import { daysPastDue } from "#engine/portfolio/facts";
import { Badge } from "../../../_ui/badge";
import { Panel } from "../../../_ui/panel";
import { Segmented } from "../../../_ui/segmented";
import { EmptyState } from "../../../_ui/states";
import { type Column, Table } from "../../../_ui/table";
import { useFormats } from "../../../_ui/use-formats";
import { useIssueText } from "../../../_ui/use-issue-text";
import type { Preview } from "./use-import";

const VIEWS = ["accounts", "rejected", "warnings"] as const;
type View = (typeof VIEWS)[number];

/** The first rows as the accounts they would become, and every row that would not, with line, column and reason. */
export function ImportPreview({
  preview,
  fields,
  stale,
}: {
  readonly preview: Preview;
  readonly fields: FieldCatalogue;
  readonly stale: boolean;
}) {
  const text = useTranslations("import");
  const formats = useFormats();
  const [view, setView] = useState<View>(preview.rejectedRows > 0 ? "rejected" : "accounts");
  const counts = { accounts: preview.accepted, rejected: preview.rejectedRows, warnings: preview.warningCount };
  return (
    <Panel
      title={text("preview")}
      flush
      aside={
        <Segmented
          label={text("preview")}
          segments={VIEWS.map((known) => ({
            value: known,
            label: text(`view.${known}`),
            figure: formats.count(counts[known]),
          }))}
          value={view}
          onValue={setView}
        />
      }
    >
      <div className={stale ? "opacity-60 transition-opacity" : ""}>
        {view === "accounts" && <FirstAccounts preview={preview} />}
        {view === "rejected" && (
          <IssueTable
            issues={preview.refused ? [] : preview.rejected}
            total={preview.rejectedRows}
            fields={fields}
            empty={text("noneRejected")}
          />
        )}
        {view === "warnings" && (
          <IssueTable
            issues={preview.warnings}
            total={preview.warningCount}
            fields={fields}
            empty={text("noWarnings")}
          />
        )}
      </div>
    </Panel>
  );
}

type Account = Preview["firstAccounts"][number];

function FirstAccounts({ preview }: { readonly preview: Preview }) {
  const text = useTranslations("import");
  const formats = useFormats();
  const columns: readonly Column<Account>[] = [
    {
      key: "accountNo",
      title: text("accountNo"),
      cell: (account) => <span className="figures">{account.accountNo}</span>,
    },
    {
      key: "customerNo",
      title: text("customerNo"),
      cell: (account) => <span className="figures">{account.customerNo}</span>,
    },
    {
      key: "stage",
      title: text("stage"),
      cell: (account) => <Badge>{bucketOf(daysPastDue(account, account.dataDate))}</Badge>,
    },
    {
      key: "dpd",
      title: text("dpd"),
      numeric: true,
      cell: (account) => formats.count(daysPastDue(account, account.dataDate)),
    },
    {
      key: "overdue",
      title: `${text("overdueAmount")} (${preview.firstAccounts[0]?.currency ?? ""})`,
      numeric: true,
      cell: (account) => formats.amount(account.overdueMinor),
    },
    {
      key: "outstanding",
      title: text("outstanding"),
      numeric: true,
      cell: (account) => formats.amount(account.totalOutstandingMinor),
    },
    {
      key: "dataDate",
      title: text("dataDate"),
      cell: (account) => <span className="figures">{account.dataDate}</span>,
    },
    {
      key: "zone",
      title: text("timeZone"),
      cell: (account) => account.timeZone ?? <span className="text-waiting">{text("zoneUnknown")}</span>,
    },
  ];
  if (preview.firstAccounts.length === 0) return <EmptyState>{text("noAccounts")}</EmptyState>;
  return (
    <Table label={text("preview")} columns={columns} rows={preview.firstAccounts} rowKey={(account) => account.id} />
  );
}

/** Names of the columns an issue speaks of: the file's own, else the field's. */
function columnWords(found: Issue, fields: FieldCatalogue, locale: "zh-CN" | "en"): string {
  const column = found.params.column;
  if (typeof column === "string" && column !== "") return column;
  const field = Object.hasOwn(fields, found.path) ? fields[found.path] : undefined;
  return field === undefined ? found.path : inLocale(field.label, locale);
}

function IssueTable({
  issues,
  total,
  fields,
  empty,
}: {
  readonly issues: readonly Issue[];
  readonly total: number;
  readonly fields: FieldCatalogue;
  readonly empty: string;
}) {
  const text = useTranslations("import");
  const formats = useFormats();
  const locale = useLocale();
  const issueText = useIssueText();
  if (issues.length === 0) return <EmptyState>{empty}</EmptyState>;
  const numbered = issues.map((found, index) => ({ found, index }));
  const columns: readonly Column<(typeof numbered)[number]>[] = [
    {
      key: "line",
      title: text("line"),
      numeric: true,
      width: "5rem",
      cell: ({ found }) => (found.line === undefined ? "–" : formats.count(found.line)),
    },
    {
      key: "column",
      title: text("column"),
      width: "14rem",
      cell: ({ found }) => (
        <span className="block max-w-56 truncate">
          {columnWords(found, fields, locale)}
          {found.column !== undefined && <span className="text-muted"> · {text("nth", { n: found.column })}</span>}
        </span>
      ),
    },
    { key: "reason", title: text("reason"), cell: ({ found }) => issueText(found) },
    {
      key: "code",
      title: text("code"),
      cell: ({ found }) => <code className="font-mono text-xs text-muted">{found.code}</code>,
    },
  ];
  return (
    <div className="max-h-[28rem] overflow-y-auto">
      <Table label={text("reason")} columns={columns} rows={numbered} rowKey={({ index }) => String(index)} />
      {total > issues.length && (
        <p className="px-4 py-2 text-xs text-muted">{text("firstShown", { shown: issues.length, total })}</p>
      )}
    </div>
  );
}
