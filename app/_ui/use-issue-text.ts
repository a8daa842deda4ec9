"use client";

import { useLocale } from "next-intl";
import { useCallback } from "react";
import { issueText } from "#engine/graph/issue-text";
import type { Issue } from "#engine/model/issue";
import { portfolioIssueTexts } from "#engine/portfolio/texts";

/** Sentence of any located problem in the reader's language. */
export function useIssueText(): (found: Issue) => string {
  const locale = useLocale();
  return useCallback((found) => issueText(found, locale, [portfolioIssueTexts]), [locale]);
}
