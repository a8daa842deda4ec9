"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import type { MarketPack } from "#engine";
import { bucketOf } from "#engine/model/party";
import { Badge } from "../../../_ui/badge";
import { factWords } from "../../../_ui/engine-words";
import { Figure } from "../../../_ui/figure";
import { PageHeader, Panel } from "../../../_ui/panel";
import { ErrorState, LoadingRows } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";
import { AccountHistory } from "./account-history";
import { AccountStanding } from "./account-standing";
import type { AccountView } from "./account-view";
import { ContactPoints } from "./contact-points";
import { Holds } from "./holds";

const REFRESH_MS = 3_000;

/** One account whole: what is known, where it stands, and everything that was decided about it with the reason. */
export function AccountRoom({ initial, pack }: { readonly initial: AccountView; readonly pack: MarketPack }) {
  const text = useTranslations("account");
  const trpc = useTRPC();
  const { id: accountId } = initial.account;
  const account = useQuery(
    trpc.portfolio.account.queryOptions({ accountId }, { initialData: initial, refetchInterval: REFRESH_MS }),
  );
  const history = useQuery(trpc.run.accountHistory.queryOptions({ accountId }, { refetchInterval: REFRESH_MS }));
  const view = account.data;
  return (
    <>
      <PageHeader
        title={<span className="figures">{view.account.accountNo}</span>}
        note={text("customer", { customer: view.account.customerNo })}
        chips={
          <>
            {view.synthetic && <Badge tone="simulated">{text("synthetic")}</Badge>}
            <Badge>{text(`status.${view.facts.account_status === "paid" ? "paid" : view.account.status}`)}</Badge>
          </>
        }
      />
      <div className="grid grid-cols-[22rem_minmax(0,1fr)] items-start gap-4 px-6 pb-10 max-lg:grid-cols-1">
        <div className="flex flex-col gap-4">
          <Money view={view} />
          <ContactPoints points={view.contactPoints} />
          <Facts view={view} pack={pack} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          {history.isPending && (
            <Panel title={text("history")}>
              <LoadingRows rows={10} height={44} />
            </Panel>
          )}
          {history.isError && <ErrorState error={history.error} onRetry={() => history.refetch()} />}
          {history.data !== undefined && (
            <>
              <Holds accountId={accountId} holds={history.data.holds} nowMs={view.nowMs} />
              <AccountStanding enrollments={history.data.enrollments} />
              <AccountHistory history={history.data} pack={pack} />
            </>
          )}
        </div>
      </div>
    </>
  );
}

function Money({ view }: { readonly view: AccountView }) {
  const text = useTranslations("account");
  const formats = useFormats();
  const { currency } = view.account;
  const dpd = typeof view.facts.dpd === "number" ? view.facts.dpd : 0;
  const overdue = typeof view.facts.overdue_amount === "number" ? view.facts.overdue_amount : 0;
  const outstanding = typeof view.facts.total_outstanding === "number" ? view.facts.total_outstanding : 0;
  return (
    <Panel>
      <div className="grid grid-cols-2 gap-x-4 gap-y-3">
        <Figure
          label={text(dpd > 0 ? "overdue" : "due")}
          value={formats.money(overdue, currency)}
          ink={dpd > 0 && overdue > 0 ? "breach" : "ink"}
        />
        <Figure
          label={text("stage")}
          value={bucketOf(dpd)}
          note={dpd < 0 ? text("dueIn", { days: formats.count(-dpd) }) : text("dpd", { days: formats.count(dpd) })}
        />
        <Figure label={text("outstanding")} value={formats.money(outstanding, currency)} />
        <Figure label={text("paid")} value={formats.money(view.paidMinor, currency)} note={text("sinceDataDate")} />
      </div>
    </Panel>
  );
}

const SHOWN_ABOVE = new Set([
  "dpd",
  "bucket",
  "overdue_amount",
  "total_outstanding",
  "paid_amount",
  "account_status",
  "days_in_strategy",
]);

/** What a rule would read now, and below it what was imported for people's eyes only. */
function Facts({ view, pack }: { readonly view: AccountView; readonly pack: MarketPack }) {
  const text = useTranslations("account");
  const locale = useLocale();
  const facts = Object.entries(view.facts).filter(([key]) => !SHOWN_ABOVE.has(key));
  const known = new Set(Object.keys(view.facts));
  const others = Object.entries(view.account.fields).filter(([key]) => !known.has(key));
  const row = ([key, value]: [string, string | number | boolean | null]) => {
    const words = factWords(key, value, { locale, pack, unknown: text("unknown") });
    return (
      <div key={key} className="flex items-baseline gap-4 border-t border-line/70 py-1">
        <dt className="min-w-0 flex-1 truncate text-muted" title={key}>
          {words.label}
        </dt>
        <dd className="figures max-w-[60%] truncate text-right" title={words.value}>
          {words.value}
        </dd>
      </div>
    );
  };
  return (
    <Panel title={text("facts")} note={text("factsNote")}>
      <dl className="text-sm">{facts.map(row)}</dl>
      {others.length > 0 && (
        <>
          <h3 className="mt-4 mb-1 text-xs text-muted">{text("notForRules")}</h3>
          <dl className="text-sm">{others.map(row)}</dl>
        </>
      )}
    </Panel>
  );
}
