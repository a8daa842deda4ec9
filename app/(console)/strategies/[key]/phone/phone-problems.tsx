"use client";

import { useLocale, useTranslations } from "next-intl";
import { useMemo } from "react";
import { lintStrategy, type MarketPack, type StrategyDoc } from "#engine";
import { stepNameIn } from "../../../../_ui/engine-words";
import { IssueList } from "../../../../_ui/issue-list";
import { EmptyState } from "../../../../_ui/states";

/** What is wrong with the draft, each with the step it is about. */
export function PhoneProblems({ doc, pack }: { readonly doc: StrategyDoc; readonly pack: MarketPack }) {
  const text = useTranslations("strategy.phone");
  const locale = useLocale();
  const issues = useMemo(() => lintStrategy(doc, pack), [doc, pack]);
  if (issues.length === 0) return <EmptyState>{text("noProblems")}</EmptyState>;
  return (
    <IssueList
      issues={issues}
      placeOf={(found) => (found.nodeId === undefined ? null : stepNameIn(doc, found.nodeId, locale))}
    />
  );
}
