"use client";

import { useLocale } from "next-intl";
import { useCallback } from "react";
import { agencyIssueTexts } from "#engine/agency/texts";
import { compileIssueTexts } from "#engine/compile/texts";
import { experimentTexts } from "#engine/experiment/texts";
import { issueText } from "#engine/graph/issue-text";
import type { Issue } from "#engine/model/issue";
import { portfolioIssueTexts } from "#engine/portfolio/texts";
import { simulationIssueTexts } from "#engine/simulate/texts";

const DICTIONARIES = [agencyIssueTexts, compileIssueTexts, experimentTexts, portfolioIssueTexts, simulationIssueTexts];

/** Sentence of any located problem in the reader's language. */
export function useIssueText(): (found: Issue) => string {
  const locale = useLocale();
  return useCallback((found) => issueText(found, locale, DICTIONARIES), [locale]);
}
