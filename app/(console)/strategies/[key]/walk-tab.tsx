"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useCallback, useMemo, useState } from "react";
import { StrategyWalk, type WalkWords } from "#designer";
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
import { useFindAccounts } from "./use-account-desk";

const MORNING_MINUTES = 9 * 60;

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
        findAccounts={useFindAccounts()}
        factsOf={useFactsOf()}
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

function useFactsOf(): (accountId: string) => Promise<Facts> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useCallback(
    async (accountId) => {
      const detail = await queryClient.fetchQuery(
        trpc.portfolio.account.queryOptions({ accountId: accountId as `acct_${string}` }),
      );
      return detail.facts;
    },
    [queryClient, trpc],
  );
}
