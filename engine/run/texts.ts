import type { DecisionCode } from "../model/execution";
import type { ExitReason } from "../model/exit-reason";
import type { Locale } from "../model/locale";
import en from "./texts/en.json";
import zhCN from "./texts/zh-CN.json";

/** Why a step did what it did, as a sentence; `{detail}` is the decision's detail. */
export const decisionTexts: { readonly [locale in Locale]: { readonly [code in DecisionCode]: string } } = {
  "zh-CN": zhCN.decisions,
  en: en.decisions,
};

/** A step that sets values and had none to set: one that carries nothing out of a strategy in use. */
export const setNothingText: { readonly [locale in Locale]: string } = {
  "zh-CN": zhCN.setNothing,
  en: en.setNothing,
};

/** Names of the reasons an enrollment ended for, the refusals at the entry included. */
export const exitReasonTexts: { readonly [locale in Locale]: { readonly [reason in ExitReason]: string } } = {
  "zh-CN": zhCN.exitReasons,
  en: en.exitReasons,
};

/** Names of exit reasons where an issue quotes one. */
function exitWords(locale: Locale): { readonly [key: string]: string } {
  const words = Object.entries(exitReasonTexts[locale]);
  return Object.fromEntries(
    ["expectedExit", "foundExit"].flatMap((param) => words.map(([reason, word]) => [`${param}.${reason}`, word])),
  );
}

/** Where a scenario and what the strategy did part, by issue code, and the words their sentences are filled with. */
export const scenarioIssueTexts: { readonly [locale in Locale]: { readonly [key: string]: string } } = {
  "zh-CN": { ...zhCN.scenarioProblems, ...exitWords("zh-CN") },
  en: { ...en.scenarioProblems, ...exitWords("en") },
};

/** Why accounts cannot be moved to another version by a plan, by issue code. */
export const migrationIssueTexts: { readonly [locale in Locale]: { readonly [code: string]: string } } = {
  "zh-CN": zhCN.migrationProblems,
  en: en.migrationProblems,
};
