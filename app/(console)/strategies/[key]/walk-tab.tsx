"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useCallback, useMemo, useState } from "react";
import { StrategyWalk, type WalkAccount, type WalkWords } from "#designer";
import type { Facts, MarketPack, StrategyDoc } from "#engine";
import { EVENT_TYPES } from "#engine/model/execution";
import { instantAt, localDate } from "#engine/model/time";
import {
  decisionSentence,
  factWords,
  outcomeText,
  type RunWords,
  ruleNameIn,
  wordsIn,
} from "../../../_ui/engine-words";
import { useTRPC } from "../../../_ui/trpc-client";
import { useFormats } from "../../../_ui/use-formats";

const MORNING_MINUTES = 9 * 60;
const ACCOUNTS_SHOWN = 8;

/** One account through the draft as it is on the screen; tests it leaves behind belong to the draft. */
export function WalkTab({
  doc,
  pack,
  onChange,
}: {
  readonly doc: StrategyDoc;
  readonly pack: MarketPack;
  readonly onChange: (doc: StrategyDoc) => void;
}) {
  const locale = useLocale();
  const { timeZone } = doc.settings;
  const [startMs] = useState(() => instantAt(timeZone, localDate(timeZone, Date.now()), MORNING_MINUTES));
  return (
    <div className="min-h-0 flex-1">
      <StrategyWalk
        doc={doc}
        pack={pack}
        locale={locale}
        startMs={startMs}
        words={useWalkWords(doc, pack)}
        {...useWalkAccounts()}
        onChange={onChange}
      />
    </div>
  );
}

function useWalkWords(doc: StrategyDoc, pack: MarketPack): WalkWords {
  const locale = useLocale();
  const account = useTranslations("account");
  const eventText = useTranslations("events");
  const formats = useFormats();
  const { timeZone } = doc.settings;
  const unknown = account("unknown");
  return useMemo(() => {
    const events = Object.fromEntries(EVENT_TYPES.map((type) => [type, eventText(type)]));
    const words: RunWords = wordsIn(doc, { locale, pack, events, unknown });
    return {
      decision: (decision) => decisionSentence({ ...decision, doc, channel: null }, words),
      outcome: (code) => outcomeText(code, null, locale),
      value: (fact, value) => factWords(fact, value, words).value,
      instant: (ms) => formats.instant(ms, timeZone),
      ruleName: (nodeId, rule) => ruleNameIn(doc, { nodeId, rule }, locale),
    };
  }, [doc, pack, locale, eventText, unknown, formats, timeZone]);
}

/** Accounts of the portfolio by their numbers, which are all a list shows of a person. */
function useWalkAccounts(): {
  readonly findAccounts: (search: string) => Promise<readonly WalkAccount[]>;
  readonly factsOf: (accountId: string) => Promise<Facts>;
} {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const formats = useFormats();
  const home = useTranslations("accounts");
  const findAccounts = useCallback(
    async (search: string) => {
      const found = await queryClient.fetchQuery(
        trpc.portfolio.accounts.queryOptions({ search, pageSize: ACCOUNTS_SHOWN }, { staleTime: 60_000 }),
      );
      return found.rows.map(({ id, accountNo, bucket, dpd, overdue }) => ({
        id,
        label: accountNo,
        hint: `${bucket === "cured" ? home("cured") : bucket} · ${dpd} · ${formats.money(overdue.minor, overdue.currency)}`,
      }));
    },
    [queryClient, trpc, formats, home],
  );
  const factsOf = useCallback(
    async (accountId: string) => {
      const detail = await queryClient.fetchQuery(
        trpc.portfolio.account.queryOptions({ accountId: accountId as `acct_${string}` }),
      );
      return detail.facts;
    },
    [queryClient, trpc],
  );
  return { findAccounts, factsOf };
}
