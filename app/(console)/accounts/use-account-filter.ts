"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import type { AccountListRequest } from "../../_server/portfolio/list-accounts";

/** What the list is narrowed to. Kept in the address, so that a list can be sent to a colleague. */
export type AccountFilter = Omit<AccountListRequest, "pageSize">;

const FILTER_KEYS = ["search", "bucket", "product", "origin", "strategy", "step", "standing"] as const;

export function useAccountFilter(): readonly [AccountFilter, (change: Partial<AccountFilter>) => void] {
  const params = useSearchParams();
  const pathname = usePathname();
  const router = useRouter();
  const filter = useMemo<AccountFilter>(() => {
    const page = Number(params.get("page") ?? "1");
    const of = (key: (typeof FILTER_KEYS)[number]) => params.get(key) ?? "";
    return {
      search: of("search"),
      bucket: of("bucket"),
      product: of("product"),
      origin: of("origin"),
      strategy: of("strategy"),
      step: of("step"),
      standing: of("standing"),
      page: Number.isInteger(page) && page > 0 ? page - 1 : 0,
    };
  }, [params]);
  const change = useCallback(
    (changed: Partial<AccountFilter>) => {
      const next = { ...filter, page: 0, ...changed };
      const query = new URLSearchParams();
      for (const key of FILTER_KEYS) if (next[key] !== "") query.set(key, next[key]);
      if (next.page > 0) query.set("page", String(next.page + 1));
      router.replace(query.size === 0 ? pathname : `${pathname}?${query}`, { scroll: false });
    },
    [filter, pathname, router],
  );
  return [filter, change];
}
