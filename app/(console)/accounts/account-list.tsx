"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { FileUp, Search, X } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { Suspense } from "react";
import { inLocale, type Locale, type LocalText } from "#engine/model/locale";
import { BUCKETS } from "#engine/model/party";
import { Badge } from "../../_ui/badge";
import { Button, ButtonLink } from "../../_ui/button";
import { Select, TextInput } from "../../_ui/field";
import { PageHeader, Panel } from "../../_ui/panel";
import { EmptyState, ErrorState, LoadingRows } from "../../_ui/states";
import { type Column, Pager, Table } from "../../_ui/table";
import { type RouterOutputs, useTRPC } from "../../_ui/trpc-client";
import { useFormats } from "../../_ui/use-formats";
import { type AccountFilter, useAccountFilter } from "./use-account-filter";
import { useSearchText } from "./use-search-text";

const PAGE_SIZE = 50;
const ROWS_WHILE_LOADING = 18;

/** A product of the field catalogue. */
export type Product = { readonly value: string; readonly label: LocalText };

type Row = RouterOutputs["portfolio"]["accounts"]["rows"][number];

/** Every account, narrowed and paged by the server. */
export function AccountList({ products }: { readonly products: readonly Product[] }) {
  const text = useTranslations("accounts");
  return (
    <>
      <PageHeader
        title={text("title")}
        note={text("note")}
        actions={
          <ButtonLink look="primary" href="/accounts/import" icon={<FileUp size={15} aria-hidden />}>
            {text("import")}
          </ButtonLink>
        }
      />
      <div className="px-6 pb-8">
        <Suspense fallback={<LoadingRows rows={ROWS_WHILE_LOADING} />}>
          <FilteredList products={products} />
        </Suspense>
      </div>
    </>
  );
}

function FilteredList({ products }: { readonly products: readonly Product[] }) {
  const text = useTranslations("accounts");
  const trpc = useTRPC();
  const [filter, change] = useAccountFilter();
  const { page, ...narrowed } = filter;
  const accounts = useQuery(
    trpc.portfolio.accounts.queryOptions(
      { ...narrowed, page, pageSize: PAGE_SIZE },
      { placeholderData: keepPreviousData },
    ),
  );
  const filtered = Object.values(narrowed).some((value) => value !== "");
  return (
    <Panel flush>
      <Filters filter={filter} change={change} products={products} />
      {accounts.isPending && <LoadingRows rows={ROWS_WHILE_LOADING} />}
      {accounts.isError && (
        <div className="p-4">
          <ErrorState error={accounts.error} onRetry={() => accounts.refetch()} />
        </div>
      )}
      {accounts.data?.total === 0 && (
        <EmptyState
          action={
            filtered ? (
              <Button
                onClick={() =>
                  change({ search: "", bucket: "", product: "", origin: "", strategy: "", step: "", standing: "" })
                }
              >
                {text("clearFilter")}
              </Button>
            ) : (
              <ButtonLink look="primary" href="/accounts/import">
                {text("import")}
              </ButtonLink>
            )
          }
        >
          {filtered ? text("noneMatch") : text("empty")}
        </EmptyState>
      )}
      {accounts.data !== undefined && accounts.data.total > 0 && (
        <div className={accounts.isPlaceholderData ? "opacity-60 transition-opacity" : ""}>
          <Rows rows={accounts.data.rows} products={products} />
          <Pager
            page={page}
            pageSize={PAGE_SIZE}
            total={accounts.data.total}
            onPage={(next) => change({ page: next })}
          />
        </div>
      )}
    </Panel>
  );
}

function Filters({
  filter,
  change,
  products,
}: {
  readonly filter: AccountFilter;
  readonly change: (change: Partial<AccountFilter>) => void;
  readonly products: readonly Product[];
}) {
  const text = useTranslations("accounts");
  const locale = useLocale();
  const [typed, setTyped] = useSearchText(filter.search, (search) => change({ search }));
  const buckets = [
    { value: "", label: text("anyStage") },
    ...BUCKETS.map((bucket) => ({ value: bucket, label: bucket })),
  ];
  const origins = [
    { value: "", label: text("anyOrigin") },
    { value: "imported", label: text("imported") },
    { value: "synthetic", label: text("synthetic") },
  ];
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 py-3">
      <div className="relative w-64">
        <Search size={15} className="pointer-events-none absolute top-2.5 left-2.5 text-muted" aria-hidden />
        <TextInput
          type="search"
          aria-label={text("search")}
          placeholder={text("search")}
          value={typed}
          maxLength={64}
          className="w-full pl-8"
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <Select
        aria-label={text("stage")}
        className="w-36"
        options={buckets}
        value={filter.bucket}
        onValue={(bucket) => change({ bucket })}
      />
      <Select
        aria-label={text("product")}
        className="w-40"
        options={[
          { value: "", label: text("anyProduct") },
          ...products.map((product) => ({ value: product.value, label: inLocale(product.label, locale) })),
        ]}
        value={filter.product}
        onValue={(product) => change({ product })}
      />
      <Select
        aria-label={text("origin")}
        className="w-36"
        options={origins}
        value={filter.origin}
        onValue={(origin) => change({ origin })}
      />
      {filter.standing !== "" && (
        <Button
          size="small"
          icon={<X size={13} aria-hidden />}
          onClick={() => change({ standing: "" })}
          aria-label={text("clearStanding")}
        >
          {text(filter.standing === "held" ? "held" : "faulted")}
        </Button>
      )}
      {filter.strategy !== "" && (
        <Button
          size="small"
          icon={<X size={13} aria-hidden />}
          onClick={() => change({ strategy: "", step: "" })}
          aria-label={text("clearStep")}
        >
          {filter.step === "" ? filter.strategy : text("atStep", { strategy: filter.strategy, step: filter.step })}
        </Button>
      )}
    </div>
  );
}

function Rows({ rows, products }: { readonly rows: readonly Row[]; readonly products: readonly Product[] }) {
  const text = useTranslations("accounts");
  const locale = useLocale();
  const formats = useFormats();
  const columns: readonly Column<Row>[] = [
    {
      key: "accountNo",
      title: text("accountNo"),
      cell: (row) => (
        <Link href={`/accounts/${row.id}`} className="figures font-semibold text-accent hover:underline">
          {row.accountNo}
        </Link>
      ),
    },
    { key: "customerNo", title: text("customerNo"), cell: (row) => <span className="figures">{row.customerNo}</span> },
    {
      key: "product",
      title: text("product"),
      cell: (row) => <span className="whitespace-nowrap">{productWord(row.product, products, locale)}</span>,
    },
    {
      key: "stage",
      title: text("stage"),
      cell: (row) =>
        row.bucket === "cured" ? <Badge tone="cured">{text("cured")}</Badge> : <Badge>{row.bucket}</Badge>,
    },
    { key: "dpd", title: text("dpd"), numeric: true, cell: (row) => formats.count(row.dpd) },
    {
      key: "overdue",
      title: text("overdue"),
      numeric: true,
      cell: (row) =>
        row.dpd <= 0 ? (
          <span className="text-muted">–</span>
        ) : (
          <MoneyCell minor={row.overdue.minor} currency={row.overdue.currency} />
        ),
    },
    {
      key: "outstanding",
      title: text("outstanding"),
      numeric: true,
      cell: (row) => <MoneyCell minor={row.outstanding.minor} currency={row.outstanding.currency} />,
    },
    {
      key: "standing",
      title: text("standing"),
      cell: (row) =>
        row.standing === null ? (
          <span className="text-muted">{text("notEnrolled")}</span>
        ) : (
          <span className="block max-w-64 truncate" title={inLocale(row.standing.strategyName, locale)}>
            {inLocale(row.standing.strategyName, locale)}
            <span className="text-muted">
              {" · "}
              {row.standing.exited ? text("left") : stepWord(row.standing, locale)}
            </span>
          </span>
        ),
    },
    {
      key: "origin",
      title: text("origin"),
      cell: (row) =>
        row.synthetic ? <Badge tone="simulated">{text("synthetic")}</Badge> : <Badge>{text("imported")}</Badge>,
    },
  ];
  return <Table label={text("title")} columns={columns} rows={rows} rowKey={(row) => row.id} />;
}

function productWord(product: string | null, products: readonly Product[], locale: Locale): string {
  if (product === null) return "–";
  const known = products.find((candidate) => candidate.value === product);
  return known === undefined ? product : inLocale(known.label, locale);
}

function stepWord({ stepName, nodeId }: NonNullable<Row["standing"]>, locale: Locale): string {
  return stepName === null ? nodeId : inLocale(stepName, locale);
}

/** Portfolios of several currencies stand in one list, so each amount names its own. */
function MoneyCell({ minor, currency }: { readonly minor: number; readonly currency: string }) {
  const formats = useFormats();
  return (
    <>
      {formats.amount(minor)} <span className="text-xs text-muted">{currency}</span>
    </>
  );
}
