"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowRight, CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Panel } from "../_ui/panel";
import { ErrorState, LoadingRows } from "../_ui/states";
import { type RouterOutputs, useTRPC } from "../_ui/trpc-client";
import { useFormats } from "../_ui/use-formats";

const REFRESH_MS = 10_000;

/** What will not move on by itself. An empty list is good news and says so. */
export function HomeAttention() {
  const text = useTranslations("home.attention");
  const trpc = useTRPC();
  const attention = useQuery(trpc.overview.attention.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  return (
    <Panel title={text("title")} flush>
      {attention.isPending && <LoadingRows rows={1} height={44} />}
      {attention.isError && (
        <div className="p-4">
          <ErrorState error={attention.error} onRetry={() => attention.refetch()} />
        </div>
      )}
      {attention.data?.length === 0 && (
        <p className="flex items-start gap-2 px-4 pb-4 text-sm text-muted">
          <CircleCheck size={16} className="mt-1 shrink-0 text-cured" aria-hidden />
          {text("nothing")}
        </p>
      )}
      <ul className="flex flex-col empty:hidden">
        {attention.data?.map((item) => (
          <li key={item.kind} className="border-t border-line">
            {item.href === null ? (
              <div className="flex items-center gap-3 px-4 py-2.5">
                <AttentionWords item={item} />
              </div>
            ) : (
              <Link href={item.href} className="group flex items-center gap-3 px-4 py-2.5 hover:bg-sunken/60">
                <AttentionWords item={item} />
                <ArrowRight size={15} className="text-line-strong group-hover:text-accent" aria-hidden />
              </Link>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function AttentionWords({ item }: { readonly item: RouterOutputs["overview"]["attention"][number] }) {
  const text = useTranslations("home.attention");
  const formats = useFormats();
  return (
    <>
      <span
        className={`figures min-w-9 text-right text-lg font-semibold ${item.urgent ? "text-breach" : "text-waiting"}`}
      >
        {formats.count(item.count)}
      </span>
      <span className="min-w-0 flex-1 text-sm">{text(item.kind)}</span>
    </>
  );
}
