"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useCallback, useMemo } from "react";
import type { AccountDesk, ShownAccount } from "#designer";
import { useTRPC, useTRPCClient } from "../../../_ui/trpc-client";
import { detailOfError } from "../../../_ui/use-error-text";
import { useFormats } from "../../../_ui/use-formats";
import type { StrategyDetail } from "./strategy-detail-view";

const ACCOUNTS_SHOWN = 8;

/** Accounts of the portfolio by their numbers, which are all a list shows of a person. */
export function useFindAccounts(): (search: string) => Promise<readonly ShownAccount[]> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const formats = useFormats();
  const text = useTranslations("accounts");
  return useCallback(
    async (search) => {
      const found = await queryClient.fetchQuery(
        trpc.portfolio.accounts.queryOptions({ search, pageSize: ACCOUNTS_SHOWN }, { staleTime: 60_000 }),
      );
      return found.rows.map(({ id, accountNo, bucket, dpd, overdue }) => ({
        id,
        label: accountNo,
        hint: `${bucket === "cured" ? text("cured") : bucket} · ${dpd} · ${formats.money(overdue.minor, overdue.currency)}`,
      }));
    },
    [queryClient, trpc, formats, text],
  );
}

/** The lender's accounts, for conditions and texts that are being written. */
export function useAccountDesk({ versions }: Pick<StrategyDetail, "versions">): AccountDesk {
  const newest = versions[0];
  const [versionId, version] = [newest?.id, newest?.number];
  const client = useTRPCClient();
  const formats = useFormats();
  const text = useTranslations("strategy.accounts");
  const find = useFindAccounts();
  return useMemo(
    () => ({
      ask: async (condition, settings, signal) => {
        try {
          const answer = await client.portfolio.ask.query(
            { condition, settings },
            { signal, context: { alone: true } },
          );
          const examples = answer.examples.map(({ accountId, name, accountNo, dpd, overdue }) => ({
            id: accountId,
            label: name ?? accountNo,
            hint: text("example", { dpd, overdue: formats.money(overdue.minor, overdue.currency) }),
          }));
          return { kind: "counted", ...answer, examples };
        } catch (error) {
          const issues = detailOfError(error)?.issues ?? [];
          if (issues.length === 0) throw error;
          return { kind: "refused", issues };
        }
      },
      hrefOf: (accountId) => `/accounts/${accountId}`,
      find,
      rowHits: async (nodeId) =>
        versionId === undefined || version === undefined
          ? null
          : { version, rows: await client.run.ruleHits.query({ versionId, nodeId }) },
      valuesOf: (accountId, settings) =>
        client.portfolio.textValues.query(
          { accountId: accountId as `acct_${string}`, settings },
          { context: { alone: true } },
        ),
    }),
    [client, formats, text, find, versionId, version],
  );
}
